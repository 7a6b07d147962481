//===- Session.h - A program with its memory --------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_SESSION_H
#define COSTATE_LIB_RUNTIME_SESSION_H

#include "Dataset.h"
#include "Program.h"

#include <functional>
#include <string>
#include <vector>

namespace costate::rt {

/// Everything that entries read and write, allocated once.
class Session {
public:
  Session(const Program &program, int64_t threads);

  const Program &program;
  int64_t threads;
  uint64_t seed;
  Buffer theta, grad, metrics;
  std::vector<Buffer> states;
  /// One value for each of the program's hyperparameters in order, then the step.
  Buffer hypers;
  AlignedBytes workspace;

  /// First values of parameters and states.
  void initialize();
  /// Base values of the hyperparameters, before their schedules.
  std::vector<double> hyperBases;
  /// Sets all hyperparameters for a 0-based step.
  void setStep(int64_t step);

  double metric(int64_t index) const { return metrics.get(index); }
  int64_t memoryInBytes() const;
};

/// Finds the set whose columns an argument reads.
using DatasetOf = std::function<Dataset *(const Argument &)>;

/// An entry bound to its arguments. Calling it allocates nothing.
class Call {
public:
  /// `datasetOf` may be asked for columns, counts and totals only. `outCapacity` is the capacity of the
  /// outputs.
  Call(Session &session, const Entry &entry, const DatasetOf &datasetOf, int64_t outCapacity = 0);
  Call(const Call &) = delete;
  Call &operator=(const Call &) = delete;

  void operator()() { entry.function(args.data(), session.workspace.get()); }

  const Entry &entry;
  struct Output {
    ColumnSpec spec;
    Buffer data;
  };
  /// In the order of the arguments; components first, points last, at `outCapacity`.
  std::vector<Output> outputs;

private:
  Session &session;
  int64_t outCapacity;
  std::vector<void *> args;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_SESSION_H
