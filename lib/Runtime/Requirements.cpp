//===- Requirements.cpp - Figures that a run has to reach -------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Requirements.h"

#include "Error.h"
#include "NearestName.h"
#include "Numbers.h"
#include "Progress.h"

#include <algorithm>
#include <cmath>

using namespace costate::rt;

bool Requirement::holds(double value) const {
  if (relation == "<=")
    return value <= bound;
  if (relation == "<")
    return value < bound;
  if (relation == ">=")
    return value >= bound;
  return value > bound;
}

static Requirement parseRequirement(const std::string &text) {
  auto trimmed = [](std::string part) {
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    return part;
  };
  size_t at = text.find_first_of("<>");
  Requirement requirement;
  if (at != std::string::npos) {
    size_t after = at + (text.size() > at + 1 && text[at + 1] == '=' ? 2 : 1);
    requirement = {trimmed(text.substr(0, at)), text.substr(at, after - at), 0};
    std::string number = trimmed(text.substr(after));
    std::optional<double> bound = numberOf(number);
    if (!requirement.metric.empty() && bound && !std::isnan(*bound)) {
      requirement.bound = *bound;
      return requirement;
    }
  }
  failUsage("--require: found '", text, "', required METRIC<=NUMBER (or <, >=, >)");
}

std::vector<Requirement> costate::rt::parseRequirements(const std::vector<std::string> &texts,
                                                        const Program &program,
                                                        const std::vector<std::string> &extra) {
  std::vector<std::string> names = extra;
  for (const MetricSpec &metric : program.metrics)
    names.push_back(metric.name);
  for (const Entry *network : program.entriesWithPrefix("predict.")) {
    names.push_back("l2re");
    for (const ColumnSpec &output : network->outputs)
      names.push_back("l2re." + output.name);
  }
  std::vector<Requirement> requirements;
  for (const std::string &text : texts) {
    requirements.push_back(parseRequirement(text));
    const std::string &metric = requirements.back().metric;
    if (std::find(names.begin(), names.end(), metric) == names.end())
      failUsage("--require: unknown figure '", metric, "'", didYouMean(metric, names));
  }
  return requirements;
}

bool costate::rt::checkRequirements(const std::vector<Requirement> &requirements,
                                    const std::map<std::string, double> &figures, std::string &report) {
  bool all = true;
  for (const Requirement &requirement : requirements) {
    auto found = figures.find(requirement.metric);
    std::string bound = requirement.relation + " " + figureText(requirement.bound);
    if (found == figures.end()) {
      // An error, and nothing to compare with: no set has the network's true output, and no --reference was
      // given.
      report += cat(requirement.metric, ": there is no reference to compute it from (required ", bound,
                    "): MISSED\n");
      all = false;
      continue;
    }
    bool holds = requirement.holds(found->second);
    report += cat(requirement.metric, " ", figureText(found->second), " (required ", bound, ")",
                  holds ? "" : ": MISSED", "\n");
    all &= holds;
  }
  return all;
}
