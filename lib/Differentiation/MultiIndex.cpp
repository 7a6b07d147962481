//===- MultiIndex.cpp - Orders of partial derivatives -----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "MultiIndex.h"

using namespace llvm;
using namespace costate;

unsigned costate::order(const MultiIndex &index) {
  unsigned sum = 0;
  for (unsigned exponent : index)
    sum += exponent;
  return sum;
}

double costate::binomial(const MultiIndex &n, const MultiIndex &k) {
  double product = 1.0;
  for (auto [a, b] : llvm::zip_equal(n, k))
    for (unsigned i = 1; i <= b; ++i)
      product = product * (a - b + i) / i;
  return product;
}

MultiIndex costate::minus(const MultiIndex &a, const MultiIndex &b) {
  MultiIndex difference(a);
  for (auto [x, y] : llvm::zip_equal(difference, b))
    x -= y;
  return difference;
}

MultiIndex costate::unit(size_t size, unsigned position) {
  MultiIndex index(size, 0);
  index[position] = 1;
  return index;
}

SmallVector<MultiIndex> costate::below(const MultiIndex &alpha) {
  SmallVector<MultiIndex> indices = {MultiIndex(alpha.size(), 0)};
  for (size_t i = 0; i < alpha.size(); ++i) {
    size_t count = indices.size();
    for (unsigned exponent = 1; exponent <= alpha[i]; ++exponent)
      for (size_t j = 0; j < count; ++j) {
        MultiIndex next = indices[j];
        next[i] = exponent;
        indices.push_back(next);
      }
  }
  return indices;
}

unsigned costate::firstDirection(const MultiIndex &alpha) {
  return std::distance(alpha.begin(), llvm::find_if(alpha, [](unsigned exponent) { return exponent > 0; }));
}

void costate::forEachChainTerm(const MultiIndex &alpha,
                               function_ref<void(double, const MultiIndex &, const MultiIndex &)> body) {
  MultiIndex direction = unit(alpha.size(), firstDirection(alpha));
  MultiIndex rest = minus(alpha, direction);
  for (MultiIndex &beta : below(rest)) {
    if (beta == rest)
      continue;
    MultiIndex inner(beta);
    inner[firstDirection(alpha)] += 1;
    body(binomial(rest, beta), inner, minus(rest, beta));
  }
}
