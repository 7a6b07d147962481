//===- EinsumPlanner.h - Finds the cheapest form of a sum of products ---------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_EINSUMPLANNER_H
#define COSTATE_LIB_BATCHING_EINSUMPLANNER_H

#include "Einsum.h"

#include <map>
#include <optional>
#include <string>

namespace costate::einsum {

/// The cheapest form found of a sum, and the multiply-adds it costs: every factor is decided (a value or a
/// sum that is planned itself), equal terms are collected and common factors taken out.
struct Plan {
  Sum sum;
  int64_t cost = 0;
};

/// Finds plans. One sum is planned once, however often brackets of the same content are tried.
class Planner {
public:
  std::shared_ptr<const Plan> plan(const Sum &sum);

private:
  /// The terms that share a factor, written as that factor times a bracket.
  struct Group {
    llvm::SmallVector<size_t> members;
    Term product;
    Sum bracket;
  };
  static std::optional<Group> groupBy(const Sum &sum, size_t first, size_t position);

  void takeOutFactors(Sum &sum);
  Factor asValue(Factor factor);
  std::vector<Term> decide(const Term &term, llvm::ArrayRef<int64_t> shape);
  int64_t costOnceFactored(std::vector<Term> terms, llvm::ArrayRef<int64_t> shape);

  struct Known {
    Sum sum; ///< Keeps alive what the key names by address.
    std::shared_ptr<const Plan> plan;
  };
  std::map<std::string, Known> known;
};

} // namespace costate::einsum

#endif // COSTATE_LIB_BATCHING_EINSUMPLANNER_H
