//===- TrainingRun.h - One run of the verb train ------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#ifndef COSTATE_LIB_RUNTIME_TRAININGRUN_H
#define COSTATE_LIB_RUNTIME_TRAININGRUN_H

#include "Metrics.h"
#include "Requirements.h"
#include "RunFolder.h"
#include "Signals.h"
#include "Training.h"
#include "Verbs.h"

#include <chrono>
#include <memory>
#include <optional>

namespace costate::rt {

/// What the verb train does.
class TrainingRun {
public:
  TrainingRun(const Program &program, const Config &config, const Options &options)
      : program(program), config(config), options(options),
        requirements(parseRequirements(options.requirements, program, {"seconds", "seconds_per_step"})),
        session(program, options.threads) {}

  /// Trains, and returns the exit code.
  int train();

private:
  void begin();
  void readRun();
  void compareWithRun();
  void makeRun();
  void openLog();
  void loopOverSteps();
  void checkpoint();
  void logStep(double seconds);
  void noteDivergence(const Buffer *thetaBefore);
  void warnOfCounts();
  int finish();
  int finishEarly();
  void closeManifest(const std::string &status, const std::string &reason);
  void closeFailed(const std::string &reason);
  void printJson(int code);
  std::string figuresText() const;
  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  }

  /// From before there is a folder to the end: a run that is asked to stop says so in its manifest. After the
  /// last step it is finished first.
  StopSignals signals;
  const Program &program;
  const Config &config;
  const Options &options;
  // Refused before there is a folder.
  std::vector<Requirement> requirements;
  Session session;
  /// Made once everything is loaded and checked, so that a start that fails leaves none.
  std::optional<RunFolder> folder;
  Manifest manifest;
  Datasets datasets;
  std::unique_ptr<StepLoop> loop;
  std::unique_ptr<MetricsLog> log;
  std::vector<bool> warned;
  int64_t done = 0, last = 0, lastSaved = -1, firstStep = 0;
  /// The last step after which parameters and states were known to be finite.
  int64_t lastGood = 0;
  std::string savedFile;
  double secondsBefore = 0, loopSeconds = 0;
  /// Time inside the compiled step alone: without batches, logs and checkpoints.
  double stepSeconds = 0;
  std::chrono::steady_clock::time_point started;
  std::string status = "done", reason, explanation;
  /// Whether no further step would change anything.
  bool isAtRest = false;
  /// The step since which the violations go up and down without getting lower, or -1.
  int64_t stalledSince = -1;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_TRAININGRUN_H
