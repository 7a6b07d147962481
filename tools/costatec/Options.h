//===- Options.h - What costatec may be told --------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TOOLS_COSTATEC_OPTIONS_H
#define COSTATE_TOOLS_COSTATEC_OPTIONS_H

#include "llvm/Support/CommandLine.h"

#include <optional>

namespace costate {

/// Exit codes.
constexpr int kFailed = 1, kUsage = 2;

/// What the help shows.
inline llvm::cl::OptionCategory category("Options of costatec");

struct Options {
  llvm::cl::opt<std::string> input{llvm::cl::Positional, llvm::cl::desc("IN.mlir"), llvm::cl::init(""),
                                   llvm::cl::cat(category)};
  llvm::cl::opt<std::string> output{"o", llvm::cl::desc("Write to this file (- for standard output)"),
                                    llvm::cl::value_desc("file"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> target{"target",
                                    llvm::cl::desc("cpu, or gpu[:ARCHITECTURE] (gpu is gpu:sm_90a)"),
                                    llvm::cl::init("cpu"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> emit{
      "emit", llvm::cl::desc("mlir@LEVEL (or mlir-levelN), llvm, asm, obj, lib, shared, ptx, cubin or exe"),
      llvm::cl::init("exe"), llvm::cl::cat(category)};
  llvm::cl::opt<char> level{"O", llvm::cl::desc("Optimization level, 0 to 3"), llvm::cl::Prefix,
                            llvm::cl::init('2'), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> precision{
      "precision", llvm::cl::desc("f32 or f64 throughout; as written if not given"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> strategy{"strategy",
                                      llvm::cl::desc("Strategy that replaces the problem's, '#costate....'"),
                                      llvm::cl::cat(category)};
  llvm::cl::opt<std::string> cpu{
      "target-cpu",
      llvm::cl::desc(
          "Processor: native, x86-64-v3, znver4, ...; or several levels, as in x86-64,x86-64-v3,x86-64-v4"),
      llvm::cl::init("native"), llvm::cl::cat(category)};
  llvm::cl::opt<std::string> triple{
      "target-triple", llvm::cl::desc("Machine to make obj, asm or llvm for, such as aarch64-linux-gnu"),
      llvm::cl::init(""), llvm::cl::cat(category)};
  llvm::cl::opt<unsigned> tile{"tile", llvm::cl::desc("Lanes of a tile (0: automatic)"), llvm::cl::init(0),
                               llvm::cl::cat(category)};
  llvm::cl::opt<std::string> memoryLimit{
      "memory-limit",
      llvm::cl::desc(
          "Bytes that the loops of a derivative backwards may record, as in 500000 or 64M (K, M, G)"),
      llvm::cl::value_desc("bytes"), llvm::cl::cat(category)};
  llvm::cl::opt<bool> flushDenormals{
      "flush-denormals",
      llvm::cl::desc("Let numbers below the normal range be zero in the functions of a library (x86-64)"),
      llvm::cl::cat(category)};
  llvm::cl::opt<std::string> saveTemps{"save-temps",
                                       llvm::cl::desc("Keep every intermediate form in this folder"),
                                       llvm::cl::value_desc("folder"), llvm::cl::cat(category)};
  llvm::cl::opt<bool> remarks{"remarks",
                              llvm::cl::desc("Say what the compiler chose: channels, operations, tiles"),
                              llvm::cl::cat(category)};
  llvm::cl::opt<bool> printMemoryPlan{"print-memory-plan",
                                      llvm::cl::desc("Say how much memory each entry function needs"),
                                      llvm::cl::cat(category)};
};

/// What --emit asks for. Levels of the IR are 1 to 5.
struct Product {
  enum Kind { level, llvm, assembly, object, library, shared, executable, ptx, cubin } kind = executable;
  unsigned number = 5;
};

std::optional<Product> parseProduct(llvm::StringRef text);

/// A number of bytes, of 1024, 1024^2 or 1024^3 bytes with K, M or G; at least 1.
std::optional<int64_t> parseBytes(llvm::StringRef text);

/// Print an error and return the exit code.
int usageError(const llvm::Twine &message);
int failureError(const llvm::Twine &message);

} // namespace costate

#endif // COSTATE_TOOLS_COSTATEC_OPTIONS_H
