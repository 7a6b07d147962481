//===- Backtracking.cpp - Armijo's rule -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Line.h"

using namespace costate::methods;

Found costate::methods::backtrack(Line &line, const Trial &start, double first, const LineSearch &rule) {
  Found found = {Found::How::Nothing, start, 0, 0};
  double t = first;
  for (std::int64_t k = 0; k < rule.trials; ++k, t *= rule.shrink) {
    // Of a step that bounds bend nothing may be promised.
    double promised = line.promised(t);
    if (!(promised < 0))
      continue;
    ++found.trials;
    found.last = t;
    double value = line.value(t);
    // Comparisons with NaN are false. That the objective falls at all is asked for, as rounding may hide the
    // promise.
    if (!(value < start.value && value <= start.value + rule.sufficientDecrease * promised))
      continue;
    if (Trial trial = line.trial(t); trial.finite()) {
      found.how = Found::How::Conditions;
      found.accepted = trial;
      break;
    }
  }
  return found;
}
