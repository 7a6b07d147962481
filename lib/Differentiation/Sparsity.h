//===- Sparsity.h - Which component of a result depends on which of an argument ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_SPARSITY_H
#define COSTATE_LIB_DIFFERENTIATION_SPARSITY_H

#include "mlir/IR/Block.h"
#include "llvm/ADT/BitVector.h"

#include <optional>
#include <vector>

namespace costate {

/// The places of a matrix that may be other than zero: for each row the set of its columns.
using SparsityPattern = std::vector<llvm::BitVector>;

SparsityPattern transposed(const SparsityPattern &pattern, size_t columns);

/// The pattern of the linear map from `sources` to `targets` that `block` computes: one row for each
/// component of a target, one column for each component of a source, row-major and one value after the other.
/// Exact on elementwise ops, moves of elements at places that are constant or given by a counter, and
/// structured ops, where a product with the zero of a constant counts as none. A branch counts as taken; the
/// results of any other op depend on all that it reads. None where a shape is not static, or the search too
/// large.
std::optional<SparsityPattern> findPattern(mlir::Block &block, mlir::ValueRange sources,
                                           mlir::ValueRange targets);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_SPARSITY_H
