//===- Einsum.cpp - Sums of products of indexed tensors, and their cheapest order -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Einsum.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <limits>
#include <map>
#include <optional>
#include <set>

using namespace costate::einsum;
using llvm::ArrayRef;
using llvm::SmallVector;

// The cost of a form is its multiply-adds: the extents of all indices of a pairwise product, the elements of
// a scaling or an addition. Beyond these sizes a search is cut short.
static constexpr unsigned maxFactors = 10;
static constexpr size_t maxTerms = 128;
static constexpr size_t maxGroupedTerms = 64;

int64_t Sum::size() const {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

static uint64_t maskOf(ArrayRef<unsigned> indices) {
  uint64_t mask = 0;
  for (unsigned index : indices)
    mask |= uint64_t(1) << index;
  return mask;
}

static int64_t sizeOf(const Term &term, uint64_t indices) {
  int64_t size = 1;
  for (unsigned i = 0; i < term.extents.size(); ++i)
    if (indices >> i & 1)
      size *= term.extents[i];
  return size;
}

/// An index that is summed over but that no factor has counts its extent.
static void dropUnusedIndices(Term &term, unsigned rank) {
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
    if ((mask & (mask - 1)) == 0) {
      indices[mask] = maskOf(term.factors[llvm::countr_zero(mask)].indices);
      continue;
    }
    indices[mask] = openIndices(term, rank, mask);
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
  auto indicesOf = [&](uint32_t mask) {
    return llvm::has_single_bit(mask) ? maskOf(term.factors[llvm::countr_zero(mask)].indices)
                                      : openIndices(term, rank, mask);
  };
  uint64_t a = indicesOf(order.split[all]), b = indicesOf(all ^ order.split[all]);
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

static int64_t sumCost(const Sum &sum) {
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

/// Terms that differ in their coefficients and in the order of their factors only become one: the inner
/// product of a sum with itself has each mixed term twice.
static void collectTerms(Sum &sum) {
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

namespace {
/// The terms that share a factor, written as that factor times a sum.
struct Group {
  SmallVector<size_t> members;
  Term product;
};
} // namespace

/// `term` without its factor `position`, as a term whose result has the dimensions `kept` of `term`.
static Term residual(const Term &term, size_t position, ArrayRef<unsigned> kept) {
  Term result;
  result.coefficient = term.coefficient;
  std::map<unsigned, unsigned> names;
  for (unsigned index : kept)
    names[index] = result.addIndex(term.extents[index]);
  for (size_t i = 0; i < term.factors.size(); ++i) {
    if (i == position)
      continue;
    Factor factor = term.factors[i];
    for (unsigned &index : factor.indices) {
      auto it = names.find(index);
      if (it == names.end())
        it = names.insert({index, result.addIndex(term.extents[index])}).first;
      index = it->second;
    }
    result.factors.push_back(std::move(factor));
  }
  return result;
}

/// The dimensions of the residual of factor `position`, each by its place: in the result, or in that factor.
static SmallVector<unsigned> residualIndices(const Term &term, size_t position, unsigned rank) {
  uint64_t rest = 0;
  for (size_t i = 0; i < term.factors.size(); ++i)
    if (i != position)
      rest |= maskOf(term.factors[i].indices);
  uint64_t used = 0;
  SmallVector<unsigned> places;
  for (unsigned i = 0; i < rank; ++i)
    if (rest >> i & 1)
      places.push_back(i);
  for (auto [place, index] : llvm::enumerate(term.factors[position].indices))
    if (index >= rank && rest >> index & 1 && !(used >> index & 1)) {
      used |= uint64_t(1) << index;
      places.push_back(rank + place);
    }
  return places;
}

static std::optional<Group> groupBy(const Sum &sum, size_t first, size_t position) {
  unsigned rank = sum.shape.size();
  const Factor &common = sum.terms[first].factors[position];
  SmallVector<unsigned> places = residualIndices(sum.terms[first], position, rank);
  Group group;
  Sum inner;
  for (size_t t = first; t < sum.terms.size(); ++t) {
    const Term &term = sum.terms[t];
    for (size_t p = 0; p < term.factors.size(); ++p) {
      const Factor &factor = term.factors[p];
      if (factor.identity() != common.identity())
        continue;
      // The same dimensions of the result at the same places, and the same pattern of the others.
      std::map<unsigned, unsigned> names;
      bool same = residualIndices(term, p, rank) == places;
      for (auto [a, b] : llvm::zip_equal(common.indices, factor.indices))
        same &= a < rank || b < rank ? a == b : names.insert({a, b}).first->second == b;
      if (!same)
        continue;
      SmallVector<unsigned> kept;
      for (unsigned place : places)
        kept.push_back(place < rank ? place : factor.indices[place - rank]);
      if (inner.terms.empty())
        for (unsigned index : kept)
          inner.shape.push_back(term.extents[index]);
      inner.terms.push_back(residual(term, p, kept));
      group.members.push_back(t);
      break;
    }
  }
  if (group.members.size() < 2)
    return std::nullopt;
  Plan planned = plan(inner);
  Factor bracket;
  bracket.sum = std::make_shared<const Sum>(std::move(planned.sum));
  bracket.cost = planned.cost;
  const Term &model = sum.terms[first];
  group.product.extents = model.extents;
  group.product.factors.push_back(common);
  for (unsigned place : places)
    bracket.indices.push_back(place < rank ? place : common.indices[place - rank]);
  group.product.factors.push_back(bracket);
  // The indices that only the rest had are summed over within the bracket.
  dropUnusedIndices(group.product, rank);
  group.product.coefficient = 1;
  return group;
}

/// Takes out common factors, the one that saves most first.
static void takeOutFactors(Sum &sum) {
  if (sum.terms.size() > maxGroupedTerms)
    return;
  for (;;) {
    int64_t best = sumCost(sum);
    std::optional<Sum> bestSum;
    // A group that starts at a later member of a group is a part of it.
    std::set<std::pair<size_t, const void *>> covered;
    for (size_t t = 0; t < sum.terms.size(); ++t)
      for (size_t p = 0; p < sum.terms[t].factors.size(); ++p) {
        const void *common = sum.terms[t].factors[p].identity();
        if (covered.count({t, common}))
          continue;
        std::optional<Group> group = groupBy(sum, t, p);
        if (!group)
          continue;
        for (size_t member : group->members)
          covered.insert({member, common});
        Sum candidate;
        candidate.shape = sum.shape;
        for (size_t other = 0; other < sum.terms.size(); ++other) {
          if (other == group->members.front())
            candidate.terms.push_back(group->product);
          if (!llvm::is_contained(group->members, other))
            candidate.terms.push_back(sum.terms[other]);
        }
        int64_t cost = sumCost(candidate);
        if (cost < best) {
          best = cost;
          bestSum = std::move(candidate);
        }
      }
    if (!bestSum)
      return;
    sum = std::move(*bestSum);
  }
}

/// An undecided factor as a value: as it stands, or computed in a cheaper way.
static Factor asValue(Factor factor) {
  if (factor.cost > 0) {
    if (!factor.sum->cheapest)
      factor.sum->cheapest = std::make_shared<const Plan>(plan(*factor.sum));
    std::shared_ptr<const Plan> planned = factor.sum->cheapest;
    if (planned->cost < factor.cost) {
      factor.value = {};
      factor.sum = std::shared_ptr<const Sum>(planned, &planned->sum);
      factor.cost = planned->cost;
      return factor;
    }
  }
  factor.sum = nullptr;
  return factor;
}

/// Decides the first undecided factor of `term` both ways and takes the cheaper.
static std::vector<Term> decide(const Term &term, ArrayRef<int64_t> shape) {
  auto isUndecided = [](const Factor &factor) { return factor.value && factor.sum; };
  const auto *undecided = llvm::find_if(term.factors, isUndecided);
  if (undecided == term.factors.end())
    return {term};
  auto evaluate = [&](std::vector<Term> terms) {
    Sum sum;
    sum.shape.assign(shape.begin(), shape.end());
    sum.terms = std::move(terms);
    collectTerms(sum);
    takeOutFactors(sum);
    return sumCost(sum);
  };

  Term kept = term;
  Factor &factor = kept.factors[undecided - term.factors.begin()];
  factor = asValue(factor);
  std::vector<Term> asOne = decide(kept, shape);

  Term others = term;
  others.factors.erase(others.factors.begin() + (undecided - term.factors.begin()));
  std::vector<Term> open, asMany;
  distribute(others, *undecided->sum, undecided->indices, open);
  for (const Term &next : open) {
    if (next.factors.size() > maxFactors || next.extents.size() > 60)
      return asOne;
    llvm::append_range(asMany, decide(next, shape));
  }
  if (asMany.size() > maxTerms)
    return asOne;
  return evaluate(asMany) < evaluate(asOne) ? asMany : asOne;
}

Plan costate::einsum::plan(const Sum &sum) {
  Plan result;
  result.sum.shape = sum.shape;
  for (const Term &term : sum.terms)
    llvm::append_range(result.sum.terms, decide(term, sum.shape));
  collectTerms(result.sum);
  takeOutFactors(result.sum);
  result.cost = sumCost(result.sum);
  return result;
}
