//===- NormalizeBody.h - Bodies of generic ops without branches -------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_NORMALIZEBODY_H
#define COSTATE_LIB_DIFFERENTIATION_NORMALIZEBODY_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/PatternMatch.h"

namespace costate {

/// Makes selections of the conditionals in the body whose branches hold elementwise ops that may run in any
/// case. A branch that is not taken computes on ones: no derivative of it may be infinite, because zero times
/// infinity is no zero.
void flattenConditionals(mlir::linalg::GenericOp op, mlir::IRRewriter &rewriter);

/// Writes each output that the body adds to, subtracts from or accumulates by `math.fma` as one sum of the
/// output and a value.
void gatherSummands(mlir::linalg::GenericOp op, mlir::IRRewriter &rewriter);

/// Replaces an op with several results by one for each that no other output is needed for. What is left keeps
/// them all. Returns what there is now.
llvm::SmallVector<mlir::linalg::GenericOp> splitResults(mlir::linalg::GenericOp op,
                                                        mlir::IRRewriter &rewriter);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_NORMALIZEBODY_H
