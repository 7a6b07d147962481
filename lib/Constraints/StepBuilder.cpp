//===- StepBuilder.cpp - The entry functions of a problem -------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "StepBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

/// Small batches in small tiles: a tile that is mostly filling costs as much as a full one.
static int64_t tileFor(const Problem &problem, const PointSet &set) {
  if (problem.batch == 0 || !llvm::is_contained(problem.batchedSets, set.name))
    return 0;
  int64_t lanes = Type(problem.element).isF64() ? 32 : 64;
  while (lanes > 16 && problem.batch < 4 * lanes)
    lanes /= 2;
  return lanes;
}

static bool isUsed(const PointSet &set, const Problem &problem) {
  auto on = [&](const auto &term) { return term.set == set.name; };
  return llvm::any_of(problem.objectives, on) || llvm::any_of(problem.constraints, on);
}

/// Reduces the set functions over their sets, and sorts what comes out into scalars and vectors of θ's
/// length.
void StepBuilder::totals(EntryBuilder &entry, Value theta, Purpose purpose, StepState &state) {
  OpBuilder &builder = entry.getBuilder();
  Location loc = problem.loc;
  std::map<std::string, std::map<unsigned, Value>> parts;
  for (const PointSet &set : problem.sets) {
    if (!isUsed(set, problem))
      continue;
    const EntryBuilder::Points &points = entry.points(set);
    SmallVector<unsigned> parameters = parametersOf(set);
    SmallVector<Value> uniforms;
    for (unsigned index : parameters)
      uniforms.push_back(entry.parameter(theta, problem.parameters[index]));
    if (problem.hasSumOver(set))
      uniforms.push_back(entry.total(set));
    Value weight = (1.0 / Expression(builder, loc, points.size)).get();

    const PointResults &results = setResults[{set.name, purpose}];
    SmallVector<Attribute> combine;
    for (const PointResults::Entry &result : results.entries)
      combine.push_back(CombineAttr::get(builder.getContext(), result.combine));
    SmallVector<Type> types = llvm::to_vector(ValueRange(results.values).getTypes());
    auto reduce = ReduceSetOp::create(builder, loc, types, functionName(set, purpose), uniforms,
                                      points.columns, points.count, weight, builder.getArrayAttr(combine));
    if (int64_t tile = tileFor(problem, set))
      reduce->setAttr("tile", builder.getI64IntegerAttr(tile));
    for (auto [result, value] : llvm::zip(results.entries, reduce.getResults())) {
      Value &slot =
          result.parameter ? parts[result.name][parameters[*result.parameter]] : state.scalars[result.name];
      slot = slot ? (Expression(builder, loc, slot) + Expression(builder, loc, value)).get() : Value(value);
    }
  }
  if (purpose == Purpose::objective)
    return;
  parts["direction"];
  for (auto &[name, byParameter] : parts) {
    Value flat = tensor::EmptyOp::create(builder, loc, {problem.parameterCount}, problem.element);
    if (byParameter.size() != problem.parameters.size()) {
      Value zero = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(problem.element, 0.0));
      flat = linalg::FillOp::create(builder, loc, zero, flat).getResult(0);
    }
    for (auto [index, value] : byParameter) {
      const Parameter &parameter = problem.parameters[index];
      Value row = value;
      int64_t size = parameter.type.getNumElements();
      if (parameter.type.getRank() == 0)
        row = tensor::ExpandShapeOp::create(builder, loc, RankedTensorType::get({1}, problem.element), row,
                                            SmallVector<ReassociationIndices>{});
      else if (parameter.type.getRank() > 1)
        row = tensor::CollapseShapeOp::create(builder, loc, row,
                                              SmallVector<ReassociationIndices>{llvm::to_vector<2>(
                                                  llvm::seq<int64_t>(0, parameter.type.getRank()))});
      OpFoldResult offset = builder.getIndexAttr(parameter.offset), extent = builder.getIndexAttr(size),
                   one = builder.getIndexAttr(1);
      flat = tensor::InsertSliceOp::create(builder, loc, row, flat, offset, extent, one);
    }
    state.vectors[name] = flat;
  }
}

void StepBuilder::reportMeasures(StepState &state) {
  for (const Objective &objective : problem.objectives)
    state.report({objective.name, "objective", objective.set, objective.loc, objective.weight},
                 state.scalar(objective.name));
  for (const Constraint &constraint : problem.constraints) {
    if (!constraint.aggregate) {
      state.report({constraint.name, "violation", constraint.set, constraint.loc},
                   state.scalar(constraint.name + ".mean_square").squareRoot());
      state.report({constraint.name + ".max", "violation", constraint.set, constraint.loc},
                   state.scalar(constraint.name + ".max"));
      continue;
    }
    std::optional<Expression> square;
    for (int64_t j = 0, m = componentCount(constraint); j != m; ++j) {
      Expression v = violation(constraint.relation, state.scalar(aggregateName(constraint, j)));
      square = square ? *square + v * v : v * v;
    }
    state.report({constraint.name, "violation", constraint.set, constraint.loc}, square->squareRoot());
  }
}

