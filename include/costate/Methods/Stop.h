//===- Stop.h - When and why a method stops ---------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_METHODS_STOP_H
#define COSTATE_METHODS_STOP_H

#include <cstdint>
#include <limits>
#include <string>

namespace costate::methods {

/// A method stops at the first of these that it meets. With bounds, the gradient is x - P(x - g), P the
/// projection on them.
struct Tolerances {
  /// ||g||, the Euclidean norm.
  double gradient = 1e-8;
  /// |f - f'| relative to the larger of |f|, |f'|, over one step. 0: not looked at.
  double decrease = 0;
  /// ||x - x'|| relative to the larger of 1, ||x||, over one step. 0: not looked at.
  double step = 0;
  std::int64_t iterations = std::numeric_limits<std::int64_t>::max();
  /// Of every kind together; looked at between steps.
  std::int64_t evaluations = std::numeric_limits<std::int64_t>::max();
  /// The relative precision of the objective: what an oracle says that computes in f32 is not better than
  /// 2^-23.
  double precision = std::numeric_limits<double>::epsilon();
};

enum class StopReason {
  Running,
  Gradient,
  Decrease,
  Step,
  Iterations,
  Evaluations,
  /// No trial step, or no trust region, lowers the objective as its gradient promises.
  SearchFailed,
  /// What the gradient promises is less than the objective's rounding.
  NoDecrease,
  NotFinite,
};

struct Stop {
  StopReason reason = StopReason::Running;
  /// With the figure; empty while running.
  std::string sentence;

  explicit operator bool() const { return reason != StopReason::Running; }
};

} // namespace costate::methods

#endif // COSTATE_METHODS_STOP_H
