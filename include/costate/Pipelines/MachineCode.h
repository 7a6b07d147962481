//===- MachineCode.h - Level 5 to LLVM IR, assembly and object code -----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_PIPELINES_MACHINECODE_H
#define COSTATE_PIPELINES_MACHINECODE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"

#include <memory>
#include <string>

namespace llvm {
class LLVMContext;
class Module;
class raw_pwrite_stream;
} // namespace llvm

namespace costate {

/// A processor as LLVM names it. `native` stands for the machine that compiles.
struct Processor {
  std::string triple;
  std::string cpu;
  std::string features;
  /// The widest vector register, in bits.
  unsigned vectorBits = 128;
  /// Whether it multiplies and adds in one instruction.
  bool fma = true;
};

/// Looks up a processor of an architecture (x86-64 or AArch64; empty: the host's); an unknown name is an
/// error.
llvm::Expected<Processor> findProcessor(llvm::StringRef name, llvm::StringRef triple = "");

/// A code generator for the processor at an optimization level from 0 to 3.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTargetMachine(const Processor &processor,
                                                                         unsigned level);

/// Translates a level-5 module to LLVM IR and optimizes it.
llvm::Expected<std::unique_ptr<llvm::Module>> emitLLVM(mlir::ModuleOp module, llvm::LLVMContext &context,
                                                       llvm::TargetMachine &machine, unsigned level);

/// Writes object code (or assembly).
llvm::Error emitMachineCode(llvm::Module &module, llvm::TargetMachine &machine,
                            llvm::raw_pwrite_stream &stream, llvm::CodeGenFileType type);

} // namespace costate

#endif // COSTATE_PIPELINES_MACHINECODE_H
