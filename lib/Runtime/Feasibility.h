//===- Feasibility.h - Whether a run can still meet its constraints -*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_FEASIBILITY_H
#define COSTATE_LIB_RUNTIME_FEASIBILITY_H

#include "Session.h"
#include "Training.h"

#include <map>
#include <string>
#include <vector>

namespace costate::rt {

/// Says when a run has come to rest: a step changes neither parameters nor states, and every step is given
/// the same, so that no later one would change anything either.
class RestDetector {
public:
  RestDetector(const Session &session, const StepLoop &loop);

  /// To be called after each step with the parameters before it. True from the second step on that changes
  /// nothing.
  bool atRest(const Buffer &thetaBefore);

private:
  const Session &session;
  bool isSteady, wasStill = false;
  std::vector<Buffer> states;
};

/// Says when the violations that multipliers are to lower go up and down and are lowered no more: along the
/// flow they would decay. Known where every step is given the same.
class StallDetector {
public:
  StallDetector(const Session &session, const StepLoop &loop);

  /// To be called after each step, with its number.
  void see(int64_t step);
  /// The step since which the violations together have been lowered by less than a hundredth, if that is half
  /// of all steps seen, a hundred or more, and ten of them or more raised them; else -1.
  int64_t stalledSince() const;

private:
  const Session &session;
  bool isSteady;
  std::vector<int64_t> violations;
  int64_t firstStep = -1, lastStep = 0, loweredAt = 0, raised = 0;
  double least = 0, before = 0;
};

/// Names the constraint with a multiplier whose violation is the largest, its violation and what is allowed,
/// if that is exceeded; else an empty string. A constraint without a multiplier (penalized, or only measured)
/// is a compromise that the problem asked for.
std::string describeViolation(const Program &program, const std::map<std::string, double> &figures);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_FEASIBILITY_H
