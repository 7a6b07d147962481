//===- Einsum.cpp - Sums of products of indexed tensors, and their cheapest order -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Einsum.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <limits>
#include <map>

using namespace costate::einsum;
using llvm::ArrayRef;
using llvm::SmallVector;

int64_t costate::einsum::boundedProduct(ArrayRef<int64_t> extents) {
  constexpr int64_t bound = int64_t(1) << 50;
  int64_t product = 1;
  for (int64_t extent : extents)
    if (mlir::ShapedType::isDynamic(extent) || llvm::MulOverflow(product, extent, product) || product > bound)
      product = bound;
  return product;
}

uint64_t costate::einsum::maskOf(ArrayRef<unsigned> indices) {
  uint64_t mask = 0;
  for (unsigned index : indices)
    mask |= uint64_t(1) << index;
  return mask;
}

static int64_t sizeOf(const Term &term, uint64_t indices) {
  SmallVector<int64_t> extents;
  for (unsigned i = 0; i < term.extents.size(); ++i)
    if (indices >> i & 1)
      extents.push_back(term.extents[i]);
  return boundedProduct(extents);
}

void costate::einsum::dropUnusedIndices(Term &term, unsigned rank) {
  uint64_t used = 0;
  for (const Factor &factor : term.factors)
    used |= maskOf(factor.indices);
  SmallVector<unsigned> renamed;
  SmallVector<int64_t, 6> extents;
  for (unsigned i = 0; i < term.extents.size(); ++i) {
    renamed.push_back(extents.size());
    if (i < rank || used >> i & 1)
      extents.push_back(term.extents[i]);
    else
      term.coefficient *= static_cast<double>(term.extents[i]);
  }
  for (Factor &factor : term.factors)
    for (unsigned &index : factor.indices)
      index = renamed[index];
  term.extents = extents;
}

/// Appends the factors of `inner`, whose result has the dimensions `indices` of `term`.
static void merge(Term &term, const Term &inner, ArrayRef<unsigned> indices) {
  term.coefficient *= inner.coefficient;
  SmallVector<unsigned> renamed(indices);
  for (unsigned i = indices.size(); i < inner.extents.size(); ++i)
    renamed.push_back(term.addIndex(inner.extents[i]));
  for (Factor factor : inner.factors) {
    for (unsigned &index : factor.indices)
      index = renamed[index];
    term.factors.push_back(std::move(factor));
  }
}

void costate::einsum::multiply(Term &term, const Factor &factor) {
  if (factor.sum && factor.sum->terms.size() == 1)
    merge(term, factor.sum->terms.front(), factor.indices);
  else
    term.factors.push_back(factor);
}

void costate::einsum::distribute(const Term &term, const Sum &sum, ArrayRef<unsigned> indices,
                                 std::vector<Term> &results) {
  for (const Term &inner : sum.terms) {
    results.push_back(term);
    merge(results.back(), inner, indices);
  }
}

uint64_t costate::einsum::openIndices(const Term &term, unsigned rank, uint32_t mask) {
  uint64_t inside = 0, outside = (uint64_t(1) << rank) - 1;
  for (unsigned i = 0; i < term.factors.size(); ++i)
    (mask >> i & 1 ? inside : outside) |= maskOf(term.factors[i].indices);
  return inside & outside;
}

/// Dynamic programming over subsets of factors.
Order costate::einsum::findOrder(const Term &term, unsigned rank) {
  unsigned count = term.factors.size();
  Order order;
  if (count < 2) {
    // A sum over one factor; renaming dimensions costs nothing.
    if (count == 1 && maskOf(term.factors[0].indices) >> rank)
      order.cost = sizeOf(term, maskOf(term.factors[0].indices));
    return order;
  }
  uint32_t all = (uint32_t(1) << count) - 1;
  std::vector<int64_t> cost(all + 1, 0);
  std::vector<uint64_t> indices(all + 1);
  order.split.assign(all + 1, 0);
  for (uint32_t mask = 1; mask <= all; ++mask) {
    indices[mask] = openIndices(term, rank, mask);
    if ((mask & (mask - 1)) == 0) {
      // What a factor alone is summed over, it is summed over before it is multiplied.
      if (uint64_t own = maskOf(term.factors[llvm::countr_zero(mask)].indices); own != indices[mask])
        cost[mask] = sizeOf(term, own);
      continue;
    }
    cost[mask] = std::numeric_limits<int64_t>::max();
    // Every split once: the half that has the lowest factor.
    uint32_t lowest = mask & -mask;
    for (uint32_t half = (mask - 1) & mask; half; half = (half - 1) & mask) {
      if (!(half & lowest))
        continue;
      uint32_t rest = mask ^ half;
      int64_t total = cost[half] + cost[rest] + sizeOf(term, indices[half] | indices[rest]);
      if (total < cost[mask]) {
        cost[mask] = total;
        order.split[mask] = half;
      }
    }
  }
  order.cost = cost[all];
  return order;
}

