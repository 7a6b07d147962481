//===- MultiIndex.h - Orders of partial derivatives --------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_MULTIINDEX_H
#define COSTATE_LIB_DIFFERENTIATION_MULTIINDEX_H

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace costate {

/// One exponent for each variable.
using MultiIndex = llvm::SmallVector<unsigned>;

unsigned order(const MultiIndex &index);
double binomial(const MultiIndex &n, const MultiIndex &k);
MultiIndex minus(const MultiIndex &a, const MultiIndex &b);
MultiIndex unit(size_t size, unsigned position);

/// Every index β with 0 ≤ β ≤ α.
llvm::SmallVector<MultiIndex> below(const MultiIndex &alpha);

unsigned firstDirection(const MultiIndex &alpha);

/// A term of order two or more of y = φ(x): weight · x_{β+e_i} · p_{α-e_i-β}, for 0 ≤ β < α-e_i.
void forEachChainTerm(const MultiIndex &alpha,
                      llvm::function_ref<void(double, const MultiIndex &, const MultiIndex &)> body);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_MULTIINDEX_H
