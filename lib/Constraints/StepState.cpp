//===- StepState.cpp - Totals over the sets, and what strategies report -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/Strategy.h"

#include <limits>

using namespace mlir;
using namespace costate;

void PointResults::add(StringRef name, ValueRange cotangents) {
  for (auto [i, value] : llvm::enumerate(cotangents)) {
    entries.push_back({name.str(), Combine::sum, static_cast<unsigned>(i)});
    values.push_back(value);
  }
}

void PointResults::addScalar(StringRef name, Value value, Combine combine) {
  entries.push_back({name.str(), combine, std::nullopt});
  values.push_back(value);
}

Expression StepState::scalar(StringRef name) const { return {builder, loc, scalars.at(name.str())}; }
Expression StepState::vector(StringRef name) const { return {builder, loc, vectors.at(name.str())}; }

void StepState::addToLoss(const Expression &term) { scalars["loss"] = (scalar("loss") + term).get(); }

std::string costate::aggregateName(const Constraint &constraint, int64_t j) {
  return constraint.name + "[" + std::to_string(j) + "]";
}

int64_t costate::componentCount(const Constraint &constraint) {
  func::FuncOp function = constraint.value.function;
  auto type = dyn_cast<RankedTensorType>(function.getResultTypes()[0]);
  return type ? type.getNumElements() : 1;
}

Expression costate::conditionOf(const Expression &least, const Expression &greatest) {
  return least.selectLessEqual(least.number(0.0), least.number(std::numeric_limits<double>::infinity()),
                               (greatest / least).squareRoot());
}

void costate::reportMultipliers(const Constraint &constraint, const Expression &norm,
                                const Expression &deficiency, const Expression &condition, StepState &state) {
  state.report({constraint.name + ".lambda", "multiplier", constraint.set, constraint.loc}, norm);
  state.report({constraint.name + ".rank_deficient", "count", constraint.set, constraint.loc}, deficiency);
  state.report({constraint.name + ".condition", "conditioning", constraint.set, constraint.loc}, condition);
}
