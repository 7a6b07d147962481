//===- ProgramDescriptor.cpp - What the runtime must know of a program ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ProgramDescriptor.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace costate;
namespace json = llvm::json;

/// An attribute as JSON: dictionaries, arrays, strings, numbers.
static json::Value toJSON(Attribute attribute) {
  if (auto dictionary = dyn_cast<DictionaryAttr>(attribute)) {
    json::Object object;
    for (NamedAttribute entry : dictionary)
      // The runtime reads the shape.
      if (!isa<TypeAttr>(entry.getValue()))
        object[entry.getName().str()] = toJSON(entry.getValue());
    return object;
  }
  if (auto array = dyn_cast<ArrayAttr>(attribute)) {
    json::Array values;
    for (Attribute element : array)
      values.push_back(toJSON(element));
    return values;
  }
  if (auto text = dyn_cast<StringAttr>(attribute))
    return text.str();
  if (auto number = dyn_cast<FloatAttr>(attribute))
    return number.getValueAsDouble();
  if (auto number = dyn_cast<IntegerAttr>(attribute))
    return number.getInt();
  if (auto numbers = dyn_cast<DenseI64ArrayAttr>(attribute))
    return json::Array(numbers.asArrayRef());
  if (auto numbers = dyn_cast<DenseF64ArrayAttr>(attribute))
    return json::Array(numbers.asArrayRef());
  llvm_unreachable("the descriptor holds plain values");
}

template <typename Range> static json::Array numbers(const Range &values) {
  json::Array array;
  for (double value : values)
    array.push_back(value);
  return array;
}

static std::string textOf(Location loc) {
  // Names of files may be any bytes.
  if (auto file = dyn_cast<FileLineColLoc>(loc))
    return json::fixUTF8(file.getFilename()) + ":" + std::to_string(file.getLine()) + ":" +
           std::to_string(file.getColumn());
  return "";
}

static json::Array columnsOf(const PointSet &set) {
  json::Array columns;
  for (auto &[name, type] : set.columns)
    columns.push_back(json::Object{{"name", name}, {"shape", json::Array(type.getShape())}});
  return columns;
}

static json::Object describeSet(Operation &op, const PointSet &set) {
  json::Object result{{"name", set.name}, {"columns", columnsOf(set)}, {"loc", textOf(set.loc)}};
  if (auto data = dyn_cast<DataOp>(op)) {
    result["kind"] = "data";
    if (auto file = data.getFile())
      result["default_file"] = file->str();
    return result;
  }
  auto sample = cast<SampleOp>(op);
  result["kind"] = "sample";
  result["sampler"] = stringifySampler(sample.getSampler()).str();
  result["resample_every"] = sample.getResample();
  ArrayRef<int64_t> counts = sample.getCount();
  if (counts.size() == 1)
    result["count"] = counts[0];
  else
    result["per_axis"] = json::Array(counts);
  json::Object region;
  if (auto box = dyn_cast<BoxAttr>(sample.getRegion())) {
    region =
        json::Object{{"kind", "box"}, {"lower", numbers(box.getLower())}, {"upper", numbers(box.getUpper())}};
  } else {
    auto faces = cast<FacesAttr>(sample.getRegion());
    json::Array list;
    for (size_t i = 0; i + 1 < faces.getFaces().size(); i += 2)
      list.push_back(json::Array{faces.getFaces()[i], faces.getFaces()[i + 1]});
    region = json::Object{{"kind", "faces"},
                          {"lower", numbers(faces.getLower())},
                          {"upper", numbers(faces.getUpper())},
                          {"faces", std::move(list)}};
  }
  result["region"] = std::move(region);
  return result;
}

