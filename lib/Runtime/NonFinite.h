//===- NonFinite.h - Where a NaN came from ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_NONFINITE_H
#define COSTATE_LIB_RUNTIME_NONFINITE_H

#include "Session.h"

#include <string>

namespace costate::rt {

/// The first metric that is not finite, or -1.
int64_t firstNonFiniteMetric(const Session &session);
/// Whether all parameters are finite.
bool parametersFinite(const Session &session);

/// Names the metric, its place in the source and the step; where an entry `residual.` exists, a sample point
/// at which the parameters from before the step give no finite value.
std::string explainNonFinite(Session &session, const Buffer &thetaBefore, int64_t step,
                             const std::vector<Dataset *> &datasets);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_NONFINITE_H
