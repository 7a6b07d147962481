//===- ApproximateWolfe.cpp - Hager and Zhang's line search ---------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// W. W. Hager, H. Zhang: A new conjugate gradient method with guaranteed descent and an efficient line
// search. SIAM J. Optim. 16 (2005) 170-192.

#include "Line.h"

#include <cmath>

using namespace costate::methods;

/// While the objective falls, a trial is so many times the one before.
static constexpr double expansion = 5;
/// The interval shrinks at least so much in a round.
static constexpr double shrinkage = 0.66;

namespace {

/// The search keeps an interval [a, b] with phi(a) <= phi(0) + e, phi'(a) < 0 and phi'(b) >= 0.
class HagerZhang {
public:
  HagerZhang(Line &line, const Trial &start, const LineSearch &rule)
      : line(line), start(start), rule(rule), highest(start.value + rule.rounding * std::abs(start.value)) {
    found.accepted = start;
  }

  Found operator()(double first);

private:
  /// Asks for the trial at t. True where the search has ended with it.
  bool ask(double t);
  bool low(const Trial &at) const { return at.value <= highest; }
  bool accepts(const Trial &at) const;

  /// The first interval. All of these are true where the search has ended.
  bool bracket(double first);
  /// The part of [a, b] in which the minimum still is once t, if within, was tried.
  bool update(double t);
  /// Between a, where the objective is low and falls, and c, where it is high or not finite.
  bool bisect(Trial from, double to);
  bool doubleSecant();

  Line &line;
  const Trial start;
  const LineSearch &rule;
  const double highest;
  Found found = {Found::How::Nothing, {}, 0, 0};
  Trial at = {}, a = {}, b = {};
};

} // namespace

static double secant(const Trial &a, const Trial &b) {
  return (a.t * b.slope - b.t * a.slope) / (b.slope - a.slope);
}

bool HagerZhang::ask(double t) {
  if (found.trials == rule.trials)
    return true;
  at = line.trial(t);
  ++found.trials;
  found.last = t;
  if (!at.finite())
    return false;
  if (accepts(at)) {
    found.how = Found::How::Conditions;
    found.accepted = at;
    return true;
  }
  bool lowest = found.how == Found::How::Nothing || at.value < found.accepted.value;
  if (lowest && at.value < start.value &&
      at.value <= start.value + rule.sufficientDecrease * t * start.slope) {
    found.how = Found::How::Decrease;
    found.accepted = at;
  }
  return false;
}

bool HagerZhang::accepts(const Trial &at) const {
  if (!(at.slope >= rule.curvature * start.slope))
    return false;
  bool wolfe = at.value <= start.value + rule.sufficientDecrease * at.t * start.slope;
  return wolfe || (low(at) && at.slope <= (2 * rule.sufficientDecrease - 1) * start.slope);
}

bool HagerZhang::bracket(double first) {
  a = start;
  for (double t = first;; t *= expansion) {
    if (ask(t))
      return true;
    if (!at.finite() || (at.slope < 0 && !low(at)))
      return bisect(a, t);
    if (at.slope >= 0) {
      b = at;
      return false;
    }
    a = at;
  }
}

bool HagerZhang::bisect(Trial from, double to) {
  a = from;
  while (true) {
    double t = a.t + (to - a.t) / 2;
    if (t <= a.t || t >= to || ask(t))
      return true;
    if (at.finite() && at.slope >= 0) {
      b = at;
      return false;
    }
    if (at.finite() && low(at))
      a = at;
    else
      to = t;
  }
}

bool HagerZhang::update(double t) {
  if (!(t > a.t && t < b.t))
    return false;
  if (ask(t))
    return true;
  if (!at.finite() || (at.slope < 0 && !low(at)))
    return bisect(a, t);
  (at.slope >= 0 ? b : a) = at;
  return false;
}

bool HagerZhang::doubleSecant() {
  const Trial before = a, behind = b;
  double t = secant(a, b);
  if (update(t))
    return true;
  if (t == b.t)
    return update(secant(behind, b));
  if (t == a.t)
    return update(secant(before, a));
  return false;
}

Found HagerZhang::operator()(double first) {
  if (bracket(first))
    return found;
  while (true) {
    double width = b.t - a.t;
    if (doubleSecant())
      return found;
    if (b.t - a.t > shrinkage * width && update(a.t + (b.t - a.t) / 2))
      return found;
    // Rounding leaves no trial in it.
    if (a.t + (b.t - a.t) / 2 <= a.t || a.t + (b.t - a.t) / 2 >= b.t)
      return found;
  }
}

Found costate::methods::approximateWolfe(Line &line, const Trial &start, double first,
                                         const LineSearch &rule) {
  return HagerZhang(line, start, rule)(first);
}