std::string costate::describeProgram(ProblemOp op, const Problem &problem, const StepBuilder &steps) {
  auto module = op->getParentOfType<ModuleOp>();
  TrainOp train = op.getTrainOp();
  json::Object program{{"schema", 1},
                       {"name", problem.name},
                       {"precision", Type(problem.element).isF64() ? "f64" : "f32"},
                       {"parameter_count", problem.parameterCount},
                       {"parameters", toJSON(module->getAttr("costate.parameters"))}};

  json::Array states, hypers, sets, metrics, entries, batched;
  const Optimizer &optimizer = *problem.optimizer;
  for (const std::string &state : optimizer.states())
    states.push_back(json::Object{{"name", optimizer.name() + "." + state},
                                  {"shape", json::Array{problem.parameterCount}},
                                  {"init", 0.0}});
  for (const Optimizer::Hyperparameter &hyper : optimizer.hyperparameters()) {
    json::Object object{{"name", "optimizer." + hyper.name},
                        {"default", hyper.value},
                        {"doc", hyper.doc},
                        {"range", hyper.range},
                        {"loc", textOf(train.getLoc())}};
    if (!hyper.role.empty())
      object["role"] = hyper.role;
    // The schedule multiplies the step size.
    if (hyper.role == "rate")
      if (auto schedule = train.getScheduleAttr())
        object["schedule"] = toJSON(cast<ScheduleAttrInterface>(schedule).getDescriptor());
    hypers.push_back(std::move(object));
  }
  for (Operation &inner : op.getBody().front()) {
    if (auto data = dyn_cast<DataOp>(inner))
      sets.push_back(describeSet(inner, problem.set(data.getSetName())));
    else if (auto sample = dyn_cast<SampleOp>(inner))
      sets.push_back(describeSet(inner, problem.set(sample.getSetName())));
  }
  for (const Figure &figure : steps.getFigures()) {
    json::Object object{{"name", figure.name}, {"kind", figure.kind}, {"loc", textOf(figure.loc)}};
    if (!figure.set.empty())
      object["set"] = figure.set;
    if (figure.kind == "objective")
      object["weight"] = figure.weight;
    metrics.push_back(std::move(object));
  }
  entries.push_back(json::Object{{"name", "step"}, {"doc", "one training step"}});
  entries.push_back(json::Object{{"name", "gradient"}, {"doc", "the figures, and the gradient of the loss"}});
  entries.push_back(json::Object{{"name", "objective"}, {"doc", "the figures, without a change of state"}});
  for (const StepBuilder::Field &field : steps.getFields()) {
    json::Array outputs;
    for (auto &[name, shape] : field.outputs)
      outputs.push_back(json::Object{{"name", name}, {"shape", json::Array(shape)}});
    json::Object entry{{"name", field.entry},
                       {"set_columns", json::Array(field.columns)},
                       {"sets", json::Array(field.sets)},
                       {"outputs", std::move(outputs)}};
    if (!field.network.empty())
      entry["network"] = field.network;
    entries.push_back(std::move(entry));
  }
  for (const std::string &set : problem.batchedSets)
    batched.push_back(set);
  json::Object training{{"batch", problem.batch},
                        {"epochs", train.getEpochs().value_or(0)},
                        {"steps", train.getSteps().value_or(0)},
                        {"batched_sets", std::move(batched)},
                        {"seed", train.getSeed()}};
  if (auto descent = dyn_cast<GradientDescentAttr>(train.getOptimizer()); descent && descent.getArmijo() > 0)
    training["line_search"] = json::Object{{"kind", "armijo"},
                                           {"c", static_cast<double>(descent.getArmijo())},
                                           {"shrink", static_cast<double>(descent.getShrink())},
                                           {"initial", static_cast<double>(descent.getLr())},
                                           {"max", descent.getTrials()}};
  program["states"] = std::move(states);
  program["scales_elements"] = optimizer.scalesElements();
  program["hypers"] = std::move(hypers);
  program["sets"] = std::move(sets);
  program["metrics"] = std::move(metrics);
  program["entries"] = std::move(entries);
  program["training"] = std::move(training);
  std::string text;
  llvm::raw_string_ostream(text) << json::Value(std::move(program));
  return text;
}
