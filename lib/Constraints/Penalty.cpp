//===- Penalty.cpp - Soft constraints ---------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   L = f̄ + c · mean_i Σ_j ρ(g_j(x_i))                 at every point
//   L = f̄ + c · Σ_j ρ(h_j),  h = mean_i g(x_i)          aggregated
//
// ρ is the square or a Huber loss, and of an inequality g ≤ 0 only the positive part counts.
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/Strategy.h"

using namespace mlir;
using namespace costate;

namespace {
class Penalty : public Strategy {
public:
  Penalty(Loss loss, double weight) : loss(loss), weight(weight) {}

  LogicalResult check(const Constraint &) const override { return success(); }

  Value lagrangian(const Constraint &constraint, PointwiseBuilder &point) const override {
    if (constraint.aggregate)
      return {};
    Expression g = constraintAt(constraint, point);
    return (weight * lossOf(loss, violation(constraint.relation, g))).get();
  }

  void addTerms(const Constraint &constraint, StepState &state) const override {
    if (!constraint.aggregate)
      return;
    for (unsigned j = 0; state.hasScalar(aggregateName(constraint, j)); ++j) {
      std::string name = aggregateName(constraint, j);
      Expression h = violation(constraint.relation, state.scalar(name));
      state.addToLoss(weight * lossOf(loss, h));
      if (state.hasVector(name))
        state.setDirection(state.direction() + weight * lossDerivative(loss, h) * state.vector(name));
    }
  }

private:
  Loss loss;
  double weight;
};
} // namespace

std::unique_ptr<Strategy> costate::createPenalty(Loss loss, double weight) {
  return std::make_unique<Penalty>(loss, weight);
}
