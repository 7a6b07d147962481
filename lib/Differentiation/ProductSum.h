//===- ProductSum.h - A sum of weighted products -----------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_PRODUCTSUM_H
#define COSTATE_LIB_DIFFERENTIATION_PRODUCTSUM_H

#include "ExprBuilder.h"
#include "costate/Differentiation/Jet.h"

#include "llvm/ADT/MapVector.h"

namespace costate {

/// Adds up weighted products; equal ones are added by weight first, and those that differ from direction to
/// direction are summed over the directions.
class ProductSum {
public:
  explicit ProductSum(const SumDirections &sumDirections) : sumDirections(sumDirections) {}

  void add(double weight, mlir::Value lhs, mlir::Value rhs, bool commutes, mlir::Value direction = {}) {
    if (!lhs || !rhs)
      return;
    Products &products = byDirection[direction];
    if (commutes && products.contains({rhs, lhs}))
      std::swap(lhs, rhs);
    products[{lhs, rhs}] += weight;
  }
  mlir::Value emit(mlir::OpBuilder &builder, ExprBuilder &e,
                   llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> multiply) const {
    mlir::Value total;
    for (auto &[direction, products] : byDirection) {
      mlir::Value sum = direction ? mlir::Value() : total;
      for (auto &[factors, weight] : products)
        if (weight != 0.0)
          sum = e.accumulate(sum, e.scale(multiply(factors.first, factors.second), weight));
      total = direction && sum ? e.accumulate(total, sumDirections(builder, sum, direction)) : sum;
    }
    return total;
  }

private:
  using Products = llvm::MapVector<std::pair<mlir::Value, mlir::Value>, double>;
  llvm::MapVector<mlir::Value, Products> byDirection;
  const SumDirections &sumDirections;
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_PRODUCTSUM_H
