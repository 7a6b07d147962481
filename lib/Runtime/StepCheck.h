//===- StepCheck.h - The step against the gradient --------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_STEPCHECK_H
#define COSTATE_LIB_RUNTIME_STEPCHECK_H

#include "Session.h"

#include <string>

namespace costate::rt {

/// Makes the first step from the session's parameters, whose gradient stands in `session.grad` and whose
/// figures in `session.metrics`, and says what is wrong with it, or "". The step has to report the same
/// figures; without multipliers and from states that are zero, every optimizer moves each parameter against
/// its gradient, those that do not scale elements along the gradient as a whole, and those without states by
/// the step size times the gradient. Parameters, states, hyperparameters and figures are as before.
std::string checkStep(Session &session, const Entry &step, const DatasetOf &datasetOf);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_STEPCHECK_H
