//===- NonFinite.h - Where a NaN came from ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_NONFINITE_H
#define COSTATE_LIB_RUNTIME_NONFINITE_H

#include "Session.h"

#include <string>

namespace costate::rt {

/// Whether a figure is one: a number, or the infinite condition of what is singular.
bool isGood(const MetricSpec &metric, double value);
/// The first metric that is not good, or -1.
int64_t firstNonFiniteMetric(const Session &session);
/// Whether all parameters and states are finite.
bool isFinite(const Session &session);

/// Names the metrics that are not good with their places in the source; where there are none, the first
/// parameter or else the first element of a state that is not finite.
std::string describeNonFinite(const Session &session);

/// A point of the sets at which a residual or a network has no finite value under the session's parameters,
/// on a line of its own; empty where there is none.
std::string nonFinitePoint(Session &session, const std::vector<Dataset *> &datasets);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_NONFINITE_H
