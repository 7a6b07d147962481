//===- Product.h - Sums of products, as a contraction or an outer product ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_RULES_PRODUCT_H
#define COSTATE_LIB_DIFFERENTIATION_RULES_PRODUCT_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace costate {

/// result[H] = Σ lhs[I]·rhs[J] into zeros, with the maps of lhs, rhs and result. What only one factor has is
/// summed there, before the product. A `linalg.contract` where a dimension is summed over, each is in two of
/// the maps and nothing is read through windows, else a `linalg.generic` that multiplies and adds.
mlir::Value createProduct(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<mlir::AffineMap> maps,
                          mlir::Value lhs, mlir::Value rhs, mlir::RankedTensorType type);

/// The same with an accumulator.
mlir::Value createProduct(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<mlir::AffineMap> maps,
                          mlir::Value lhs, mlir::Value rhs, mlir::Value init);

/// Whether the op on two inputs yields out + a·b, on linear maps, that of out a projected permutation.
bool isProductBody(mlir::linalg::GenericOp op);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_RULES_PRODUCT_H
