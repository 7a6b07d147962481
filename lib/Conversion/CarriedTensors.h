//===- CarriedTensors.h - The buffers of what loops carry ----------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_CARRIEDTENSORS_H
#define COSTATE_LIB_CONVERSION_CARRIEDTENSORS_H

#include "ParallelWrites.h"

namespace costate {

/// Puts what the loops in `root` yield into the buffers that they carry, so that no iteration needs new ones.
/// Tensors whose extents may change from one iteration to the next stay as they are.
void carryInPlace(mlir::Operation *root, WriteFn write);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_CARRIEDTENSORS_H
