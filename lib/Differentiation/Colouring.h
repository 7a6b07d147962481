//===- Colouring.h - Rows of a sparse matrix that share no column ------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_COLOURING_H
#define COSTATE_LIB_DIFFERENTIATION_COLOURING_H

#include "Sparsity.h"

namespace costate {

/// Groups of rows of which no two share a column, so that the sum of the rows of a group holds each of their
/// entries. A colouring of distance 1 of the graph of rows that share a column: greedy, the row that meets
/// most others first. A row without an entry is in no group.
std::vector<llvm::BitVector> groupRows(const SparsityPattern &pattern);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_COLOURING_H
