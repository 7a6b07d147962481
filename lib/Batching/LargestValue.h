//===- LargestValue.h - How much room a point takes ---------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_LARGESTVALUE_H
#define COSTATE_LIB_BATCHING_LARGESTVALUE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// The elements of the largest tensor that is computed for each point, in a pointwise function
/// whose arguments from `firstVarying` on differ from point to point. Sums of gradients of weights, of which
/// there is one for all points, do not count.
int64_t largestPointwiseValue(mlir::func::FuncOp function, unsigned firstVarying);

} // namespace costate

#endif // COSTATE_LIB_BATCHING_LARGESTVALUE_H
