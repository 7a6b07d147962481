//===- Passes.h - Passes of Conversion/GPU ------------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONVERSION_GPU_PASSES_H
#define COSTATE_CONVERSION_GPU_PASSES_H

#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Pass/Pass.h"

namespace costate {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "costate/Conversion/GPU/Passes.h.inc"

/// Lowers the kernels of bufferized level 4 to NVVM: from chunks to a `gpu.module` of the LLVM dialect.
void buildChunksToNVVMPipeline(mlir::OpPassManager &manager, unsigned lanes = 0);

} // namespace costate

#endif // COSTATE_CONVERSION_GPU_PASSES_H
