//===- DecomposeAggregates.h - Aggregated ops as the ops they stand for -----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_DECOMPOSEAGGREGATES_H
#define COSTATE_LIB_DIFFERENTIATION_DECOMPOSEAGGREGATES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Writes ops on tensors that stand for several others, such as `linalg.softmax`, as those.
void decomposeAggregates(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_DECOMPOSEAGGREGATES_H
