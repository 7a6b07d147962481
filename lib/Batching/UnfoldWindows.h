//===- UnfoldWindows.h - What is read through windows as a tensor of its own --------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_UNFOLDWINDOWS_H
#define COSTATE_LIB_BATCHING_UNFOLDWINDOWS_H

#include "mlir/IR/Value.h"

namespace costate {

/// Where a generic op that `value` is, or is a sum of, reads an operand through windows, lets it read a copy
/// with one dimension for each of its loops: the op is then a contraction as any other. Only where the copy
/// has no more elements than the result.
void unfoldWindows(mlir::Value value);

} // namespace costate

#endif // COSTATE_LIB_BATCHING_UNFOLDWINDOWS_H
