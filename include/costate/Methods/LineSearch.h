//===- LineSearch.h - The rules by which a step along a direction is accepted --*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_METHODS_LINESEARCH_H
#define COSTATE_METHODS_LINESEARCH_H

#include <cstdint>

namespace costate::methods {

/// phi(t) = f(x + t d) with phi'(0) < 0; c the sufficient decrease, s the curvature. A trial that is not
/// finite shortens the step.
struct LineSearch {
  enum class Rule {
    /// The first t of {t0, t0 shrink, t0 shrink^2, ...} with phi(t) <= phi(0) + c t phi'(0). What bounds are
    /// projected with:
    /// <g, P(x + t d) - x> stands in the place of t phi'(0).
    Backtracking,
    /// phi(t) <= phi(0) + c t phi'(0) and |phi'(t)| <= s |phi'(0)|, by Moré and Thuente's method.
    StrongWolfe,
    /// phi(t) <= phi(0) + c t phi'(0) and phi'(t) >= s phi'(0), or, where rounding hides the first,
    /// (2c - 1) phi'(0) >= phi'(t) >= s phi'(0) and phi(t) <= phi(0) + e |phi(0)|, by Hager and Zhang's
    /// method.
    ApproximateWolfe,
  };

  Rule rule = Rule::StrongWolfe;
  double sufficientDecrease = 1e-4;
  double curvature = 0.9;
  double shrink = 0.5;
  /// e.
  double rounding = 1e-6;
  std::int64_t trials = 60;
};

} // namespace costate::methods

#endif // COSTATE_METHODS_LINESEARCH_H