int64_t costate::einsum::smallestSize(const Term &term, const Sum &sum) {
  int64_t smallest = sum.size();
  for (const Factor &factor : term.factors)
    smallest = std::min(smallest, sizeOf(term, maskOf(factor.indices)));
  return smallest;
}

bool costate::einsum::accumulates(const Term &term, const Sum &sum) {
  unsigned rank = sum.shape.size();
  if (term.coefficient != 1 && smallestSize(term, sum) == sum.size())
    return false;
  uint64_t result = (uint64_t(1) << rank) - 1;
  if (term.factors.empty())
    return false;
  uint32_t all = (uint32_t(1) << term.factors.size()) - 1;
  if (openIndices(term, rank, all) != result)
    return false;
  if (term.factors.size() == 1)
    return maskOf(term.factors[0].indices) != result;
  Order order = findOrder(term, rank);
  uint64_t a = openIndices(term, rank, order.split[all]), b = openIndices(term, rank, all ^ order.split[all]);
  // What is left are products of numbers, scalings and elementwise products.
  return (a != 0 || b != 0) && !((a == 0 || a == result) && (b == 0 || b == result));
}

/// The cost of one term, without that of its factors.
static int64_t termCost(const Term &term, const Sum &sum) {
  int64_t cost = findOrder(term, sum.shape.size()).cost;
  if (term.factors.empty())
    return cost;
  int64_t smallest = smallestSize(term, sum);
  // A sign is free where subtraction takes it up.
  if (term.coefficient != 1 && (term.coefficient != -1 || smallest < sum.size() || sum.terms.size() == 1))
    cost += smallest;
  return cost;
}

int64_t costate::einsum::costOf(const Sum &sum) {
  int64_t added = llvm::count_if(sum.terms, [&](const Term &term) { return !accumulates(term, sum); });
  int64_t cost = std::max<int64_t>(added - 1, 0) * sum.size();
  llvm::DenseSet<const void *> counted;
  for (const Term &term : sum.terms) {
    cost += termCost(term, sum);
    for (const Factor &factor : term.factors)
      if (counted.insert(factor.identity()).second)
        cost += factor.cost;
  }
  return cost;
}

void costate::einsum::collectTerms(Sum &sum) {
  unsigned rank = sum.shape.size();
  using Key = std::vector<std::pair<const void *, std::vector<unsigned>>>;
  std::map<Key, size_t> seen;
  std::map<const void *, unsigned> ordinals;
  std::vector<Term> collected;
  for (Term &term : sum.terms) {
    dropUnusedIndices(term, rank);
    // In an order that does not depend on addresses.
    SmallVector<std::pair<unsigned, unsigned>> order;
    for (auto [position, factor] : llvm::enumerate(term.factors))
      order.push_back({ordinals.insert({factor.identity(), ordinals.size()}).first->second, position});
    llvm::sort(order);
    Key key;
    std::map<unsigned, unsigned> names;
    for (auto [ordinal, position] : order) {
      const Factor &factor = term.factors[position];
      std::vector<unsigned> indices;
      for (unsigned index : factor.indices)
        indices.push_back(index < rank ? index : names.insert({index, rank + names.size()}).first->second);
      key.push_back({factor.identity(), indices});
    }
    auto [it, isNew] = seen.insert({key, collected.size()});
    if (isNew)
      collected.push_back(term);
    else
      collected[it->second].coefficient += term.coefficient;
  }
  llvm::erase_if(collected, [](const Term &term) { return term.coefficient == 0; });
  sum.terms = std::move(collected);
}
