//===- Cotangents.h - What the parameters are to the values of a cut ----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONSTRAINTS_COTANGENTS_H
#define COSTATE_LIB_CONSTRAINTS_COTANGENTS_H

#include "DenseAlgebra.h"

#include "costate/Constraints/SetStep.h"

namespace costate {

/// The derivatives by each parameter of one number of the cut, or of many, with the number as a first
/// dimension.
struct Cotangents {
  llvm::SmallVector<mlir::Value> values;
  int64_t first, count; ///< which numbers of the cut
  bool isMatrix;

  /// Inner products of these rows with those of `other`: a number, or a matrix.
  mlir::Value products(const Cotangents &other, DenseAlgebra &dense) const;
  /// Σ over the numbers of the cut, with elements of `weights` as factors: a cotangent of parameter `p`.
  Expression combination(size_t p, const Expression &weights, DenseAlgebra &dense) const;
};

/// How a value of the cut of this type is pulled back.
TransformKind pullbackKind(mlir::Type type);
/// Appends those of a value of the cut, whose numbers begin with `first` and which `function` gives; returns
/// how many numbers it has.
int64_t appendCotangents(std::vector<Cotangents> &all, mlir::Type type, int64_t first,
                         llvm::StringRef function, PointwiseBuilder &point);

} // namespace costate

#endif // COSTATE_LIB_CONSTRAINTS_COTANGENTS_H
