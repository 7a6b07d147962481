//===- StepCheck.cpp - The step against the gradient ------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "StepCheck.h"

#include "Error.h"
#include "Numbers.h"

#include <algorithm>
#include <cmath>
#include <deque>

using namespace costate::rt;

namespace {

std::vector<double> copyOf(const Buffer &buffer) {
  std::vector<double> values;
  for (int64_t i = 0; i < buffer.size(); ++i)
    values.push_back(buffer.get(i));
  return values;
}

/// Gives a buffer back what was in it.
class Keeper {
public:
  explicit Keeper(Buffer &buffer) : buffer(buffer), before(buffer.precision(), buffer.size()) {
    before.copyFrom(buffer);
  }
  ~Keeper() { buffer.copyFrom(before); }
  Keeper(const Keeper &) = delete;
  Keeper &operator=(const Keeper &) = delete;

private:
  Buffer &buffer, before;
};

/// What was and what is, side by side.
struct Movement {
  const Program &program;
  std::vector<double> before, after, gradient;
  double tolerance;

  /// Steps end at bounds, and what does not move the last digit cannot be seen.
  bool isFree(int64_t index) const {
    for (const Parameter &parameter : program.parameters)
      if (index >= parameter.offset && index < parameter.offset + elementsOf(parameter.shape))
        return !parameter.bounds;
    return false;
  }
  double by(int64_t index) const { return after[index] - before[index]; }
  double noise(int64_t index) const { return tolerance * (std::fabs(before[index]) + std::fabs(by(index))); }

  std::string againstGradient() const {
    for (size_t i = 0; i < before.size(); ++i)
      if (isFree(i) && by(i) * gradient[i] > noise(i) * std::fabs(gradient[i]))
        return cat("it moves ", program.parameterText(i), " by ", numberText(by(i)),
                   ", where the gradient is ", numberText(gradient[i]));
    return "";
  }

  /// Whether it is −η times the gradient; η is found from the movement where it is not given.
  std::string alongGradient(std::optional<double> eta) const {
    double dot = 0, square = 0;
    for (size_t i = 0; i < before.size(); ++i)
      if (isFree(i)) {
        dot -= by(i) * gradient[i];
        square += gradient[i] * gradient[i];
      }
    double factor = eta ? *eta : square > 0 ? dot / square : 0;
    for (size_t i = 0; i < before.size(); ++i) {
      double expected = -factor * gradient[i];
      if (isFree(i) && std::fabs(by(i) - expected) > noise(i) + tolerance * std::fabs(expected))
        return cat("it moves ", program.parameterText(i), " by ", numberText(by(i)), ", required ",
                   numberText(expected));
    }
    return square > 0 && !(factor > 0) ? "it does not move against the gradient" : "";
  }
};

std::string compareFigures(const Program &program, const std::vector<double> &expected,
                           const std::vector<double> &found, double tolerance) {
  for (size_t i = 0; i < expected.size(); ++i) {
    const std::string &kind = program.metrics[i].kind;
    if (kind != "objective" && kind != "violation" && kind != "total")
      continue;
    if (!(std::fabs(found[i] - expected[i]) <= tolerance * (1 + std::fabs(expected[i]))))
      return cat("it reports '", program.metrics[i].name, "' as ", numberText(found[i]),
                 ", the gradient's entry as ", numberText(expected[i]));
  }
  return "";
}

} // namespace

std::string costate::rt::checkStep(Session &session, const Entry &step, const DatasetOf &datasetOf) {
  const Program &program = session.program;
  std::vector<double> theta = copyOf(session.theta), metrics = copyOf(session.metrics);
  Keeper keepsTheta(session.theta), keepsMetrics(session.metrics), keepsHypers(session.hypers);
  std::deque<Keeper> keepsStates;
  for (Buffer &state : session.states)
    keepsStates.emplace_back(state);
  for (size_t i = 0; i < session.states.size(); ++i)
    session.states[i].fill(program.states[i].init);
  session.setStep(0);
  std::optional<double> eta;
  for (size_t i = 0; i < program.hypers.size(); ++i) {
    if (program.hypers[i].role == "decay")
      session.hypers.set(i, 0);
    else if (program.hypers[i].role == "rate")
      eta = session.hypers.get(i);
  }
  Call call(session, step, datasetOf);
  call();
  double tolerance = program.precision == Precision::F32 ? 1e-4 : 1e-11;
  Movement movement{program, theta, copyOf(session.theta), copyOf(session.grad), tolerance};
  std::string wrong = compareFigures(program, metrics, copyOf(session.metrics), tolerance);

  auto hasMultiplier = [](const MetricSpec &metric) { return metric.kind == "multiplier"; };
  if (!wrong.empty() || std::any_of(program.metrics.begin(), program.metrics.end(), hasMultiplier))
    return wrong;
  if (program.scalesElements)
    return movement.againstGradient();
  return movement.alongGradient(program.states.empty() ? eta : std::nullopt);
}
