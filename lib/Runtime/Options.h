//===- Options.h - What the command line asked for --------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_OPTIONS_H
#define COSTATE_LIB_RUNTIME_OPTIONS_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace costate::rt {

struct Options {
  std::string verb;
  /// The command as it can be typed again.
  std::string command;
  std::vector<std::string> data, sets, requirements;
  std::string config, reference, runDir, resume, checkpoint, output, device;
  /// Settings as they were given.
  std::optional<std::string> seed, batch, epochs;
  std::optional<int64_t> maxSteps;
  std::optional<double> maxSeconds;
  int64_t threads = 0;
  int64_t logEvery = 0, checkpointEvery = 0;
  int64_t benchSteps = 0;
  bool quiet = false, json = false;
  /// report: the run folder.
  std::string run;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_OPTIONS_H
