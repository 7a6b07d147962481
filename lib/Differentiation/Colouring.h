//===- Colouring.h - Rows of a sparse matrix that share no column ------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_COLOURING_H
#define COSTATE_LIB_DIFFERENTIATION_COLOURING_H

#include "Sparsity.h"

namespace costate {

/// Components, rows or columns of a matrix, in groups.
struct Grouping {
  int64_t count; ///< of groups
  /// For each component its group, or -1 if it is in none. Empty where each component is a group.
  std::vector<int32_t> groupOf;

  /// Each of `size` components alone.
  static Grouping singles(int64_t size) { return {size, {}}; }
  bool isSingles() const { return groupOf.empty(); }
  int64_t of(int64_t component) const { return isSingles() ? component : groupOf[component]; }
};

/// Groups of rows of which no two share a column, so that the sum of the rows of a group holds each of their
/// entries. A colouring of distance 1 of the graph of rows that share a column: greedy, the row that meets
/// most others first. A row without an entry is in no group.
Grouping groupRows(const SparsityPattern &pattern);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_COLOURING_H
