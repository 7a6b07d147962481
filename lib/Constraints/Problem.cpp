//===- Problem.cpp - Reading a problem --------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/Problem.h"

#include "costate/Dialect/IR/ParameterLayout.h"

using namespace mlir;
using namespace costate;

std::optional<unsigned> PointSet::column(StringRef wanted) const {
  for (auto [i, entry] : llvm::enumerate(columns))
    if (entry.first == wanted)
      return i;
  return std::nullopt;
}

const PointSet &Problem::set(StringRef wanted) const {
  for (const PointSet &candidate : sets)
    if (candidate.name == wanted)
      return candidate;
  llvm_unreachable("the dialect's verifier has seen to it that the set exists");
}

bool Problem::hasSumOver(const PointSet &set) const {
  auto isSum = [&](const auto &term) { return term.set == set.name && term.aggregate == Aggregate::sum; };
  return llvm::any_of(objectives, isSum) || llvm::any_of(constraints, isSum);
}

unsigned Problem::parameterIndex(StringRef wanted) const {
  for (auto [i, parameter] : llvm::enumerate(parameters))
    if (parameter.name == wanted)
      return i;
  llvm_unreachable("a lowered function names parameters of the module's layout only");
}

static std::unique_ptr<Optimizer> readOptimizer(Attribute attribute) {
  return llvm::TypeSwitch<Attribute, std::unique_ptr<Optimizer>>(attribute)
      .Case([](GradientDescentAttr a) { return createGradientDescent("gradient_descent", "lr", a.getLr()); })
      .Case([](EulerAttr a) { return createGradientDescent("euler", "dt", a.getDt()); })
      .Case([](SGDAttr a) { return createMomentum(a.getLr(), a.getMomentum(), /*nesterov=*/false); })
      .Case([](NesterovAttr a) { return createMomentum(a.getLr(), a.getMomentum(), /*nesterov=*/true); })
      .Case([](AdamAttr a) {
        return createAdam(a.getLr(), a.getBeta1(), a.getBeta2(), a.getEps(), /*decoupled=*/false, 0.0);
      })
      .Case([](AdamWAttr a) {
        return createAdam(a.getLr(), a.getBeta1(), a.getBeta2(), a.getEps(), /*decoupled=*/true,
                          a.getDecay());
      });
}

static PointFunction readFunction(ModuleOp module, StringRef callee, ArrayAttr columns) {
  PointFunction result{module.lookupSymbol<func::FuncOp>(callee), {}};
  for (auto column : columns.getAsRange<StringAttr>())
    result.columns.push_back(column.str());
  return result;
}

template <typename SetOp> static PointSet readSet(SetOp op) {
  PointSet set{op.getSetName().str(), op.getLoc(), {}};
  for (auto [name, type] : llvm::zip(op.getColumnNames().template getAsRange<StringAttr>(),
                                     op.getColumnTypes().template getAsRange<TypeAttr>()))
    set.columns.emplace_back(name.str(), cast<RankedTensorType>(type.getValue()));
  return set;
}

FailureOr<Problem> Problem::read(ProblemOp op, StrategyAttrInterface strategy) {
  auto module = op->getParentOfType<ModuleOp>();
  Problem problem{op.getSymName().str(), op.getLoc()};
  FailureOr<ParameterLayout> layout = ParameterLayout::read(module);
  if (failed(layout))
    return failure();
  problem.parameterCount = layout->count;
  for (const auto &entry : layout->parameters) {
    problem.parameters.push_back({entry.name.str(), entry.type, entry.offset});
    if (entry.bounds)
      problem.parameters.back().bounds = {cast<FloatAttr>(entry.bounds[0]).getValueAsDouble(),
                                          cast<FloatAttr>(entry.bounds[1]).getValueAsDouble()};
  }

  TrainOp train = op.getTrainOp();
  if (!train)
    return op.emitOpError() << "does not say how to train; add `costate.train`";
  problem.optimizer = readOptimizer(train.getOptimizer());
  problem.batch = train.getBatch().value_or(0);

  for (Operation &inner : op.getBody().front()) {
    if (auto data = dyn_cast<DataOp>(inner)) {
      problem.sets.push_back(readSet(data));
      if (problem.batch)
        problem.batchedSets.push_back(data.getSetName().str());
    } else if (auto sample = dyn_cast<SampleOp>(inner)) {
      problem.sets.push_back(readSet(sample));
    } else if (auto minimize = dyn_cast<MinimizeOp>(inner)) {
      Objective objective{minimize.getName().str(), inner.getLoc(), minimize.getSet().str(),
                          readFunction(module, minimize.getCallee(), minimize.getColumns())};
      objective.loss.kind = minimize.getLoss();
      if (auto delta = minimize.getDeltaAttr())
        objective.loss.delta = delta.getValueAsDouble();
      if (auto function = minimize.getLossFunction())
        objective.loss.function = module.lookupSymbol<func::FuncOp>(*function);
      if (auto column = dyn_cast_or_null<StringAttr>(minimize.getTargetAttr()))
        objective.targetColumn = column.str();
      else if (auto number = dyn_cast_or_null<FloatAttr>(minimize.getTargetAttr()))
        objective.target = number.getValueAsDouble();
      objective.weight = minimize.getWeight().convertToDouble();
      objective.aggregate = minimize.getAggregate();
      problem.objectives.push_back(std::move(objective));
    } else if (auto subject = dyn_cast<SubjectToOp>(inner)) {
      Constraint constraint{subject.getName().str(), inner.getLoc(), subject.getSet().str(),
                            readFunction(module, subject.getCallee(), subject.getColumns()),
                            subject.getRelation()};
      if (auto column = dyn_cast<StringAttr>(subject.getBoundAttr()))
        constraint.boundColumn = column.str();
      else
        constraint.bound = cast<FloatAttr>(subject.getBoundAttr()).getValueAsDouble();
      constraint.aggregate = subject.getAggregate();
      constraint.strategy = strategy ? strategy : subject.getStrategy();
      problem.constraints.push_back(std::move(constraint));
    }
  }
  if (problem.sets.empty())
    return op.emitOpError() << "has no set of points; add `costate.data` or `costate.sample`";
  if (problem.objectives.empty() && problem.constraints.empty())
    return op.emitOpError() << "asks for nothing; add `costate.minimize` or `costate.subject_to`";
  problem.element = cast<FloatType>(problem.sets[0].columns[0].second.getElementType());
  for (const Parameter &parameter : problem.parameters)
    if (parameter.type.getElementType() != problem.element)
      return op.emitOpError() << "computes in " << problem.element << ", but the parameter \""
                              << parameter.name << "\" is a " << parameter.type;
  return problem;
}
