//===- ReadProgram.cpp - Reads the descriptor of a program ------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Program.h"

#include "Error.h"
#include "JsonValue.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

using namespace costate::rt;
using Json = nlohmann::json;

namespace {

/// An object of the descriptor together with where it stands, for messages.
class Reader {
public:
  Reader(const Json &json, std::string where) : json(json), where(std::move(where)) {
    if (!json.is_object())
      fail("program descriptor: ", this->where, ": found ", json.type_name(), ", required an object");
  }

  bool has(const char *key) const { return json.contains(key) && !json[key].is_null(); }

  template <typename T> T get(const char *key) const {
    if (!has(key))
      fail("program descriptor: ", where, ": required field '", key, "' is missing");
    try {
      return valueOf<T>(json[key]);
    } catch (const Json::exception &) {
      fail("program descriptor: ", where, ".", key, ": ",
           json[key].is_number() ? "the number " + json[key].dump()
                                 : cat("a value of type ", json[key].type_name()),
           " cannot stand here");
    }
  }
  template <typename T> T get(const char *key, T otherwise) const {
    return has(key) ? get<T>(key) : otherwise;
  }

  Reader object(const char *key) const {
    if (!has(key))
      fail("program descriptor: ", where, ": required field '", key, "' is missing");
    return Reader(json[key], where + "." + key);
  }

  /// Calls visit(Reader) for each element of the array; a missing array is an empty one.
  template <typename Visit> void each(const char *key, Visit visit) const {
    if (!has(key))
      return;
    if (!json[key].is_array())
      fail("program descriptor: ", where, ".", key, ": found ", json[key].type_name(), ", required an array");
    int64_t index = 0;
    for (const Json &element : json[key])
      visit(Reader(element, cat(where, ".", key, "[", index++, "]")));
  }

