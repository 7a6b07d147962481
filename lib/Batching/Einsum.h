//===- Einsum.h - Sums of products of indexed tensors, and their cheapest order -----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_EINSUM_H
#define COSTATE_LIB_BATCHING_EINSUM_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"

#include <memory>
#include <vector>

namespace costate::einsum {

struct Sum;

/// A tensor or scalar with a name for each dimension. It is a value of the program, or a sum to be computed,
/// or (both given) a value that may be used as it is, at `cost` if nothing else needs it, or replaced by its
/// sum.
struct Factor {
  mlir::Value value;
  std::shared_ptr<const Sum> sum;
  llvm::SmallVector<unsigned, 4> indices;
  int64_t cost = 0;

  const void *identity() const {
    return value ? value.getAsOpaquePointer() : static_cast<const void *>(sum.get());
  }
};

/// coefficient · Σ Π factors. The indices below the rank of the result are its dimensions; the others are
/// summed over.
struct Term {
  double coefficient = 1;
  llvm::SmallVector<Factor, 4> factors;
  llvm::SmallVector<int64_t, 6> extents; ///< By index.

  unsigned addIndex(int64_t extent) {
    extents.push_back(extent);
    return extents.size() - 1;
  }
};

/// A number of elements or operations to compare: what is beyond 2^50, or known at run time only, counts as
/// that, so that costs can be added up.
int64_t boundedProduct(llvm::ArrayRef<int64_t> extents);

struct Sum {
  llvm::SmallVector<int64_t, 4> shape;
  std::vector<Term> terms;

  int64_t size() const { return boundedProduct(shape); }
};

/// Multiplies `factor`, whose dimensions are called `indices` in `term`, into `term`: a `sum` of one term is
/// merged.
void multiply(Term &term, const Factor &factor);

/// `term` with `sum`'s terms in place of a factor with `indices`: one term for each.
void distribute(const Term &term, const Sum &sum, llvm::ArrayRef<unsigned> indices,
                std::vector<Term> &results);

/// The cheapest order in which to multiply the factors of one term pairwise: subsets of factors are bit
/// masks, and split[mask] is the first half of the best split of `mask`.
struct Order {
  int64_t cost = 0;
  std::vector<uint32_t> split;
};
Order findOrder(const Term &term, unsigned rank);

/// The indices of the product of the factors in `mask` that something outside of it needs.
uint64_t openIndices(const Term &term, unsigned rank, uint32_t mask);

/// The elements of the smallest factor of a term of `sum`, or of `sum` if no factor is smaller: what it costs
/// to multiply a number in.
int64_t smallestSize(const Term &term, const Sum &sum);

/// Whether the last step of a term is a contraction or an outer product that fills the result: it can add to
/// a sum that is there already, at no cost.
bool accumulates(const Term &term, const Sum &sum);

/// The multiply-adds of a sum: the extents of all indices of each pairwise product, the elements of each
/// scaling or addition. A factor that occurs in several terms is computed once.
int64_t costOf(const Sum &sum);

/// The set of `indices` as a bit mask.
uint64_t maskOf(llvm::ArrayRef<unsigned> indices);

/// An index that is summed over but that no factor has counts its extent.
void dropUnusedIndices(Term &term, unsigned rank);

/// Terms that differ in their coefficients and in the order of their factors only become one: the inner
/// product of a sum with itself has each mixed term twice.
void collectTerms(Sum &sum);

} // namespace costate::einsum

#endif // COSTATE_LIB_BATCHING_EINSUM_H
