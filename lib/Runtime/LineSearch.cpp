//===- LineSearch.cpp - Gradient descent with Armijo's rule -----------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "LineSearch.h"

#include "Error.h"

#include <algorithm>

using namespace costate::rt;

static const Entry &required(const Program &program, const char *name) {
  const Entry *entry = program.findEntry(name);
  if (!entry)
    fail("a line search needs the entry '", name, "', which this program does not have");
  return *entry;
}

ArmijoStep::ArmijoStep(Session &session, const LineSearch &rule, const DatasetOf &datasetOf)
    : session(session), rule(rule), total(session.program.totalMetric()),
      gradient(session, required(session.program, "gradient"), datasetOf),
      objective(session, required(session.program, "objective"), datasetOf),
      start(session.program.precision, session.program.parameterCount),
      startMetrics(session.program.precision, session.program.metrics.size()) {
  if (total < 0)
    fail("a line search needs a metric of kind 'total', which this program does not have");
}

ArmijoStep::Outcome ArmijoStep::operator()() {
  gradient();
  start.copyFrom(session.theta);
  startMetrics.copyFrom(session.metrics);
  double value = session.metric(total), squaredNorm = 0;
  int64_t n = session.theta.size();
  for (int64_t i = 0; i < n; ++i)
    squaredNorm += session.grad.get(i) * session.grad.get(i);
  lastSlope = -squaredNorm;
  if (squaredNorm == 0)
    return Outcome::Stationary;
  double t = rule.initial;
  for (int64_t trial = 0; trial < rule.maxSteps; ++trial, t *= rule.shrink) {
    for (int64_t i = 0; i < n; ++i)
      session.theta.set(i, start.get(i) - t * session.grad.get(i));
    double predicted = projectOnBounds() ? predictedDecrease() : t * squaredNorm;
    if (predicted <= 0)
      break;
    objective();
    double reached = session.metric(total);
    // Comparisons with NaN are false: a step into the undefined is shortened like any other.
    if (reached <= value - rule.sufficientDecrease * predicted) {
      session.metrics.copyFrom(startMetrics);
      return Outcome::Moved;
    }
  }
  session.theta.copyFrom(start);
  session.metrics.copyFrom(startMetrics);
  return t == rule.initial ? Outcome::Stationary : Outcome::Failed;
}

bool ArmijoStep::projectOnBounds() {
  bool bounded = false;
  for (const Parameter &parameter : session.program.parameters) {
    if (!parameter.bounds)
      continue;
    bounded = true;
    for (int64_t i = parameter.offset, end = i + elementsOf(parameter.shape); i != end; ++i)
      session.theta.set(i, std::clamp(session.theta.get(i), parameter.bounds->low, parameter.bounds->high));
  }
  return bounded;
}

double ArmijoStep::predictedDecrease() const {
  double sum = 0;
  for (int64_t i = 0, n = session.theta.size(); i < n; ++i)
    sum += session.grad.get(i) * (start.get(i) - session.theta.get(i));
  return sum;
}
