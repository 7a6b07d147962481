//===- BranchBuffers.h - Branches of a kernel that give buffers ---------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_GPU_BRANCHBUFFERS_H
#define COSTATE_LIB_CONVERSION_GPU_BRANCHBUFFERS_H

#include "mlir/IR/Operation.h"

namespace costate {

/// Lets each `scf.if` below `root` that gives buffers copy them to one of its own, so that it is known which
/// is used. It stays where what is written to the result would have to be seen in another buffer.
void placeBranchResults(mlir::Operation *root);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_GPU_BRANCHBUFFERS_H
