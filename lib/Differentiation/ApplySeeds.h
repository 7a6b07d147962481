//===- ApplySeeds.h - The matrix of a linear function, from products with seeds ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_APPLYSEEDS_H
#define COSTATE_LIB_DIFFERENTIATION_APPLYSEEDS_H

#include "Sparsity.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// The elements of a scalar or a static tensor.
int64_t sizeOf(mlir::Type type);

/// How to find a matrix by products with seeds, each the sum of the unit vectors of a group of components.
struct SeedPlan {
  bool forwards; ///< Seeds are tangents, which find columns; or cotangents, which find rows.
  std::vector<llvm::BitVector> groups;
  /// For each component of the seeds those of the derivatives that depend on it. Empty if every group is one
  /// component: then all do.
  SparsityPattern entries;

  /// One seed for each of `size` components.
  static SeedPlan dense(bool forwards, int64_t size);
};

/// Replaces `linear`: (x, seeds) -> (…, derivatives), of which `unused` results come before the derivatives,
/// by a function (x) -> for each pair of a result and an argument of what was differentiated a tensor: its
/// entries where they may be other than zero, exact zeros elsewhere.
mlir::func::FuncOp applySeeds(mlir::func::FuncOp linear, int64_t seeds, unsigned unused, const SeedPlan &plan,
                              llvm::StringRef name);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_APPLYSEEDS_H
