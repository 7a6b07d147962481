//===- Feasibility.cpp - Whether a run can still meet its constraints -------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Feasibility.h"

#include "Error.h"
#include "Progress.h"

#include <cmath>

using namespace costate::rt;

/// Whether every step is given the same.
static bool isSteadyRun(const Session &session, const StepLoop &loop) {
  bool steady = loop.seesTheSame();
  for (const Hyper &hyper : session.program.hypers)
    steady &= hyper.schedule.kind == Schedule::Kind::Constant;
  return steady;
}

static bool hasMultiplier(const Program &program, const std::string &constraint) {
  int64_t multiplier = program.findMetric(constraint + ".lambda");
  return multiplier >= 0 && program.metrics[multiplier].kind == "multiplier";
}

RestDetector::RestDetector(const Session &session, const StepLoop &loop)
    : session(session), isSteady(isSteadyRun(session, loop)) {}

bool RestDetector::atRest(const Buffer &thetaBefore) {
  bool still = isSteady && session.theta.hasBitsOf(thetaBefore);
  bool result = still && wasStill;
  for (size_t i = 0; i < states.size() && result; ++i)
    result = session.states[i].hasBitsOf(states[i]);
  // The states are kept only where it may matter.
  wasStill = still;
  if (!still)
    return false;
  states.clear();
  for (const Buffer &state : session.states) {
    states.emplace_back(session.program.precision, state.size());
    states.back().copyFrom(state);
  }
  return result;
}

StallDetector::StallDetector(const Session &session, const StepLoop &loop)
    : session(session), isSteady(isSteadyRun(session, loop)) {
  for (size_t i = 0; i < session.program.metrics.size(); ++i)
    if (session.program.metrics[i].kind == "violation" &&
        hasMultiplier(session.program, session.program.metrics[i].name))
      violations.push_back(i);
}

void StallDetector::see(int64_t step) {
  if (!isSteady || violations.empty())
    return;
  double square = 0;
  for (int64_t i : violations)
    square += session.metric(i) * session.metric(i);
  double now = std::sqrt(square);
  if (firstStep < 0 || now < 0.99 * least) {
    least = now;
    loweredAt = step;
    raised = 0;
    if (firstStep < 0)
      firstStep = step;
  } else if (now > before) {
    ++raised;
  }
  before = now;
  lastStep = step;
}

int64_t StallDetector::stalledSince() const {
  int64_t steps = lastStep - loweredAt;
  bool stalled = firstStep >= 0 && steps >= 100 && 2 * steps >= lastStep - firstStep && raised >= 10;
  return stalled ? loweredAt : -1;
}

std::string costate::rt::describeViolation(const Program &program,
                                           const std::map<std::string, double> &figures) {
  const std::string suffix = ".max";
  std::string worst;
  double largest = program.training.feasibility;
  for (const MetricSpec &metric : program.metrics) {
    if (metric.kind != "violation")
      continue;
    std::string constraint = metric.name;
    if (constraint.size() > suffix.size() &&
        constraint.compare(constraint.size() - suffix.size(), suffix.size(), suffix) == 0)
      constraint.resize(constraint.size() - suffix.size());
    auto found = figures.find(metric.name);
    if (!hasMultiplier(program, constraint) || found == figures.end() || !(found->second > largest))
      continue;
    largest = found->second;
    worst = cat("the violation '", metric.name, "' is ", figureText(largest),
                metric.loc.empty() ? "" : " (" + metric.loc + ")", ", training.feasibility allows ",
                figureText(program.training.feasibility));
  }
  return worst;
}
