//===- Schedules.cpp - Hyperparameters that change with the step ------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Schedules.h"

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace costate::rt;

double Schedule::factorAt(int64_t step) const {
  switch (kind) {
  case Kind::Constant:
    return 1;
  case Kind::Step:
    return std::pow(factor, static_cast<double>(step / every));
  case Kind::Exponential:
    return std::pow(rate, static_cast<double>(step));
  case Kind::Cosine: {
    double progress = std::min(1.0, static_cast<double>(step) / static_cast<double>(steps));
    return final + (1 - final) * 0.5 * (1 + std::cos(std::numbers::pi * progress));
  }
  case Kind::Warmup:
    // The first step already moves: 1/steps, 2/steps, ..., 1.
    if (step < steps)
      return static_cast<double>(step + 1) / static_cast<double>(steps);
    return then ? then->factorAt(step - steps) : 1;
  case Kind::Piecewise: {
    // A step at a boundary is past it.
    auto passed = std::upper_bound(boundaries.begin(), boundaries.end(), step) - boundaries.begin();
    return factors[static_cast<size_t>(passed)];
  }
  }
  return 1;
}
