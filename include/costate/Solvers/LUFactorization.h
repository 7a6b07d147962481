//===- LUFactorization.h - Gaussian elimination of dense and banded matrices --------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_SOLVERS_LUFACTORIZATION_H
#define COSTATE_SOLVERS_LUFACTORIZATION_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace costate {

/// A matrix of `size` rows. Where it is banded, with `below` and `above` diagonals beside the main one, A_ij
/// stands at [j - i + below, i], else at [i, j].
struct MatrixLayout {
  int64_t size, below, above;
  bool banded;
};

/// The factors and row exchanges of `matrix`, of the types that `costate.lu` has. Loops have bounds that no
/// data decides, and indices as well.
std::pair<mlir::Value, mlir::Value> emitLU(mlir::ImplicitLocOpBuilder &builder, mlir::Value matrix,
                                           const MatrixLayout &layout, mlir::RankedTensorType factors,
                                           mlir::RankedTensorType swaps);

/// The solution of A y = `rhs`, or of Aᵀ y = `rhs`, from these. `layout` is that of A.
mlir::Value emitLUSolve(mlir::ImplicitLocOpBuilder &builder, mlir::Value factors, mlir::Value swaps,
                        mlir::Value rhs, const MatrixLayout &layout, bool transposed);

} // namespace costate

#endif // COSTATE_SOLVERS_LUFACTORIZATION_H
