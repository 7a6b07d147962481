//===- Windows.h - Products of which a factor is read through windows -------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_RULES_WINDOWS_H
#define COSTATE_LIB_DIFFERENTIATION_RULES_WINDOWS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace costate {

/// A constant plus a multiple of each dimension.
struct LinearExpr {
  int64_t constant = 0;
  llvm::SmallVector<int64_t> factors;
};

/// `expr` over `dims` dimensions as a linear expression, if it is one.
std::optional<LinearExpr> asLinear(mlir::AffineExpr expr, unsigned dims);

/// Linear expressions; those that are a dimension are distinct.
bool isLinearMap(mlir::AffineMap map);

/// A tensor and how the loops of a product read it.
struct Factor {
  mlir::Value tensor;
  mlir::AffineMap map;
};

/// Where a result is a function of one loop, other than linear, whose values are a few runs with constant
/// steps, as a rotation has: these runs put one after another, read by the loop alone.
Factor withoutJumps(mlir::OpBuilder &builder, mlir::Location loc, Factor factor,
                    llvm::ArrayRef<int64_t> extents);

/// Where every result is one dimension or constant, with a step and an offset: the slice that is read by the
/// dimensions alone. Windows stay.
Factor withoutOffsets(mlir::OpBuilder &builder, mlir::Location loc, Factor factor,
                      llvm::ArrayRef<int64_t> extents);

/// Of a factor as `withoutOffsets` returns it: the part from the first element that is read along each
/// dimension to the last one. None if some element in between is not read.
std::optional<Factor> onlyWhatIsRead(mlir::OpBuilder &builder, mlir::Location loc, Factor factor,
                                     llvm::ArrayRef<int64_t> extents);

/// Whether `unwindow` can be applied to the factor `own`, with the other two maps of the product.
bool canUnwindow(mlir::AffineMap own, mlir::AffineMap a, mlir::AffineMap b, llvm::ArrayRef<int64_t> extents);

/// Gives each window of `own`, a map onto a tensor of the shape given, a loop of its own that walks along the
/// tensor. Where Σ a[..p..]·b[..] is over own[c + m·p + Σ nⱼ·dⱼ], p follows from the position i in own: it is
/// (i - c - Σ nⱼ·dⱼ) / m. So p is replaced in the maps of `a` and `b`, which are padded with zeros, and
/// dilated where m is not one, so that a p that is none reads a zero. Returns the map of `own`, whose results
/// are now dimensions.
mlir::AffineMap unwindow(mlir::OpBuilder &builder, mlir::Location loc, mlir::AffineMap own,
                         llvm::ArrayRef<int64_t> shape, Factor &a, Factor &b,
                         llvm::ArrayRef<int64_t> extents);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_RULES_WINDOWS_H