/// A step that would leave the bounds of a variable ends there.
static Value withinBounds(OpBuilder &builder, const Problem &problem, Value theta) {
  for (const Parameter &parameter : problem.parameters) {
    if (!parameter.bounds)
      continue;
    int64_t size = parameter.type.getNumElements();
    OpFoldResult offset = builder.getIndexAttr(parameter.offset), extent = builder.getIndexAttr(size),
                 one = builder.getIndexAttr(1);
    Expression slice(builder, problem.loc,
                     tensor::ExtractSliceOp::create(builder, problem.loc,
                                                    RankedTensorType::get({size}, problem.element), theta,
                                                    offset, extent, one));
    auto [low, high] = *parameter.bounds;
    Expression clamped = slice.maximum(slice.number(low)).minimum(slice.number(high));
    theta = tensor::InsertSliceOp::create(builder, problem.loc, clamped.get(), theta, offset, extent, one);
  }
  return theta;
}

LogicalResult StepBuilder::buildEntry(Purpose purpose) {
  EntryBuilder entry(module, problem, nameOf(purpose));
  OpBuilder &builder = entry.getBuilder();
  Value theta = entry.buffer("theta", {problem.parameterCount});
  StepState state(builder, problem.loc, problem);
  totals(entry, theta, purpose, state);

  // First every term, for every purpose, so that `gradient` is that of `loss`; then the systems, which so do
  // not depend on the order of the statements.
  for (auto [constraint, strategy] : llvm::zip(problem.constraints, strategies))
    strategy->addTerms(constraint, state);
  if (purpose == Purpose::step)
    for (auto [constraint, strategy] : llvm::zip(problem.constraints, strategies))
      strategy->fromTotals(constraint, state);
  std::vector<std::pair<Figure, Value>> fromStrategies = std::move(state.figures);
  state.figures.clear();
  reportMeasures(state);
  state.report({"loss", "total", "", problem.loc}, state.scalar("loss"));
  if (purpose == Purpose::step) {
    llvm::append_range(state.figures, fromStrategies);
    for (auto &[figure, value] : state.figures)
      figures.push_back(figure);
  }
  // One vector of figures for every entry; what an entry does not know, it leaves as it is.
  SmallVector<Value> values;
  for (auto &[figure, value] : state.figures)
    values.push_back(value);
  if (values.size() < figures.size()) {
    Value before = entry.buffer("metrics", {static_cast<int64_t>(figures.size())});
    for (size_t i = values.size(); i != figures.size(); ++i) {
      Value index = arith::ConstantIndexOp::create(builder, problem.loc, i);
      values.push_back(tensor::ExtractOp::create(builder, problem.loc, before, index));
    }
  }

  if (purpose == Purpose::gradient)
    entry.store(state.direction().get(), "grad");
  if (purpose == Purpose::step) {
    SmallVector<Expression> states, hypers;
    const Optimizer &optimizer = *problem.optimizer;
    for (const std::string &stateName : optimizer.states())
      states.push_back(
          {builder, problem.loc,
           entry.buffer("state:" + optimizer.name() + "." + stateName, {problem.parameterCount})});
    for (const Optimizer::Hyperparameter &hyper : optimizer.hyperparameters())
      hypers.push_back({builder, problem.loc, entry.scalar("hyper:optimizer." + hyper.name)});
    Expression step(builder, problem.loc, entry.scalar("hyper:step"));
    Optimizer::Update update =
        optimizer.update({builder, problem.loc, theta}, state.direction(), states, hypers, step);
    entry.store(withinBounds(builder, problem, update.theta), "theta");
    for (auto [stateName, value] : llvm::zip(optimizer.states(), update.states))
      entry.store(value, "state:" + optimizer.name() + "." + stateName);
  }
  auto type = RankedTensorType::get({static_cast<int64_t>(values.size())}, problem.element);
  entry.store(tensor::FromElementsOp::create(builder, problem.loc, type, values), "metrics");
  entry.finish();
  return success();
}

LogicalResult StepBuilder::build() {
  for (const PointSet &set : problem.sets) {
    if (!isUsed(set, problem))
      continue;
    SmallVector<unsigned> parameters = parametersOf(set);
    if (parameters.empty())
      return emitError(set.loc) << "no term or constraint over @" << set.name
                                << " depends on a parameter of a network or on a variable";
    PointwiseBuilder point(module, problem, set, parameters, names);
    buildLagrangian(point);
    if (failed(declareStrategies(point)))
      return failure();
    for (Purpose purpose : {Purpose::step, Purpose::gradient, Purpose::objective}) {
      FailureOr<PointResults> results = buildSetFunction(point, purpose);
      if (failed(results))
        return failure();
      setResults[{set.name, purpose}] = std::move(*results);
    }
  }
  for (Purpose purpose : {Purpose::step, Purpose::gradient, Purpose::objective})
    if (failed(buildEntry(purpose)))
      return failure();
  buildFields();
  return success();
}
