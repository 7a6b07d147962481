//===- Training.h - The loop that a run is ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_TRAINING_H
#define COSTATE_LIB_RUNTIME_TRAINING_H

#include "Batches.h"
#include "Inputs.h"
#include "LineSearch.h"
#include "Session.h"

#include <memory>
#include <optional>

namespace costate::rt {

/// Steps with their batches and samples; what a step sees and does is a function of seed, step and the
/// session's parameters and states alone.
class StepLoop {
public:
  StepLoop(Session &session, const Datasets &datasets);

  /// The steps that the program asks for.
  int64_t plannedSteps() const { return planned; }
  /// Passes over the first batched set that `steps` steps make.
  double epochOf(int64_t steps) const {
    return firstBatched ? static_cast<double>(steps) / static_cast<double>(firstBatched->stepsPerEpoch()) : 0;
  }

  /// Loads batches and samples of a 0-based step, and the hyperparameters.
  void prepare(int64_t step);
  enum class Outcome { Moved, Stationary, LineSearchFailed };
  Outcome run();
  double slope() const { return armijo ? armijo->slope() : 0; }

  /// Whether every step is given the same rows.
  bool seesTheSame() const;
  /// The rows that the step sees, in the order of the program's sets (those that are loaded).
  std::vector<Dataset *> seen() const;

private:
  Session &session;
  const Datasets &datasets;
  std::vector<std::unique_ptr<Batches>> batches; // null: the whole set
  std::vector<int64_t> rounds;
  Batches *firstBatched = nullptr;
  std::optional<Call> step;
  std::optional<ArmijoStep> armijo;
  int64_t planned = 0;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_TRAINING_H
