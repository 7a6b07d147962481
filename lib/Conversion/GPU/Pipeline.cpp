//===- Pipeline.cpp - From chunks to kernels of the LLVM dialect ------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/GPU/Passes.h"
#include "costate/Differentiation/Canonicalizer.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void costate::buildChunksToNVVMPipeline(OpPassManager &manager, unsigned lanes) {
  CostateChunksToGPUOptions options;
  options.lanes = lanes;
  manager.addPass(createCostateChunksToGPU(options));
  OpPassManager &kernels = manager.nest<gpu::GPUModuleOp>();
  kernels.addPass(createSoundCanonicalizerPass());
  kernels.addPass(createCostatePhasesToThreads());
  // Views of views become one address computation; this brings affine maps, which the next pass lowers.
  kernels.addPass(memref::createExpandStridedMetadataPass());
  kernels.addPass(createLowerAffinePass());
  kernels.addPass(createSCFToControlFlowPass());
  // A buffer reaches a kernel as a pointer alone.
  ConvertGpuOpsToNVVMOpsOptions nvvm;
  nvvm.useBarePtrCallConv = true;
  nvvm.indexBitwidth = 64;
  kernels.addPass(createConvertGpuOpsToNVVMOps(nvvm));
  kernels.addPass(createCostateExactSquareRoots());
  kernels.addPass(createReconcileUnrealizedCastsPass());
  kernels.addPass(createSoundCanonicalizerPass());
  kernels.addPass(createCSEPass());
}
