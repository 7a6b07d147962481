//===- LineSearch.h - Gradient descent with Armijo's rule -------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_ARMIJO_H
#define COSTATE_LIB_RUNTIME_ARMIJO_H

#include "Session.h"

namespace costate::rt {

/// theta <- theta - t g with the first t in {t0, t0 s, t0 s^2, ...} for which
/// f(theta - t g) <= f(theta) - c t ||g||^2, where g is the gradient of the total f. With bounds the trial is
/// projected on them, P, and <g, theta - P(theta - t g)> stands in the place of t ||g||^2.
class ArmijoStep {
public:
  ArmijoStep(Session &session, const LineSearch &rule, const DatasetOf &datasetOf);

  enum class Outcome { Moved, Stationary, Failed };
  /// The metrics are those at the point where the step began.
  Outcome operator()();
  /// The slope -||g||^2 of the last step.
  double slope() const { return lastSlope; }

private:
  /// Whether there are bounds; theta is within them then.
  bool projectOnBounds();
  /// <g, start - theta>.
  double predictedDecrease() const;

  Session &session;
  LineSearch rule;
  int64_t total;
  Call gradient, objective;
  Buffer start, startMetrics;
  double lastSlope = 0;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_ARMIJO_H
