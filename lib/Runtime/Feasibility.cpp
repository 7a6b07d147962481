//===- Feasibility.cpp - Whether a run can still meet its constraints -------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Feasibility.h"

#include "Error.h"
#include "Progress.h"

#include <algorithm>
#include <cstring>

using namespace costate::rt;

static bool sameBits(const Buffer &a, const Buffer &b) {
  return std::memcmp(a.data(), b.data(), a.sizeInBytes()) == 0;
}

RestDetector::RestDetector(const Session &session, const StepLoop &loop)
    : session(session), isSteady(loop.seesTheSame()) {
  for (const Hyper &hyper : session.program.hypers)
    isSteady &= hyper.schedule.kind == Schedule::Kind::Constant;
}

bool RestDetector::atRest(const Buffer &thetaBefore) {
  bool still = isSteady && sameBits(session.theta, thetaBefore);
  bool result = still && wasStill;
  for (size_t i = 0; i < states.size() && result; ++i)
    result = sameBits(session.states[i], states[i]);
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

std::string costate::rt::describeInfeasibility(const Program &program,
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
    int64_t multiplier = program.findMetric(constraint + ".lambda");
    auto found = figures.find(metric.name);
    if (multiplier < 0 || program.metrics[multiplier].kind != "multiplier" || found == figures.end() ||
        !(found->second > largest))
      continue;
    largest = found->second;
    worst = cat("the violation '", metric.name, "' is ", figureText(largest),
                metric.loc.empty() ? "" : " (" + metric.loc + ")", ", training.feasibility allows ",
                figureText(program.training.feasibility));
  }
  return worst;
}
