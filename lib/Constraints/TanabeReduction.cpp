//===- TanabeReduction.cpp - Tanabe's flow on reduced constraints -----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   ĝ_j = mean_i ρ(g_j(x_i)),   Ĵ = ∂ĝ/∂θ
//   (Ĵ Ĵᵀ) λ = −Ĵ ∇f̄ + ĝ
//   d = ∇f̄ + Ĵᵀ λ,   λ a constant
//
// Jergensen 2019, eq. 6 (the reduction version), after Tanabe 1980. ĝ vanishes only where every term does. An
// aggregated constraint h = mean_i g(x_i) is its own ĝ. Along θ' = −d, ĝ decays like e^(−t); with a gain α,
// that is with α ĝ on the right, like e^(−αt). Where it shall decay at least so fast, see LeastMultiplier.h.
//
//===------------------------------------------------------------------------------------------------------===//
#include "DenseAlgebra.h"
#include "LeastMultiplier.h"

#include "costate/Solvers/MinNormSolve.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

namespace {
class TanabeReduction : public Strategy {
public:
  TanabeReduction(Loss loss, TanabeFlow flow) : loss(loss), flow(flow) {}

  LogicalResult check(const Constraint &constraint) const override {
    if (constraint.relation != Relation::equal)
      return emitError(constraint.loc) << "constraint \"" << constraint.name
                                       << "\" is an inequality, but #costate.tanabe takes equalities only; "
                                          "#costate.penalty takes both";
    return success();
  }

  bool changesDirection() const override { return true; }
  LogicalResult declare(const Constraint &constraint, PointwiseBuilder &point) const override {
    if (constraint.aggregate)
      return success();
    for (int64_t j = 0, m = componentCount(constraint); j != m; ++j) {
      const std::string &name = point.nameFor(constraint, "reduced", j);
      point.begin(name, constraint.loc, /*weighted=*/false);
      Expression g = constraintAt(constraint, point);
      point.end(lossOf(loss, g.element(j)).get());
      point.derive(TransformKind::vjp, name, point.parameterPositions());
    }
    return success();
  }

  LogicalResult atPoint(const Constraint &constraint, PointwiseBuilder &point,
                        PointResults &results) const override {
    if (constraint.aggregate)
      return success();
    for (int64_t j = 0, m = componentCount(constraint); j != m; ++j) {
      SmallVector<Type> types{point.getProblem().element};
      llvm::append_range(types, point.parameterTypes());
      ValueRange reduced =
          point.call(point.derivativeName(TransformKind::vjp, point.nameFor(constraint, "reduced", j)),
                     {point.weight().get()}, types);
      std::string name = aggregateName(constraint, j);
      results.addScalar(name, (point.expression(reduced[0]) * point.weight()).get());
      results.add(name, reduced.drop_front());
    }
    return success();
  }

  void fromTotals(const Constraint &constraint, StepState &state) const override {
    // Constraints of one strategy share one system, whatever their sets; the first of them solves it.
    SmallVector<const Constraint *> system;
    for (const Constraint &other : state.problem.constraints)
      if (other.strategy == constraint.strategy)
        system.push_back(&other);
    if (system.front() != &constraint)
      return;
    SmallVector<std::string> names;
    for (const Constraint *part : system)
      for (int64_t j = 0, n = componentCount(*part); j != n; ++j)
        names.push_back(aggregateName(*part, j));

    if (flow.atLeast) {
      decayAtLeast(system, names, state);
      return;
    }
    int64_t m = names.size();
    OpBuilder &builder = state.builder;
    Location loc = constraint.loc;
    Expression gradient = state.direction();
    FloatType element = state.problem.element;
    DenseAlgebra dense(builder, loc, element);
    SmallVector<Value> values, rows;
    for (const std::string &name : names) {
      values.push_back(state.scalar(name).get());
      rows.push_back(state.vector(name).get());
    }
    Value J = dense.rows(rows);
    Expression g(builder, loc,
                 tensor::FromElementsOp::create(builder, loc, RankedTensorType::get({m}, element), values));
    Expression right = flow.pull(g) - Expression(builder, loc, dense.matrixVector(J, gradient.get()));
    auto module = builder.getInsertionBlock()->getParentOp()->getParentOfType<ModuleOp>();
    func::FuncOp solve = getOrCreateMinNormSolve(module, m, element);
    auto call = func::CallOp::create(builder, loc, solve,
                                     ValueRange{dense.matrixTransposedMatrix(J, J), right.get()});
    Expression lambda(builder, loc, call.getResult(0));
    state.setDirection(gradient + Expression(builder, loc, dense.transposedMatrixVector(J, lambda.get())));

    Expression deficiency = static_cast<double>(m) - Expression(builder, loc, call.getResult(1));
    Expression condition = conditionOf({builder, loc, call.getResult(2)}, {builder, loc, call.getResult(3)});
    int64_t first = 0;
    for (const Constraint *part : system) {
      int64_t n = componentCount(*part);
      Expression square = lambda.element(first) * lambda.element(first);
      for (int64_t j = 1; j < n; ++j)
        square = square + lambda.element(first + j) * lambda.element(first + j);
      first += n;
      reportMultipliers(*part, square.squareRoot(), deficiency, condition, state);
    }
  }

private:
  /// λ = μ ĝ with one μ for the system.
  void decayAtLeast(ArrayRef<const Constraint *> system, ArrayRef<std::string> names,
                    StepState &state) const {
    Expression square = state.scalar(names[0]) * state.scalar(names[0]);
    Expression slope = state.scalar(names[0]) * state.vector(names[0]);
    for (const std::string &name : names.drop_front()) {
      square = square + state.scalar(name) * state.scalar(name);
      slope = slope + state.scalar(name) * state.vector(name);
    }
    Expression slopeSquare = slope.dot(slope);
    Expression mu = leastMultiplier(flow, square, slope.dot(state.direction()), slopeSquare);
    state.setDirection(state.direction() + mu * slope);
    Expression lacks = withoutSlope(square, slopeSquare);
    for (const Constraint *part : system) {
      Expression own = square.number(0.0);
      for (int64_t j = 0, n = componentCount(*part); j != n; ++j)
        own = own + state.scalar(aggregateName(*part, j)) * state.scalar(aggregateName(*part, j));
      reportMultipliers(*part, mu * own.squareRoot(), lacks, conditionOfSlope(lacks), state);
    }
  }

  Loss loss;
  TanabeFlow flow;
};
} // namespace

std::unique_ptr<Strategy> costate::createTanabeReduction(Loss loss, TanabeFlow flow) {
  return std::make_unique<TanabeReduction>(loss, flow);
}
