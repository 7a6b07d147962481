//===- Derivatives.h - What verifiers and canonical forms of derivatives share ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_IR_DERIVATIVES_H
#define COSTATE_LIB_DIALECT_IR_DERIVATIVES_H

#include "costate/Dialect/IR/CostateDialect.h"

namespace costate {

/// The largest total order of a derivative.
constexpr int64_t maxOrder = 4;

/// How many components an input has: one for a scalar.
inline int64_t numComponents(mlir::Value input) {
  return mlir::cast<mlir::RankedTensorType>(input.getType()).getNumElements();
}

/// How many components the inputs have together.
inline int64_t numComponents(mlir::ValueRange inputs) {
  int64_t count = 0;
  for (mlir::Value input : inputs)
    count += numComponents(input);
  return count;
}

/// Checks a derivative together with those that it is taken of: the order of all, and that none of second
/// order or above goes through a corner.
mlir::LogicalResult verifyTotalOrder(mlir::Operation *op, mlir::SymbolTableCollection &symbols);

/// Checks that a declared derivative, together with those that it is taken of, goes through no corner twice.
mlir::LogicalResult verifyCorners(DeriveOp derive, mlir::SymbolTableCollection &symbols);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_IR_DERIVATIVES_H