  template <typename... Parts> [[noreturn]] void refuse(const Parts &...parts) const {
    fail("program descriptor: ", where, ": ", parts...);
  }

private:
  const Json &json;
  std::string where;
};

/// What a process can address on x86-64, in numbers of eight bytes.
constexpr int64_t mostElements = int64_t(1) << 44;

Shape parseShape(const Reader &reader) {
  auto shape = reader.get<Shape>("shape", Shape{});
  int64_t elements = 1;
  for (int64_t extent : shape) {
    if (extent < 1)
      reader.refuse("shape ", textOf(shape), " has an extent below 1");
    if (__builtin_mul_overflow(elements, extent, &elements) || elements > mostElements)
      reader.refuse("shape ", textOf(shape), " has more elements than can be addressed");
  }
  return shape;
}

/// The number of elements of all that came before and of this one.
int64_t addElements(int64_t before, const Shape &shape, const Reader &reader) {
  int64_t sum = before + elementsOf(shape);
  if (sum > mostElements)
    reader.refuse("found ", sum, " elements so far, more than can be addressed");
  return sum;
}

ColumnSpec parseColumn(const Reader &reader) { return {reader.get<std::string>("name"), parseShape(reader)}; }

Initializer parseInitializer(const Reader &reader, int64_t elements) {
  static const char *const kinds[] = {"zeros",          "constant",      "normal",    "uniform",
                                      "glorot_uniform", "glorot_normal", "he_normal", "he_uniform",
                                      "lecun_normal",   "values"};
  Initializer init;
  init.kind = reader.get<std::string>("kind");
  if (std::find(std::begin(kinds), std::end(kinds), init.kind) == std::end(kinds))
    reader.refuse("unknown initializer '", init.kind, "'");
  init.mean = reader.get("mean", init.mean);
  init.std = reader.get("std", init.std);
  init.low = reader.get("low", init.low);
  init.high = reader.get("high", init.high);
  init.value = reader.get("value", init.value);
  init.fanIn = reader.get("fan_in", init.fanIn);
  init.fanOut = reader.get("fan_out", init.fanOut);
  init.values = reader.get("values", init.values);
  if (init.kind == "values" && static_cast<int64_t>(init.values.size()) != elements)
    reader.refuse("found ", init.values.size(), " values, required ", elements);
  return init;
}

Schedule parseSchedule(const Reader &reader) {
  Schedule schedule;
  auto kind = reader.get<std::string>("kind");
  auto positive = [&](const char *key) {
    auto value = reader.get<int64_t>(key);
    if (value < 1)
      reader.refuse("'", key, "' is ", value, ", required at least 1");
    return value;
  };
  if (kind == "constant") {
    schedule.kind = Schedule::Kind::Constant;
  } else if (kind == "step") {
    schedule.kind = Schedule::Kind::Step;
    schedule.every = positive("every");
    schedule.factor = reader.get<double>("factor");
  } else if (kind == "exponential") {
    schedule.kind = Schedule::Kind::Exponential;
    schedule.rate = reader.get<double>("rate");
  } else if (kind == "cosine") {
    schedule.kind = Schedule::Kind::Cosine;
    schedule.steps = positive("steps");
    schedule.final = reader.get("final", 0.0);
  } else if (kind == "warmup") {
    schedule.kind = Schedule::Kind::Warmup;
    schedule.steps = positive("steps");
    if (reader.has("then"))
      schedule.then = std::make_shared<Schedule>(parseSchedule(reader.object("then")));
  } else if (kind == "piecewise") {
    schedule.kind = Schedule::Kind::Piecewise;
    schedule.boundaries = reader.get<std::vector<int64_t>>("boundaries");
    schedule.factors = reader.get<std::vector<double>>("factors");
    if (schedule.factors.size() != schedule.boundaries.size() + 1)
      reader.refuse("found ", schedule.boundaries.size(), " boundaries and ", schedule.factors.size(),
                    " factors, required one factor more");
  } else {
    reader.refuse("unknown schedule '", kind, "'");
  }
  return schedule;
}

RealRange parseRange(const Reader &reader) {
  auto name = reader.get("range", std::string("any"));
  for (auto [known, kind] : {std::pair("any", RealRange::Kind::Any),
                             {"positive", RealRange::Kind::Positive},
                             {"non_negative", RealRange::Kind::NonNegative},
                             {"fraction", RealRange::Kind::Fraction}})
    if (name == known)
      return {kind};
  reader.refuse("unknown range '", name, "'");
}

Region parseRegion(const Reader &reader) {
  Region region;
  region.kind = reader.get<std::string>("kind");
  if (region.kind != "box" && region.kind != "faces")
    reader.refuse("unknown region '", region.kind, "'");
  region.lower = reader.get<std::vector<double>>("lower");
  region.upper = reader.get<std::vector<double>>("upper");
  if (region.lower.size() != region.upper.size())
    reader.refuse("found ", region.lower.size(), " lower and ", region.upper.size(), " upper bounds");
  for (size_t i = 0; i < region.lower.size(); ++i)
    if (!(region.lower[i] <= region.upper[i]))
      reader.refuse("lower bound ", region.lower[i], " exceeds upper bound ", region.upper[i],
                    " in dimension ", i);
  for (const auto &face : reader.get("faces", std::vector<std::vector<int64_t>>{})) {
    if (face.size() != 2 || face[0] < 0 || face[0] >= static_cast<int64_t>(region.lower.size()))
      reader.refuse("a face is [dimension, 0 or 1]");
    region.faces.push_back({face[0], face[1] != 0});
  }
  return region;
}

SetSpec parseSet(const Reader &reader) {
  SetSpec set;
  set.name = reader.get<std::string>("name");
  auto kind = reader.get<std::string>("kind");
  set.isData = kind == "data";
  if (!set.isData && kind != "sample")
    reader.refuse("unknown kind of set '", kind, "', required 'data' or 'sample'");
  set.loc = reader.get("loc", std::string());
  int64_t dimensions = 0;
  reader.each("columns", [&](const Reader &column) {
    set.columns.push_back(parseColumn(column));
    dimensions = addElements(dimensions, set.columns.back().shape, column);
  });
  set.defaultFile = reader.get("default_file", std::string());
  if (set.isData)
    return set;
  set.region = parseRegion(reader.object("region"));
  if (static_cast<int64_t>(set.region.lower.size()) != dimensions)
    reader.refuse("the region has ", set.region.lower.size(), " dimensions, the columns have ", dimensions);
  set.sampler = reader.get<std::string>("sampler");
  if (set.sampler != "grid" && set.sampler != "uniform" && set.sampler != "latin_hypercube" &&
      set.sampler != "sobol")
    reader.refuse("unknown sampler '", set.sampler, "'");
  set.count = reader.get("count", int64_t{0});
  set.perAxis = reader.get("per_axis", std::vector<int64_t>{});
  set.resampleEvery = reader.get("resample_every", int64_t{0});
  if (!set.perAxis.empty() && static_cast<int64_t>(set.perAxis.size()) != dimensions)
    reader.refuse("per_axis has ", set.perAxis.size(), " counts, the region has ", dimensions, " dimensions");
  if (set.count < 1 && set.perAxis.empty())
    reader.refuse("a sampled set needs a 'count' of at least 1");
  return set;
}

constexpr std::pair<const char *, Role> roles[] = {
    {"theta", Role::Theta},     {"state", Role::State}, {"column", Role::Column},
    {"count", Role::Count},     {"total", Role::Total}, {"hyper", Role::Hyper},
    {"metrics", Role::Metrics}, {"out", Role::Out},     {"grad", Role::Grad}};

Argument parseArgument(const Reader &reader) {
  auto role = reader.get<std::string>("role");
  Argument argument;
  argument.name = reader.get("name", std::string());
  argument.set = reader.get("set", std::string());
  argument.column = reader.get("column", std::string());
  argument.shape = parseShape(reader);
  auto known = std::find_if(std::begin(roles), std::end(roles),
                            [&](const auto &entry) { return entry.first == role; });
  if (known == std::end(roles))
    reader.refuse("unknown role '", role, "'");
  argument.role = known->second;
  return argument;
}

Entry parseEntry(const Reader &reader, const costate_entry *table) {
  Entry entry;
  entry.name = reader.get<std::string>("name");
  entry.doc = reader.get("doc", std::string());
  entry.network = reader.get("network", std::string());
  entry.sets = reader.get("sets", std::vector<std::string>{});
  reader.each("args", [&](const Reader &arg) { entry.args.push_back(parseArgument(arg)); });
  reader.each("outputs", [&](const Reader &output) { entry.outputs.push_back(parseColumn(output)); });
  for (const costate_entry *row = table; row && row->name; ++row)
    if (entry.name == row->name)
      entry.function = row->function;
  if (!entry.function)
    reader.refuse("entry '", entry.name, "' has no function in costate_entries");
  // The shape of an output may stand with the argument, with the output, or both.
  for (Argument &argument : entry.args) {
    if (argument.role != Role::Out)
      continue;
    auto same = [&](const ColumnSpec &output) { return output.name == argument.name; };
    auto found = std::find_if(entry.outputs.begin(), entry.outputs.end(), same);
    if (found == entry.outputs.end())
      entry.outputs.push_back({argument.name, argument.shape});
    else
      argument.shape = found->shape;
  }
  return entry;
}

void checkEntry(const Program &program, const Entry &entry) {
  for (const Argument &argument : entry.args) {
    auto refuse = [&](const char *what, const std::string &name) {
      fail("program descriptor: entry '", entry.name, "': no ", what, " is named '", name, "'");
    };
    auto named = [&](const auto &list) {
      return std::any_of(list.begin(), list.end(),
                         [&](const auto &item) { return item.name == argument.name; });
    };
    if (argument.role == Role::State && !named(program.states))
      refuse("state", argument.name);
    if (argument.role == Role::Hyper && argument.name != "step" && !named(program.hypers))
      refuse("hyperparameter", argument.name);
  }
  for (const std::string &set : entry.sets)
    if (!program.findSet(set))
      fail("program descriptor: entry '", entry.name, "': no set is named '", set, "'");
}

void checkParameters(const Program &program, const Reader &reader) {
  int64_t covered = 0;
  for (const Parameter &parameter : program.parameters) {
    if (parameter.offset != covered)
      fail("program descriptor: parameter '", parameter.name, "' begins at ", parameter.offset, ", required ",
           covered, " (parameters lie one after the other)");
    covered = addElements(covered, parameter.shape, reader);
  }
  if (covered != program.parameterCount)
    fail("program descriptor: the parameters have ", covered, " elements, parameter_count says ",
         program.parameterCount);
}

} // namespace

