//===- ApplySeeds.h - The matrix of a linear function, from products with seeds ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_APPLYSEEDS_H
#define COSTATE_LIB_DIFFERENTIATION_APPLYSEEDS_H

#include "Colouring.h"
#include "costate/Differentiation/Differentiation.h"

namespace costate {

/// The extents of a tensor; none of a scalar.
llvm::ArrayRef<int64_t> shapeOf(mlir::Type type);
/// The elements of a scalar or a static tensor.
int64_t sizeOf(mlir::Type type);

/// How to find a matrix by products with seeds, each the sum of the unit vectors of a group of components.
struct SeedPlan {
  bool forwards; ///< Seeds are tangents, which find columns; or cotangents, which find rows.
  Grouping groups;
  /// For each component of the seeds those of the derivatives that depend on it. Empty if every group is one
  /// component: then all do.
  SparsityPattern entries;
};

/// The components of one value among those of several, flat.
struct ComponentRange {
  int64_t first, size;
};

/// What goes into and comes out of the linear function.
struct SeedLayout {
  llvm::SmallVector<mlir::Type> seedTypes, derivativeTypes;
  llvm::SmallVector<ComponentRange> seedRanges, derivativeRanges;

  SeedLayout(mlir::TypeRange seeds, mlir::TypeRange derivatives);
  /// The matrix of a seed and a derivative: result × argument, of the element type of the result.
  mlir::RankedTensorType blockType(size_t seed, size_t derivative, bool forwards) const;
};

/// Replaces `linear`: (x, seeds) -> (…, derivatives), of which `unused` results come before the derivatives,
/// by a function (x) -> for each pair of a result and an argument of what was differentiated a tensor: its
/// entries where they may be other than zero, exact zeros elsewhere. A few seeds have a copy of the code
/// each; many are a dimension that `batch` adds, and a loop.
mlir::func::FuncOp applySeeds(mlir::func::FuncOp linear, int64_t seeds, unsigned unused, const SeedPlan &plan,
                              llvm::StringRef name, BatchFunction batch);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_APPLYSEEDS_H
