//===- InsertChains.h - Tensors put together from slices -----------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_INSERTCHAINS_H
#define COSTATE_LIB_CONVERSION_INSERTCHAINS_H

#include "mlir/IR/Operation.h"

namespace costate {

/// Slices put together over a start that none of it shows through: the start need not hold anything.
void dropHiddenStarts(mlir::Operation *root);

/// Gives each tensor that is put together from many slices a buffer, each slice a view of that buffer, and
/// computes the slices there where that is possible. Left to bufferization, the slices would all be one set
/// of tensors that may be in one buffer, and the work of its analysis grows with the fourth power of their
/// number.
void placeSlices(mlir::Operation *root);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_INSERTCHAINS_H
