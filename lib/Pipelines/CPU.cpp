//===- CPU.cpp - From tiles to machine code: level 4 to 5 for a CPU ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/GPU/Passes.h"
#include "costate/Conversion/Passes.h"
#include "costate/Differentiation/Canonicalizer.h"
#include "costate/Differentiation/Passes.h"
#include "costate/Pipelines/Passes.h"
#include "costate/Pipelines/Pipelines.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace costate;

static void buildLevel4To5(OpPassManager &manager, const PipelineOptions &options, bool gpu) {
  // Buffers come before vectors: register tiles are chosen per loop nest, and bufferization sees whole linalg
  // ops.
  manager.addPass(createExportFunctions());
  // Plain functions begin here.
  manager.addNestedPass<func::FuncOp>(createNormalizeMoves());
  manager.addNestedPass<func::FuncOp>(createDecomposeAggregates());
  manager.addPass(createCostateBufferize());

  // Kernels are made from the same linalg ops, before these become vectors of the CPU.
  if (gpu)
    buildChunksToNVVMPipeline(manager);

  PackContractionsOptions packing;
  packing.vectorBits = options.vectorBits;
  manager.addPass(createPackContractions(packing));
  manager.addPass(createFreeBuffers());
  // The plan comes before outlining, which would hide from it what a chunk shares with its caller.
  CostatePlanMemoryOptions plan;
  plan.print = options.printMemoryPlan;
  manager.addPass(createCostatePlanMemory(plan));
  // A launch tells the plan which buffers are alive; only then may it become mere addresses.
  if (gpu)
    manager.addPass(createCostateLaunchesToRuntime());

  // Kernels and chunks leave the entry function while memrefs still say which buffers are distinct. What
  // occurs several times is compiled once from here on.
  manager.addPass(createOutlineKernels());
  manager.addPass(createCostateOutlineChunks());
  manager.addPass(createMergeFunctions());

  // The kernels: explicit register tiles.
  VectorizeTilesOptions kernels;
  kernels.vectorBits = options.vectorBits;
  manager.addPass(createVectorizeTiles(kernels));
  // Elementary functions of vectors become polynomials; later they would become one library call per lane.
  manager.addPass(createExpandVectorMath());
  manager.addNestedPass<func::FuncOp>(createLoopInvariantCodeMotionPass());
  manager.addNestedPass<func::FuncOp>(createSoundCanonicalizerPass());
  manager.addNestedPass<func::FuncOp>(createCSEPass());

  CostatePackEntriesOptions pack;
  pack.target = options.target;
  manager.addPass(createCostatePackEntries(pack));

  manager.addPass(createSCFToControlFlowPass());
  // Subviews become address arithmetic; this brings affine maps, which the next pass lowers.
  manager.addPass(memref::createExpandStridedMetadataPass());
  manager.addPass(createLowerAffinePass());
  manager.addPass(createCostateConvertToLLVM());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createSoundCanonicalizerPass());
  manager.addPass(createCSEPass());
  manager.addPass(createKeepBlocks());

  CostateFinalizeLLVMOptions finalize;
  finalize.cpu = options.cpu;
  finalize.features = options.features;
  finalize.vectorBits = options.vectorBits;
  finalize.fma = options.fma;
  finalize.flushDenormals = options.flushDenormals;
  manager.addPass(createCostateFinalizeLLVM(finalize));
  CostateVerifyLevelOptions level;
  level.level = 5;
  manager.addPass(createCostateVerifyLevel(level));
}

void costate::buildLevel4To5CPUPipeline(OpPassManager &manager, const PipelineOptions &options) {
  buildLevel4To5(manager, options, /*gpu=*/false);
}

void costate::buildLevel4To5GPUPipeline(OpPassManager &manager, const PipelineOptions &options) {
  buildLevel4To5(manager, options, /*gpu=*/true);
}
