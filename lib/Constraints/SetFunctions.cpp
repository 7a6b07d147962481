//===- SetFunctions.cpp - What a step computes at every point of a set ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "StepBuilder.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

StringRef StepBuilder::nameOf(Purpose purpose) {
  switch (purpose) {
  case Purpose::step:
    return "step";
  case Purpose::gradient:
    return "gradient";
  case Purpose::objective:
    return "objective";
  }
  llvm_unreachable("every purpose is listed");
}

const std::string &StepBuilder::functionName(const PointSet &set, Purpose purpose) {
  return names.of({set.name, nameOf(purpose).str()});
}

SmallVector<unsigned> StepBuilder::parametersOf(const PointSet &set) const {
  llvm::SmallSetVector<unsigned, 16> used;
  auto add = [&](const PointFunction &function) {
    func::FuncOp callee = function.function;
    for (unsigned i = 0; i != callee.getNumArguments(); ++i)
      if (auto parameter = callee.getArgAttrOfType<DictionaryAttr>(i, "costate.parameter"))
        used.insert(problem.parameterIndex(parameter.getAs<StringAttr>("name").getValue()));
  };
  for (const Objective &objective : problem.objectives)
    if (objective.set == set.name)
      add(objective.value);
  for (const Constraint &constraint : problem.constraints)
    if (constraint.set == set.name)
      add(constraint.value);
  SmallVector<unsigned> result = used.takeVector();
  llvm::sort(result);
  return result;
}

void StepBuilder::buildLagrangian(PointwiseBuilder &point) {
  point.begin(point.lagrangianName(), problem.loc, /*weighted=*/false);
  std::optional<Expression> total;
  if (Value objectives = objectivesAt(point))
    total = point.expression(objectives);
  for (auto [constraint, strategy] : llvm::zip(problem.constraints, strategies)) {
    if (constraint.set != point.getSet().name)
      continue;
    if (Value term = strategy->lagrangian(constraint, point))
      total = total ? *total + point.expression(term) : point.expression(term);
  }
  if (!total)
    total = point.number(0.0);
  point.end(total->get());
  point.derive(TransformKind::vjp, point.lagrangianName(), point.parameterPositions());
}

LogicalResult StepBuilder::declareStrategies(PointwiseBuilder &point) {
  for (auto [constraint, strategy] : llvm::zip(problem.constraints, strategies)) {
    if (constraint.set != point.getSet().name)
      continue;
    if (failed(strategy->declare(constraint, point)))
      return failure();
    if (!constraint.aggregate || !strategy->needsAggregateGradient())
      continue;
    for (int64_t j = 0, m = componentCount(constraint); j != m; ++j) {
      const std::string &name = point.nameFor(constraint, "component", j);
      point.begin(name, constraint.loc, /*weighted=*/false);
      point.end(constraintAt(constraint, point).element(j).get());
      point.derive(TransformKind::vjp, name, point.parameterPositions());
    }
  }
  return success();
}

/// The figures that every strategy is judged by, measured in one way.
void StepBuilder::measure(PointwiseBuilder &point, PointResults &results) {
  Expression w = point.weight();
  results.addScalar("loss", (w * point.expression(point.lagrangianValue())).get());
  for (const Objective &objective : problem.objectives)
    if (objective.set == point.getSet().name)
      results.addScalar(objective.name, (w * objectiveAt(objective, point)).get());
  for (const Constraint &constraint : problem.constraints) {
    if (constraint.set != point.getSet().name || constraint.aggregate)
      continue;
    Expression v = violation(constraint.relation, constraintAt(constraint, point));
    double m = componentCount(constraint);
    results.addScalar(constraint.name + ".mean_square", (w * (v.dot(v) / m)).get());
    Expression greatest = v.element(0).absolute();
    for (int64_t j = 1; j != componentCount(constraint); ++j)
      greatest = greatest.maximum(v.element(j).absolute());
    // Zero where the lane only fills up a tile.
    Expression zero = point.number(0.0);
    results.addScalar(constraint.name + ".max", w.selectLessEqual(zero, zero, greatest).get(), Combine::max);
  }
}

FailureOr<PointResults> StepBuilder::buildSetFunction(PointwiseBuilder &point, Purpose purpose) {
  PointResults results;
  point.begin(functionName(point.getSet(), purpose), problem.loc, /*weighted=*/true);
  measure(point, results);

  bool gradients = purpose != Purpose::objective, replaced = false;
  for (auto [constraint, strategy] : llvm::zip(problem.constraints, strategies)) {
    if (constraint.set != point.getSet().name)
      continue;
    if (purpose == Purpose::step) {
      if (failed(strategy->atPoint(constraint, point, results)))
        return failure();
      replaced |= strategy->replacesGradient();
    }
    if (!constraint.aggregate)
      continue;
    Expression weight = point.weight();
    Expression g = constraintAt(constraint, point);
    for (int64_t j = 0, m = componentCount(constraint); j != m; ++j) {
      results.addScalar(aggregateName(constraint, j), (weight * g.element(j)).get());
      if (!gradients || !strategy->needsAggregateGradient())
        continue;
      const std::string &name =
          point.derivativeName(TransformKind::vjp, point.nameFor(constraint, "component", j));
      SmallVector<Type> types{problem.element};
      llvm::append_range(types, point.parameterTypes());
      results.add(aggregateName(constraint, j), point.call(name, weight.get(), types).drop_front());
    }
  }
  if (gradients && !replaced) {
    SmallVector<Type> types{problem.element};
    llvm::append_range(types, point.parameterTypes());
    const std::string &name = point.derivativeName(TransformKind::vjp, point.lagrangianName());
    results.addDirection(point.call(name, point.weight().get(), types).drop_front());
  }
  point.end(results.values);
  return results;
}
