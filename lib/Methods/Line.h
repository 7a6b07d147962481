//===- Line.h - The objective along a line ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_LINE_H
#define COSTATE_LIB_METHODS_LINE_H

#include "costate/Methods/LineSearch.h"

#include <cmath>
#include <cstdint>

namespace costate::methods {

/// phi(t) and phi'(t).
struct Trial {
  double t, value, slope;

  bool finite() const { return std::isfinite(value) && std::isfinite(slope); }
};

/// phi(t) = f(x + t d).
class Line {
public:
  virtual ~Line() = default;
  virtual double value(double t) = 0;
  virtual Trial trial(double t) = 0;
  /// <g, x(t) - x>, what the gradient promises: t phi'(0) where no bound bends the line.
  virtual double promised(double t) const = 0;
};

struct Found {
  enum class How {
    /// The rule's conditions hold.
    Conditions,
    /// The objective has fallen enough, but the slope has not.
    Decrease,
    Nothing
  } how;
  Trial accepted;
  std::int64_t trials;
  /// Of the last trial.
  double last;
};

/// From `start`, with t = 0, where the first trial is at t = `first`.
Found backtrack(Line &line, const Trial &start, double first, const LineSearch &rule);
Found strongWolfe(Line &line, const Trial &start, double first, const LineSearch &rule);
Found approximateWolfe(Line &line, const Trial &start, double first, const LineSearch &rule);
/// The one that `rule` names.
Found search(Line &line, const Trial &start, double first, const LineSearch &rule);

} // namespace costate::methods

#endif // COSTATE_LIB_METHODS_LINE_H
