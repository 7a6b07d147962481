//===- MachineCode.cpp - Level 5 to LLVM IR, assembly and object code -------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Pipelines/MachineCode.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace costate;
using namespace llvm;

static Expected<const Target *> findTarget(const Triple &triple) {
  InitializeAllTargetInfos();
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmPrinters();
  std::string message;
  const Target *target = TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return createStringError(message);
  if (!triple.isX86() && !triple.isAArch64())
    return createStringError("no code is made for " + triple.str() + "; x86-64 and AArch64 are known");
  return target;
}

Expected<Processor> costate::findProcessor(StringRef name, StringRef tripleName) {
  Triple host(sys::getDefaultTargetTriple());
  Triple triple(tripleName.empty() ? host : Triple(Triple::normalize(tripleName)));
  Expected<const Target *> target = findTarget(triple);
  if (!target)
    return target.takeError();
  Processor processor;
  processor.triple = triple.str();
  if (name == "native" && triple.getArch() != host.getArch())
    return createStringError("'native' is no processor for " + triple.str() + "; name one");
  if (name == "native") {
    processor.cpu = sys::getHostCPUName().str();
    SubtargetFeatures features;
    for (auto &[feature, enabled] : sys::getHostCPUFeatures())
      features.AddFeature(feature, enabled);
    processor.features = features.getString();
  } else {
    processor.cpu = name.str();
  }
  std::unique_ptr<MCSubtargetInfo> info((*target)->createMCSubtargetInfo(triple, "", ""));
  if (!info || !info->isCPUStringValid(processor.cpu))
    return createStringError("unknown processor '" + name + "' for " + triple.str());
  info.reset((*target)->createMCSubtargetInfo(triple, processor.cpu, processor.features));
  if (triple.isX86()) {
    processor.vectorBits = info->checkFeatures("+avx512f") ? 512 : info->checkFeatures("+avx") ? 256 : 128;
    processor.fma = info->checkFeatures("+fma") || info->checkFeatures("+avx512f");
  }
  return processor;
}

Expected<std::unique_ptr<TargetMachine>> costate::createTargetMachine(const Processor &processor,
                                                                      unsigned level) {
  Triple triple(processor.triple);
  Expected<const Target *> target = findTarget(triple);
  if (!target)
    return target.takeError();
  TargetOptions options;
  // Sums and products that the source wrote may be fused where its fast-math flags say so, nowhere else.
  options.AllowFPOpFusion = FPOpFusion::Standard;
  std::unique_ptr<TargetMachine> machine(
      (*target)->createTargetMachine(triple, processor.cpu, processor.features, options, Reloc::PIC_,
                                     std::nullopt, static_cast<CodeGenOptLevel>(level)));
  if (!machine)
    return createStringError("no code generator for " + processor.cpu);
  return machine;
}

Expected<std::unique_ptr<Module>> costate::emitLLVM(mlir::ModuleOp module, LLVMContext &context,
                                                    TargetMachine &machine, unsigned level) {
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  module.getContext()->appendDialectRegistry(registry);
  std::unique_ptr<Module> ir = mlir::translateModuleToLLVMIR(module, context, "costate");
  if (!ir)
    return createStringError("translation to LLVM IR failed");
  ir->setTargetTriple(machine.getTargetTriple());
  ir->setDataLayout(machine.createDataLayout());

  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  ModulePassManager passes;
  if (level == 2) {
    // The loops are as they should be: vectorized, unrolled and fused. Only what the lowering leaves behind
    // is cleaned up: address arithmetic, stack slots, values loaded or computed twice. The standard pipelines
    // take three times as long for code that is no faster.
    cantFail(builder.parsePassPipeline(
        passes, "function<eager-inv>(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg,"
                "loop-mssa(loop-rotate,licm),early-cse<memssa>,instcombine<no-verify-fixpoint>,dse,adce,"
                "simplifycfg)"));
  } else {
    const OptimizationLevel levels[] = {OptimizationLevel::O0, OptimizationLevel::O1, OptimizationLevel::O2,
                                        OptimizationLevel::O3};
    passes = level == 0 ? builder.buildO0DefaultPipeline(OptimizationLevel::O0)
                        : builder.buildPerModuleDefaultPipeline(levels[level]);
  }
  passes.run(*ir, modules);
  return ir;
}

Error costate::emitMachineCode(Module &module, TargetMachine &machine, raw_pwrite_stream &stream,
                               CodeGenFileType type) {
  legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type))
    return createStringError("the code generator cannot write this kind of file");
  passes.run(module);
  return Error::success();
}
