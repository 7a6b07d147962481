//===- Algebra.h - The dense linear algebra of the host ---------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_ALGEBRA_H
#define COSTATE_LIB_METHODS_ALGEBRA_H

#define EIGEN_MPL2_ONLY
#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Core>

#include <span>

namespace costate::methods {

using Index = Eigen::Index;
using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

inline std::span<const double> spanOf(const Vector &vector) {
  return {vector.data(), std::size_t(vector.size())};
}
inline std::span<double> spanOf(Vector &vector) { return {vector.data(), std::size_t(vector.size())}; }
inline std::span<double> spanOf(Matrix &matrix) { return {matrix.data(), std::size_t(matrix.size())}; }

/// Solves matrix * x = vector for a symmetric matrix, of which the lower triangle is read. False where it is
/// not positive definite; then `vector` is as it was. The matrix is overwritten.
bool solvePositiveDefinite(Matrix &matrix, Vector &vector);

} // namespace costate::methods

#endif // COSTATE_LIB_METHODS_ALGEBRA_H
