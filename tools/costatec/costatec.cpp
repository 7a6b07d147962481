//===- costatec.cpp - A problem in, an executable out ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Compiler.h"
#include "Output.h"
#include "Variants.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"

using namespace costate;
using llvm::StringRef, llvm::Twine;
namespace cl = llvm::cl;

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  static Options options;
  // LLVM brings this option, for its own passes; here it stands for all.
  cl::Option *timePasses = cl::getRegisteredOptions().lookup("time-passes");
  timePasses->addCategory(category);
  timePasses->setHiddenFlag(cl::NotHidden);
  timePasses->setDescription("Say how long each pass took");
  cl::HideUnrelatedOptions(category);
  cl::SetVersionPrinter([](llvm::raw_ostream &stream) { stream << "costatec 0.1\n"; });
  std::string errors;
  llvm::raw_string_ostream errorStream(errors);
  if (!cl::ParseCommandLineOptions(
          argc, argv, "compiles a constrained learning problem to a native program\n", &errorStream)) {
    llvm::errs() << errors;
    return kUsage;
  }
  if (options.input.empty())
    return usageError("no input file: costatec IN.mlir -o EXE (--help explains the options)");
  StringRef target = StringRef(options.target).split(':').first;
  if (target != "cpu" && target != "gpu")
    return usageError("--target=" + options.target + ": must be cpu or gpu[:ARCHITECTURE]");
  std::optional<Product> product = parseProduct(options.emit);
  if (!product)
    return usageError("--emit=" + options.emit +
                      ": must be mlir@1 to mlir@5, llvm, asm, obj, lib, shared, ptx, cubin or exe");
  if (target == "cpu" && (product->kind == Product::ptx || product->kind == Product::cubin))
    return usageError("--emit=" + options.emit + ": needs --target=gpu[:ARCHITECTURE]");
  if (options.level < '0' || options.level > '3')
    return usageError(Twine("-O") + Twine(options.level.getValue()) + ": must be -O0, -O1, -O2 or -O3");
  if (!options.precision.empty() && options.precision != "f32" && options.precision != "f64")
    return usageError("--precision=" + options.precision + ": must be f32 or f64");
  if (!options.memoryLimit.empty() && !parseBytes(options.memoryLimit))
    return usageError("--memory-limit=" + options.memoryLimit +
                      ": must be a number of bytes, as in 500000 or 64M");
  if (options.output.empty()) {
    if (product->kind != Product::level && product->kind != Product::llvm && product->kind != Product::ptx)
      return usageError("no output file: name one with -o");
    options.output = "-";
  }
  bool linked = product->kind == Product::executable || product->kind == Product::library ||
                product->kind == Product::shared;
  if (options.output == "-" && linked)
    return usageError("an executable or a library cannot be written to standard output");
  if (isDevice(options.output) && linked)
    return usageError("an executable or a library cannot be written to the device " + options.output);
  if (llvm::sys::fs::equivalent(options.input, options.output))
    return usageError("the output " + options.output + " is the input: name another file with -o");
  auto names = parseProcessors(options.cpu);
  if (!names)
    return usageError("--target-cpu: " + llvm::toString(names.takeError()));
  if (names->size() > 1 && (product->kind != Product::executable || target != "cpu"))
    return usageError("--target-cpu=" + options.cpu + ": several are for --target=cpu --emit=exe only");
  if (!options.triple.empty() && (product->kind == Product::executable || product->kind == Product::shared ||
                                  product->kind == Product::ptx || product->kind == Product::cubin))
    return usageError("--target-triple=" + options.triple +
                      ": is for --emit=obj, lib, asm, llvm and mlir@5 only");
  std::vector<Processor> processors;
  for (const std::string &name : *names) {
    llvm::Expected<Processor> processor = findProcessor(name, options.triple);
    if (!processor)
      return usageError("--target-cpu: " + llvm::toString(processor.takeError()));
    processors.push_back(std::move(*processor));
    if (options.flushDenormals && !StringRef(processors.back().triple).starts_with("x86_64"))
      return usageError("--flush-denormals: is for x86-64 only, not for " + processors.back().triple);
  }

  void *here = reinterpret_cast<void *>(&main);
  std::string tool = llvm::sys::fs::getMainExecutable(argv[0], here);
  return compile(options, *product, processors, options.level - '0', tool);
}
