//===- Sums.h - Contractions as sums over an iteration space ------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_SUMS_H
#define COSTATE_LIB_CONVERSION_SUMS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <optional>

namespace costate {

/// An op on tensors of static shape that adds something to its only output.
bool isSum(mlir::linalg::LinalgOp op);

/// The dimension of `to` for each dimension of `from`: parallel ones by their place in the result, reductions
/// in order.
std::optional<llvm::SmallVector<mlir::AffineExpr>> alignDimensions(mlir::linalg::LinalgOp from,
                                                                   mlir::linalg::LinalgOp to);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_SUMS_H
