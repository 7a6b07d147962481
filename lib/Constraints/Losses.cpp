//===- Losses.cpp - Losses, objectives and violations at one point ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   square   ρ(r) = r²
//   huber    ρ(r) = r²/2 where |r| ≤ δ, else δ (|r| − δ/2)       (Huber 1964)
//   absolute ρ(r) = |r|
//   cross entropy of logits z against a target distribution p: log Σ exp z − Σ p z
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/SetStep.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

/// ρ of every element.
static Expression elementLoss(const Loss &loss, const Expression &value) {
  switch (loss.kind) {
  case LossKind::square:
    return value * value;
  case LossKind::absolute:
    return value.absolute();
  case LossKind::huber: {
    Expression magnitude = value.absolute();
    return magnitude.selectLessEqual(value.number(loss.delta), 0.5 * (value * value),
                                     loss.delta * (magnitude - loss.delta / 2));
  }
  case LossKind::identity:
  case LossKind::cross_entropy:
  case LossKind::custom:
    return value;
  }
  llvm_unreachable("every loss is listed");
}

Expression costate::lossOf(const Loss &loss, const Expression &value) {
  return elementLoss(loss, value).sum();
}

Expression costate::lossDerivative(const Loss &loss, const Expression &value) {
  switch (loss.kind) {
  case LossKind::square:
    return 2.0 * value;
  case LossKind::huber:
    return value.maximum(value.number(-loss.delta)).minimum(value.number(loss.delta));
  case LossKind::absolute: {
    Expression one = value.number(1.0), minus = value.number(-1.0), zero = value.number(0.0);
    return value.selectLessEqual(zero, zero.selectLessEqual(value, zero, minus), one);
  }
  case LossKind::identity:
  case LossKind::cross_entropy:
  case LossKind::custom:
    return value.number(1.0);
  }
  llvm_unreachable("every loss is listed");
}

/// The largest element, as a scalar.
static Expression largest(const Expression &value, int64_t count) {
  Expression result = value.element(0);
  for (int64_t i = 1; i < count; ++i)
    result = result.maximum(value.element(i));
  return result;
}

/// A value as a tensor of rank one.
static Value flatten(Value value, PointwiseBuilder &point) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  OpBuilder &builder = point.getBuilder();
  if (!type)
    return tensor::FromElementsOp::create(builder, point.getLoc(),
                                          RankedTensorType::get({1}, value.getType()), value);
  if (type.getRank() == 0)
    return tensor::ExpandShapeOp::create(builder, point.getLoc(),
                                         RankedTensorType::get({1}, type.getElementType()), value,
                                         SmallVector<ReassociationIndices>{});
  if (type.getRank() > 1)
    return tensor::CollapseShapeOp::create(
        builder, point.getLoc(), value,
        SmallVector<ReassociationIndices>{llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank()))});
  return value;
}

/// The loss of one value.
static Expression lossAt(const Objective &objective, PointwiseBuilder &point) {
  Expression value = point.expression(point.call(objective.value));
  if (objective.loss.kind == LossKind::custom) {
    SmallVector<Value> arguments{value.get()};
    if (objective.targetColumn)
      arguments.push_back(point.column(*objective.targetColumn));
    return point
        .expression(
            func::CallOp::create(point.getBuilder(), point.getLoc(), objective.loss.function, arguments)
                .getResult(0))
        .sum();
  }
  if (objective.loss.kind == LossKind::cross_entropy) {
    // Shifted by the largest logit, which changes nothing but what overflows.
    value = point.expression(flatten(value.get(), point));
    int64_t classes = cast<RankedTensorType>(value.get().getType()).getNumElements();
    Expression shift = largest(value, classes);
    Expression target = point.expression(flatten(point.column(*objective.targetColumn), point));
    return shift + (value - shift).exponential().sum().logarithm() - target.dot(value);
  }
  if (objective.targetColumn)
    value = value - point.expression(point.column(*objective.targetColumn));
  else if (objective.target != 0.0)
    value = value - objective.target;
  return lossOf(objective.loss, value);
}

Expression costate::objectiveAt(const Objective &objective, PointwiseBuilder &point) {
  Expression loss = lossAt(objective, point);
  return objective.aggregate == Aggregate::sum ? point.size() * loss : loss;
}

Expression costate::constraintAt(const Constraint &constraint, PointwiseBuilder &point) {
  Expression result = point.expression(flatten(point.call(constraint.value), point));
  if (constraint.aggregate == Aggregate::sum)
    result = point.size() * result;
  if (constraint.boundColumn)
    result = result - point.expression(flatten(point.column(*constraint.boundColumn), point));
  else if (constraint.bound != 0.0)
    result = result - constraint.bound;
  return constraint.relation == Relation::at_least ? -result : result;
}

Expression costate::violation(Relation relation, const Expression &value) {
  return relation == Relation::equal ? value : value.maximum(value.number(0.0));
}

Value costate::objectivesAt(PointwiseBuilder &point) {
  std::optional<Expression> total;
  for (const Objective &objective : point.getProblem().objectives) {
    if (objective.set != point.getSet().name)
      continue;
    Expression term = objectiveAt(objective, point);
    if (objective.weight != 1.0)
      term = objective.weight * term;
    total = total ? *total + term : term;
  }
  return total ? total->get() : Value();
}
