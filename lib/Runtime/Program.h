//===- Program.h - The descriptor of a generated program --------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// What docs/Runtime.md describes, parsed and checked.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_PROGRAM_H
#define COSTATE_LIB_RUNTIME_PROGRAM_H

#include "Buffer.h"
#include "Numbers.h"
#include "Schedules.h"
#include "costate/Runtime/ABI.h"

#include <optional>
#include <string>
#include <vector>

namespace costate::rt {

struct Initializer {
  std::string kind;
  double mean = 0, std = 1;
  double low = 0, high = 1;
  double value = 0;
  double fanIn = 1, fanOut = 1;
  std::vector<double> values;
};

struct Bounds {
  double low, high;
};

struct Parameter {
  std::string name;
  Shape shape;
  int64_t offset = 0;
  Initializer init;
  std::optional<Bounds> bounds;
};

struct State {
  std::string name;
  Shape shape;
  double init = 0;
};

struct Hyper {
  std::string name;
  double value = 0;
  /// What may replace the value.
  RealRange range;
  Schedule schedule;
  /// What it is for the step: "rate", "decay" or nothing that is known.
  std::string role;
  std::string doc, loc;
};

struct ColumnSpec {
  std::string name;
  Shape shape;
};

struct Face {
  int64_t dimension;
  bool upper;
};

struct Region {
  std::string kind;
  std::vector<double> lower, upper;
  std::vector<Face> faces;
};

struct SetSpec {
  std::string name;
  bool isData = false;
  std::vector<ColumnSpec> columns;
  std::string loc;
  // Data.
  std::string defaultFile;
  // Samples.
  Region region;
  std::string sampler;
  int64_t count = 0;
  std::vector<int64_t> perAxis;
  int64_t resampleEvery = 0;
};

struct LineSearch {
  double sufficientDecrease = 1e-4;
  double shrink = 0.5;
  double initial = 1;
  int64_t maxSteps = 30;
};

struct Training {
  int64_t batch = 0;
  int64_t epochs = 0;
  int64_t steps = 0;
  std::vector<std::string> batchedSets;
  uint64_t seed = 1;
  std::optional<LineSearch> lineSearch;
  /// The violation at which a constraint still counts as met.
  double feasibility = 1e-4;
};

struct MetricSpec {
  std::string name, kind, set, loc;
  double weight = 1;
};

enum class Role { Theta, State, Column, Count, Total, Hyper, Metrics, Out, Grad };

struct Argument {
  Role role;
  /// State, hyper or output; for a column, a count or a total empty.
  std::string name;
  std::string set, column;
  Shape shape;
};

struct Entry {
  std::string name, doc, network;
  std::vector<Argument> args;
  std::vector<ColumnSpec> outputs;
  /// Where a field belongs: the set of a constraint, the sets that a network is used on. Empty: wherever its
  /// inputs are.
  std::vector<std::string> sets;
  costate_entry_function function = nullptr;

  /// The columns among the arguments, in order.
  std::vector<ColumnSpec> columns() const;
};

struct Program {
  std::string name, source, irHash, compiler, target;
  Precision precision = Precision::F64;
  /// The caller's part of the workspace, before the workers' slices.
  int64_t hostWorkspaceBytes = 0;
  int64_t workspaceBytesPerWorker = 0;
  int64_t maxWorkers = 1;
  int64_t parameterCount = 0;
  std::vector<Parameter> parameters;
  std::vector<State> states;
  /// Whether steps give each parameter a step size of its own.
  bool scalesElements = false;
  std::vector<Hyper> hypers;
  std::vector<SetSpec> sets;
  Training training;
  std::vector<MetricSpec> metrics;
  std::vector<Entry> entries;

  /// Whether it was compiled for a GPU as well as for the CPU.
  bool holdsKernels() const { return target.rfind("gpu", 0) == 0; }
  /// Null where there is none.
  const Entry *findEntry(const std::string &entryName) const;
  const SetSpec *findSet(const std::string &setName) const;
  int64_t findMetric(const std::string &metricName) const;
  /// "'net.weight' element 3" of that element of all parameters.
  std::string parameterText(int64_t index) const;
  /// The metric of kind "total", or the last objective, or -1.
  int64_t totalMetric() const;
  /// The entries whose name begins with the prefix.
  std::vector<const Entry *> entriesWithPrefix(const std::string &prefix) const;
};

/// Parses and checks a descriptor; throws Error that says what is wrong.
Program parseProgram(const char *json, const costate_entry *table);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_PROGRAM_H
