//===- Fields.cpp - What networks and constraints are at the points of a set ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "StepBuilder.h"

using namespace mlir;
using namespace costate;

void StepBuilder::buildField(const PointFunction &function, StringRef entryName, StringRef output,
                             ArrayRef<std::string> sets, StringRef network) {
  EntryBuilder entry(module, problem, entryName);
  OpBuilder &builder = entry.getBuilder();
  Value theta = entry.buffer("theta", {problem.parameterCount});
  func::FuncOp callee = function.function;
  SmallVector<Value> uniforms;
  for (unsigned i = 0; i != callee.getNumArguments(); ++i)
    if (auto parameter = callee.getArgAttrOfType<DictionaryAttr>(i, "costate.parameter"))
      uniforms.push_back(entry.parameter(
          theta, problem.parameters[problem.parameterIndex(parameter.getAs<StringAttr>("name").getValue())]));
  const EntryBuilder::Points &points = entry.points(problem.set(sets.front()), function.columns);
  Field field{entryName.str(), network.str(), function.columns, sets.vec(), {}};
  SmallVector<Value> dests;
  for (auto [i, type] : llvm::enumerate(callee.getResultTypes())) {
    // Several results are numbered.
    std::string name = output.str() + (callee.getNumResults() == 1 ? "" : "." + std::to_string(i));
    SmallVector<int64_t> shape(cast<RankedTensorType>(type).getShape());
    field.outputs.emplace_back(name, shape);
    shape.push_back(ShapedType::kDynamic);
    dests.push_back(entry.buffer("out:" + name, shape));
  }
  auto map = MapSetOp::create(builder, problem.loc, ValueRange(dests).getTypes(), callee.getName(), uniforms,
                              points.columns, points.count, dests);
  for (auto [result, output] : llvm::zip_equal(map.getResults(), field.outputs))
    entry.store(result, "out:" + output.first);
  entry.finish();
  fields.push_back(std::move(field));
}

/// Whether a function takes all parameters of a network: derivatives have taken the place of calls.
static bool dependsOn(func::FuncOp function, func::FuncOp network) {
  auto parametersOf = [](func::FuncOp of) {
    llvm::SmallDenseSet<Attribute> names;
    for (unsigned i = 0; i != of.getNumArguments(); ++i)
      if (auto parameter = of.getArgAttrOfType<DictionaryAttr>(i, "costate.parameter"))
        names.insert(parameter.get("name"));
    return names;
  };
  llvm::SmallDenseSet<Attribute> own = parametersOf(network), taken = parametersOf(function);
  return function == network ||
         (!own.empty() && llvm::all_of(own, [&](Attribute name) { return taken.contains(name); }));
}

/// The sets with a term or constraint that depends on the network, the set `first` before the others, as far
/// as they have the columns.
static std::vector<std::string> setsOf(const Problem &problem, const PointFunction &network,
                                       const std::string &first) {
  const PointSet &example = problem.set(first);
  auto isUsedOn = [&](const PointSet &set) {
    auto uses = [&](const auto &term) {
      return term.set == set.name && dependsOn(term.value.function, network.function);
    };
    auto has = [&](const std::string &column) {
      std::optional<unsigned> index = set.column(column);
      return index && set.columns[*index].second == example.columns[*example.column(column)].second;
    };
    return (llvm::any_of(problem.objectives, uses) || llvm::any_of(problem.constraints, uses)) &&
           llvm::all_of(network.columns, has);
  };
  std::vector<std::string> result{first};
  for (const PointSet &set : problem.sets)
    if (set.name != first && isUsedOn(set))
      result.push_back(set.name);
  return result;
}

/// The columns that a function gives a network: as it says, or those that alone have the types of the
/// network's inputs. None where it computes what it gives.
static std::optional<PointFunction> inputsFrom(const PointSet &set, const PointFunction &function,
                                               func::FuncOp network) {
  PointFunction result{network, {}};
  func::FuncOp caller = function.function;
  if (auto inputs = caller->getAttrOfType<DictionaryAttr>("costate.network_inputs")) {
    auto arguments = inputs.getAs<DenseI64ArrayAttr>(network.getNameAttr());
    if (!arguments)
      return std::nullopt;
    for (int64_t argument : arguments.asArrayRef())
      result.columns.push_back(function.columns[argument]);
    return result;
  }
  for (unsigned i = 0; i != network.getNumArguments(); ++i) {
    if (network.getArgAttr(i, "costate.parameter"))
      continue;
    auto fits = [&](const auto &column) { return column.second == network.getArgumentTypes()[i]; };
    if (llvm::count_if(set.columns, fits) != 1)
      return std::nullopt;
    result.columns.push_back(llvm::find_if(set.columns, fits)->first);
  }
  return result;
}

void StepBuilder::buildFields() {
  std::set<std::string> done;
  auto network = [&](const PointFunction &function, const std::string &set) {
    func::FuncOp callee = function.function;
    if (callee->hasAttr("costate.network") && done.insert(callee.getName().str()).second)
      buildField(function, ("predict." + callee.getName()).str(), callee.getName(),
                 setsOf(problem, function, set), callee.getName());
  };
  for (const Objective &objective : problem.objectives)
    network(objective.value, objective.set);
  for (const Constraint &constraint : problem.constraints)
    network(constraint.value, constraint.set);
  // A network that only residuals call is shown where these are asked for, if columns are its inputs.
  for (auto callee : llvm::to_vector(module.getOps<func::FuncOp>())) {
    if (!callee->hasAttr("costate.network"))
      continue;
    auto show = [&](const auto &term) {
      if (!done.count(callee.getName().str()) && dependsOn(term.value.function, callee))
        if (std::optional<PointFunction> function = inputsFrom(problem.set(term.set), term.value, callee))
          network(*function, term.set);
    };
    llvm::for_each(problem.objectives, show);
    llvm::for_each(problem.constraints, show);
  }
  for (const Constraint &constraint : problem.constraints) {
    func::FuncOp callee = constraint.value.function;
    if (isa<RankedTensorType>(callee.getResultTypes()[0]) &&
        done.insert("residual." + constraint.name).second)
      buildField(constraint.value, "residual." + constraint.name, constraint.name, constraint.set, "");
  }
}
