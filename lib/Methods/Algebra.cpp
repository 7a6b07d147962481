//===- Algebra.cpp - The dense linear algebra of the host -----------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Algebra.h"

#include <Eigen/Cholesky>

using namespace costate::methods;

/// Sums are blocked by the sizes of caches; results must not depend on those of the machine at hand.
[[maybe_unused]] static const bool blocked = [] {
  Eigen::setCpuCacheSizes(32 << 10, 1 << 20, 8 << 20);
  return true;
}();

bool costate::methods::solvePositiveDefinite(Matrix &matrix, Vector &vector) {
  Eigen::LLT<Eigen::Ref<Matrix>> factor(matrix);
  if (factor.info() != Eigen::Success)
    return false;
  factor.solveInPlace(vector);
  return true;
}
