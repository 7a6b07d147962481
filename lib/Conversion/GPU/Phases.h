//===- Phases.h - The ops of a chunk as phases that threads run ---------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_GPU_PHASES_H
#define COSTATE_LIB_CONVERSION_GPU_PHASES_H

#include "mlir/IR/Block.h"

namespace costate {

/// Rewrites what a block of the kernel does to buffers as phases, `scf.parallel` loops over `threads`
/// threads. No thread of a phase touches what another one of it writes.
llvm::LogicalResult formPhases(mlir::Block &block, int64_t threads);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_GPU_PHASES_H
