//===- EinsumPlanner.cpp - Finds the cheapest form of a sum of products -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "EinsumPlanner.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace costate::einsum;
using llvm::ArrayRef;
using llvm::SmallVector;

// Beyond these sizes a search is cut short.
static constexpr unsigned maxFactors = 10;
static constexpr size_t maxTerms = 128;
static constexpr size_t maxGroupedTerms = 64;

/// What tells two sums apart, as bytes.
static std::string keyOf(const Sum &sum) {
  std::string key;
  auto append = [&](const auto &value) { key.append(reinterpret_cast<const char *>(&value), sizeof(value)); };
  auto appendAll = [&](const auto &values) {
    append(values.size());
    for (const auto &value : values)
      append(value);
  };
  appendAll(sum.shape);
  for (const Term &term : sum.terms) {
    append(term.coefficient);
    appendAll(term.extents);
    append(term.factors.size());
    for (const Factor &factor : term.factors) {
      append(factor.value.getAsOpaquePointer());
      append(factor.sum.get());
      append(factor.cost);
      appendAll(factor.indices);
    }
  }
  return key;
}

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

std::optional<Planner::Group> Planner::groupBy(const Sum &sum, size_t first, size_t position) {
  unsigned rank = sum.shape.size();
  const Factor &common = sum.terms[first].factors[position];
  SmallVector<unsigned> places = residualIndices(sum.terms[first], position, rank);
  Group group;
  Sum &inner = group.bracket;
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
  Factor bracket;
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
void Planner::takeOutFactors(Sum &sum) {
  if (sum.terms.size() > maxGroupedTerms)
    return;
  for (;;) {
    int64_t best = costOf(sum);
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
        size_t place = 0;
        for (size_t other = 0; other < sum.terms.size(); ++other) {
          if (other == group->members.front()) {
            place = candidate.terms.size();
            candidate.terms.push_back(group->product);
          }
          if (!llvm::is_contained(group->members, other))
            candidate.terms.push_back(sum.terms[other]);
        }
        // Even if the bracket were free.
        if (costOf(candidate) >= best)
          continue;
        std::shared_ptr<const Plan> planned = plan(group->bracket);
        Factor &bracket = candidate.terms[place].factors.back();
        bracket.sum = std::shared_ptr<const Sum>(planned, &planned->sum);
        bracket.cost = planned->cost;
        int64_t cost = costOf(candidate);
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
Factor Planner::asValue(Factor factor) {
  if (factor.cost > 0) {
    std::shared_ptr<const Plan> planned = plan(*factor.sum);
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

int64_t Planner::costOnceFactored(std::vector<Term> terms, ArrayRef<int64_t> shape) {
  Sum sum;
  sum.shape.assign(shape.begin(), shape.end());
  sum.terms = std::move(terms);
  collectTerms(sum);
  takeOutFactors(sum);
  return costOf(sum);
}

/// Decides the first undecided factor of `term` both ways and takes the cheaper.
std::vector<Term> Planner::decide(const Term &term, ArrayRef<int64_t> shape) {
  auto isUndecided = [](const Factor &factor) { return factor.value && factor.sum; };
  const auto *undecided = llvm::find_if(term.factors, isUndecided);
  if (undecided == term.factors.end())
    return {term};

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
  return costOnceFactored(asMany, shape) < costOnceFactored(asOne, shape) ? asMany : asOne;
}

std::shared_ptr<const Plan> Planner::plan(const Sum &sum) {
  std::string key = keyOf(sum);
  if (auto it = known.find(key); it != known.end())
    return it->second.plan;
  auto result = std::make_shared<Plan>();
  result->sum.shape = sum.shape;
  for (const Term &term : sum.terms)
    llvm::append_range(result->sum.terms, decide(term, sum.shape));
  collectTerms(result->sum);
  takeOutFactors(result->sum);
  result->cost = costOf(result->sum);
  known[std::move(key)] = {sum, result};
  return result;
}
