//===- StrongWolfe.cpp - Moré and Thuente's line search -------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// J. J. Moré, D. J. Thuente: Line search algorithms with guaranteed sufficient decrease. ACM TOMS 20 (1994)
// 286-307.

#include "Line.h"

#include <algorithm>
#include <cmath>
#include <tuple>

using namespace costate::methods;

/// Trials beyond the last one, while there is no interval, are within these multiples of the last extension.
static constexpr double leastExtension = 1.1, mostExtension = 4;
/// The interval shrinks at least so much in two trials.
static constexpr double shrinkage = 0.66;

/// Where the cubic that has the values and slopes of a and b has its minimum; NaN if it has none.
static double cubicMinimum(const Trial &a, const Trial &b) {
  double mean = 3 * (a.value - b.value) / (b.t - a.t) + a.slope + b.slope;
  double scale = std::max({std::abs(mean), std::abs(a.slope), std::abs(b.slope)});
  double discriminant = mean / scale * (mean / scale) - a.slope / scale * (b.slope / scale);
  if (discriminant < 0)
    return NAN;
  double root = std::copysign(scale * std::sqrt(discriminant), b.t - a.t);
  // Of two equal forms the one that does not cancel.
  double p = root - a.slope + mean, q = 2 * root - a.slope + b.slope;
  return a.t + p / q * (b.t - a.t);
}

/// Where the parabola that has a's value and slope and b's value has its minimum.
static double parabolaMinimum(const Trial &a, const Trial &b) {
  double secant = (b.value - a.value) / (b.t - a.t);
  return a.t + a.slope / (a.slope - secant) / 2 * (b.t - a.t);
}

/// Where the line through the slopes is zero.
static double secantRoot(const Trial &a, const Trial &b) {
  return b.t + b.slope / (b.slope - a.slope) * (a.t - b.t);
}

namespace {

/// An interval with a minimum in it, once it is bracketed: `best` has the lowest value so far, `other` is the
/// other end.
struct Interval {
  Trial best, other;
  bool bracketed = false;

  /// The next trial after `at`, within [low, high] while there is no interval.
  double next(const Trial &at, double low, double high);
  /// `at` becomes an end, as it looks in `seen`.
  void shrinkTo(const Trial &at, const Interval &seen, const Trial &seenAt);
};

} // namespace

static bool turns(const Trial &best, const Trial &at) { return at.slope * std::copysign(1, best.slope) < 0; }

double Interval::next(const Trial &at, double low, double high) {
  double cubic = cubicMinimum(best, at);
  auto nearer = [](double t, double a, double b) { return std::abs(a - t) < std::abs(b - t) ? a : b; };
  if (at.value > best.value) {
    bracketed = true;
    double parabola = parabolaMinimum(best, at);
    return nearer(best.t, cubic, parabola) == cubic ? cubic : cubic + (parabola - cubic) / 2;
  }
  if (turns(best, at)) {
    bracketed = true;
    double secant = secantRoot(best, at);
    return nearer(at.t, cubic, secant) == cubic ? secant : cubic;
  }
  if (std::abs(at.slope) < std::abs(best.slope)) {
    // The cubic may fall for ever, or have its minimum behind.
    bool ahead = (cubic - at.t) * (at.t - best.t) > 0;
    double extended = ahead ? cubic : at.t > best.t ? high : low;
    double secant = secantRoot(best, at);
    if (!bracketed)
      return std::clamp(nearer(at.t, extended, secant) == extended ? secant : extended, low, high);
    double step = nearer(at.t, extended, secant), limit = at.t + shrinkage * (other.t - at.t);
    return at.t > best.t ? std::min(limit, step) : std::max(limit, step);
  }
  return bracketed ? cubicMinimum(at, other) : at.t > best.t ? high : low;
}

void Interval::shrinkTo(const Trial &at, const Interval &seen, const Trial &seenAt) {
  if (seenAt.value > seen.best.value) {
    other = at;
    return;
  }
  if (turns(seen.best, seenAt))
    other = best;
  best = at;
}

Found costate::methods::strongWolfe(Line &line, const Trial &start, double first, const LineSearch &rule) {
  const double least = rule.sufficientDecrease * start.slope;
  auto falls = [&](const Trial &at) { return at.value <= start.value + at.t * least; };
  Found found = {Found::How::Nothing, start, 0, 0};

  Interval interval = {start, start};
  // Nothing was finite from here on.
  double wall = INFINITY;
  // In the first stage, until the objective has fallen enough where it rises, psi(t) = phi(t) - phi(0) - c t
  // phi'(0) is searched.
  bool firstStage = true;
  double width = INFINITY, widthBefore = INFINITY;
  double t = first;
  while (found.trials < rule.trials) {
    Trial at = line.trial(t);
    ++found.trials;
    found.last = t;
    if (!at.finite()) {
      wall = t;
      t = interval.best.t + (t - interval.best.t) / 2;
      if (t == interval.best.t)
        break;
      continue;
    }
    if (falls(at) && at.value < start.value &&
        (found.how == Found::How::Nothing || at.value < found.accepted.value)) {
      found.how = Found::How::Decrease;
      found.accepted = at;
    }
    if (falls(at) && std::abs(at.slope) <= -rule.curvature * start.slope) {
      found.how = Found::How::Conditions;
      found.accepted = at;
      break;
    }
    if (falls(at) && at.slope >= 0)
      firstStage = false;

    double low = at.t + leastExtension * (at.t - interval.best.t);
    double high = at.t + mostExtension * (at.t - interval.best.t);
    if (interval.bracketed)
      std::tie(low, high) = std::minmax(interval.best.t, interval.other.t);
    Interval seen = interval;
    Trial seenAt = at;
    if (firstStage && at.value <= interval.best.value && !falls(at))
      for (Trial *trial : {&seen.best, &seen.other, &seenAt}) {
        trial->value -= trial->t * least;
        trial->slope -= least;
      }
    interval.shrinkTo(at, seen, seenAt);
    t = seen.next(seenAt, low, high);
    interval.bracketed = seen.bracketed;

    if (interval.bracketed) {
      auto [from, to] = std::minmax({interval.best.t, interval.other.t});
      if (to - from >= shrinkage * widthBefore)
        t = from + (to - from) / 2;
      widthBefore = width;
      width = to - from;
      // Rounding leaves no trial in it. A cubic that has no minimum is no trial, either.
      if (std::isnan(t) || t <= from || t >= to)
        t = from + (to - from) / 2;
      if (t <= from || t >= to)
        break;
    } else if (t >= wall) {
      t = interval.best.t + (wall - interval.best.t) / 2;
      if (t >= wall || t <= interval.best.t)
        break;
    }
  }
  return found;
}
