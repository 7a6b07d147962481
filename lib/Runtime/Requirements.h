//===- Requirements.h - Figures that a run has to reach ---------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_REQUIREMENTS_H
#define COSTATE_LIB_RUNTIME_REQUIREMENTS_H

#include "Program.h"

#include <map>
#include <string>
#include <vector>

namespace costate::rt {

/// "metric<=1e-2", with <=, <, >= or >.
struct Requirement {
  std::string metric, relation;
  double bound = 0;

  bool holds(double value) const;
};

/// Throws Error (usage) for what is no requirement, and for a figure that the program cannot have. `extra`
/// names figures beside the metrics and the errors of the networks' outputs.
std::vector<Requirement> parseRequirements(const std::vector<std::string> &texts, const Program &program,
                                           const std::vector<std::string> &extra = {});

/// Says of each whether it was met (one line each, appended to `report`), and returns whether all were. A
/// figure that is not there or is NaN was not met.
bool checkRequirements(const std::vector<Requirement> &requirements,
                       const std::map<std::string, double> &figures, std::string &report);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_REQUIREMENTS_H
