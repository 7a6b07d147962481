//===- Registration.cpp - What every tool registers -------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/Registration.h"
#include "costate/Batching/Passes.h"
#include "costate/Constraints/Passes.h"
#include "costate/Conversion/GPU/Passes.h"
#include "costate/Conversion/Passes.h"
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/Transforms/Passes.h"
#include "costate/Dialect/Transforms/Registration.h"
#include "costate/Differentiation/Passes.h"
#include "costate/Differentiation/Registration.h"
#include "costate/Pipelines/Passes.h"
#include "costate/Pipelines/Pipelines.h"
#include "costate/Solvers/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"

void costate::registerDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  // Kernels are translated by a pass.
  mlir::registerAllGPUToLLVMIRTranslations(registry);
  registry.insert<CostateDialect>();
  registerBatchingInterfaces(registry);
  registerDifferentiationInterfaces(registry);
  registerCustomDerivatives(registry);
  registerImplicitRules(registry);
}

void costate::registerPasses() {
  registerCostateTransformsPasses();
  registerCostateDifferentiationPasses();
  registerCostateConstraintsPasses();
  registerCostateBatchingPasses();
  registerCostateConversionPasses();
  registerCostateConversionGPUPasses();
  registerCostateSolversPasses();
  registerCostatePipelinesPasses();

  using mlir::PassPipelineRegistration;
  PassPipelineRegistration<PipelineOptions>(
      "costate-level1-to-2", "A problem becomes the functions of its step", buildLevel1To2Pipeline);
  PassPipelineRegistration<PipelineOptions>("costate-level2-to-3", "Every derivative is resolved",
                                            buildLevel2To3Pipeline);
  PassPipelineRegistration<PipelineOptions>("costate-level3-to-4", "Sets become loops over tiles",
                                            buildLevel3To4Pipeline);
  PassPipelineRegistration<PipelineOptions>(
      "costate-level4-to-5-cpu", "Tiles become the LLVM dialect, for a CPU", buildLevel4To5CPUPipeline);
  PassPipelineRegistration<PipelineOptions>("costate-level4-to-5-gpu",
                                            "Tiles become the LLVM dialect, and NVVM for a GPU",
                                            buildLevel4To5GPUPipeline);
  PassPipelineRegistration<>("costate-chunks-to-nvvm",
                             "Bufferized chunks get kernels beside them, lowered to NVVM",
                             [](mlir::OpPassManager &manager) { buildChunksToNVVMPipeline(manager); });
  PassPipelineRegistration<PipelineOptions>("costate-cpu", "A problem becomes the LLVM dialect, for a CPU",
                                            [](mlir::OpPassManager &manager, const PipelineOptions &options) {
                                              buildCPUPipeline(manager, options);
                                            });
}
