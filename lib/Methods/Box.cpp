//===- Box.cpp - Bounds of variables, and the projection on them ----------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Box.h"

#include "Sentence.h"

#include <cmath>
#include <stdexcept>

using namespace costate::methods;

/// A variable is almost at a bound within this, relative to the bound.
static constexpr double almost = 1e-6;

Box::Box(const Bounds &bounds, Index n) {
  if (bounds.low.empty() && bounds.high.empty())
    return;
  if (Index(bounds.low.size()) != n || Index(bounds.high.size()) != n)
    throw std::invalid_argument(sentence("bounds are of ", bounds.low.size(), " and ", bounds.high.size(),
                                         " variables, required ", n));
  low = Eigen::Map<const Vector>(bounds.low.data(), n);
  high = Eigen::Map<const Vector>(bounds.high.data(), n);
  for (Index i = 0; i < n; ++i)
    if (!(low[i] <= high[i]))
      throw std::invalid_argument(sentence("bounds of variable ", i, " are ", low[i], " and ", high[i],
                                           ", required: the lower is not above the higher"));
}

bool Box::project(Vector &point) const {
  if (empty())
    return false;
  bool moved = false;
  for (Index i = 0; i < point.size(); ++i) {
    double within = point[i] < low[i] ? low[i] : point[i] > high[i] ? high[i] : point[i];
    moved |= within != point[i] && !std::isnan(point[i]);
    point[i] = within;
  }
  return moved;
}

double Box::stationarity(const Vector &point, const Vector &gradient) const {
  if (empty())
    return gradient.norm();
  Vector moved = point - gradient;
  project(moved);
  // A free variable's own part, and not the difference of two that are large beside it.
  for (Index i = 0; i < moved.size(); ++i)
    moved[i] = moved[i] > low[i] && moved[i] < high[i] ? gradient[i] : point[i] - moved[i];
  return moved.norm();
}

std::vector<Index> Box::held(const Vector &point, const Vector &gradient) const {
  std::vector<Index> found;
  if (empty())
    return found;
  double near = std::min(almost, stationarity(point, gradient));
  for (Index i = 0; i < point.size(); ++i) {
    double bound = gradient[i] > 0 ? low[i] : high[i];
    if (gradient[i] != 0 && std::isfinite(bound) &&
        std::abs(point[i] - bound) <= near * (1 + std::abs(bound)))
      found.push_back(i);
  }
  return found;
}