Program costate::rt::parseProgram(const char *text, const costate_entry *table) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception &error) {
    fail("program descriptor: not JSON: ", error.what());
  }
  Reader root(json, "program");
  if (auto schema = root.get<int64_t>("schema"); schema != 1)
    root.refuse("schema ", schema, " found, this runtime reads schema 1");

  Program program;
  program.name = root.get<std::string>("name");
  program.source = root.get("source", std::string());
  program.irHash = root.get("ir_hash", std::string());
  program.compiler = root.get("compiler", std::string());
  program.target = root.get("target", std::string("cpu"));
  auto precision = root.get<std::string>("precision");
  if (precision != "f32" && precision != "f64")
    root.refuse("precision '", precision, "' found, required 'f32' or 'f64'");
  program.precision = precision == "f32" ? Precision::F32 : Precision::F64;
  program.hostWorkspaceBytes = root.get("host_workspace_bytes", int64_t{0});
  program.workspaceBytesPerWorker = root.get("workspace_bytes_per_worker", int64_t{0});
  program.maxWorkers = std::max<int64_t>(1, root.get("max_workers", int64_t{64}));
  program.parameterCount = root.get<int64_t>("parameter_count");

  root.each("parameters", [&](const Reader &reader) {
    Parameter parameter;
    parameter.name = reader.get<std::string>("name");
    parameter.shape = parseShape(reader);
    parameter.offset = reader.get<int64_t>("offset");
    parameter.init = parseInitializer(reader.object("init"), elementsOf(parameter.shape));
    if (auto bounds = reader.get("bounds", std::vector<double>{}); !bounds.empty()) {
      if (bounds.size() != 2)
        reader.refuse("bounds are [low, high]");
      parameter.bounds = Bounds{bounds[0], bounds[1]};
    }
    program.parameters.push_back(std::move(parameter));
  });
  checkParameters(program, root);
  root.each("states", [&](const Reader &reader) {
    program.states.push_back({reader.get<std::string>("name"), parseShape(reader), reader.get("init", 0.0)});
  });
  program.scalesElements = root.get("scales_elements", false);
  root.each("hypers", [&](const Reader &reader) {
    Hyper hyper;
    hyper.name = reader.get<std::string>("name");
    hyper.value = reader.get<double>("default");
    hyper.range = parseRange(reader);
    hyper.role = reader.get("role", std::string());
    if (!hyper.role.empty() && hyper.role != "rate" && hyper.role != "decay")
      reader.refuse("unknown role '", hyper.role, "', required 'rate' or 'decay'");
    hyper.doc = reader.get("doc", std::string());
    hyper.loc = reader.get("loc", std::string());
    if (reader.has("schedule"))
      hyper.schedule = parseSchedule(reader.object("schedule"));
    program.hypers.push_back(std::move(hyper));
  });
  root.each("sets", [&](const Reader &reader) { program.sets.push_back(parseSet(reader)); });
  root.each("metrics", [&](const Reader &reader) {
    program.metrics.push_back({reader.get<std::string>("name"), reader.get("kind", std::string("objective")),
                               reader.get("set", std::string()), reader.get("loc", std::string()),
                               reader.get("weight", 1.0)});
  });
  if (root.has("training")) {
    Reader training = root.object("training");
    program.training.batch = training.get("batch", int64_t{0});
    program.training.epochs = training.get("epochs", int64_t{0});
    program.training.steps = training.get("steps", int64_t{0});
    program.training.batchedSets = training.get("batched_sets", std::vector<std::string>{});
    program.training.seed = training.get("seed", uint64_t{1});
    program.training.feasibility = training.get("feasibility", program.training.feasibility);
    for (const std::string &name : program.training.batchedSets)
      if (!program.findSet(name))
        training.refuse("batched set '", name, "' is not among the sets");
    if (training.has("line_search")) {
      Reader search = training.object("line_search");
      if (auto kind = search.get<std::string>("kind"); kind != "armijo")
        search.refuse("unknown line search '", kind, "'");
      LineSearch result;
      result.sufficientDecrease = search.get("c", result.sufficientDecrease);
      result.shrink = search.get("shrink", result.shrink);
      result.initial = search.get("initial", result.initial);
      result.maxSteps = search.get("max", result.maxSteps);
      program.training.lineSearch = result;
    }
  }
  root.each("entries", [&](const Reader &reader) { program.entries.push_back(parseEntry(reader, table)); });
  for (const Entry &entry : program.entries)
    checkEntry(program, entry);
  return program;
}
