//===- SymmetricEigen.h - Eigen-decomposition of small symmetric matrices -----------------------*- C++
//-*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_SOLVERS_SYMMETRICEIGEN_H
#define COSTATE_SOLVERS_SYMMETRICEIGEN_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace costate {

/// A = scale · Vᵀ diag(values) V. The rows of `vectors` (m×m) are the eigenvectors; `values` (m) are those of
/// A / scale, where scale is the largest magnitude in A (1 if A = 0), so that no square of an entry over- or
/// underflows.
struct SymmetricEigen {
  mlir::Value values, vectors, scale;
};

/// Emits the eigen-decomposition of `matrix` (tensor<m×m×f>, of which the upper triangle is read) by Jacobi's
/// method [Golub and Van Loan, Matrix Computations, 4th ed., section 8.5]: a single rotation for m = 2, else
/// cyclic sweeps, their number fixed. Nothing branches on data, so that it can be given a lane dimension.
SymmetricEigen emitSymmetricEigen(mlir::ImplicitLocOpBuilder &builder, mlir::Value matrix);

} // namespace costate

#endif // COSTATE_SOLVERS_SYMMETRICEIGEN_H
