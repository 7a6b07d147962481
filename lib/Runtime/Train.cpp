//===- Train.cpp - The verb train -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"
#include "Device.h"
#include "Error.h"
#include "Feasibility.h"
#include "NonFinite.h"
#include "Progress.h"
#include "TrainingRun.h"

#include <algorithm>
#include <cstdio>

using namespace costate::rt;

int TrainingRun::train() {
  begin();
  setDeviceFailureHandler([this](const std::string &message) { closeFailed(message); });
  try {
    loopOverSteps();
    if (status == "diverged" || status == "interrupted")
      return finishEarly();
    return finish();
  } catch (const std::exception &error) {
    closeFailed(error.what());
    throw;
  }
}

std::string TrainingRun::figuresText() const {
  std::string text;
  int64_t shown = 0;
  for (size_t i = 0; i < program.metrics.size() && shown < 4; ++i) {
    const std::string &kind = program.metrics[i].kind;
    if (kind != "objective" && kind != "violation" && kind != "total")
      continue;
    text += (shown++ ? "  " : "") + program.metrics[i].name + " " + figureText(session.metric(i));
  }
  return text;
}

void TrainingRun::checkpoint() {
  if (lastSaved == done)
    return;
  // In this order: where a checkpoint is, the rows up to it are.
  log->sync();
  std::string file = folder->checkpointFile(done);
  writeCheckpoint(file, session, done);
  savedFile = file;
  lastSaved = done;
}

void TrainingRun::logStep(double seconds) {
  std::vector<double> values;
  for (size_t i = 0; i < program.metrics.size(); ++i)
    values.push_back(session.metric(i));
  for (size_t i = 0; i < program.hypers.size(); ++i)
    if (program.hypers[i].schedule.kind != Schedule::Kind::Constant)
      values.push_back(session.hypers.get(i));
  log->add(done, loop->epochOf(done), secondsBefore + seconds, values);
}

/// Where the step gave a metric, a parameter or a state that is no number. `thetaBefore` are the parameters
/// before the step, if they are at hand.
void TrainingRun::noteDivergence(const Buffer *thetaBefore) {
  status = "diverged";
  bool isExact = firstNonFiniteMetric(session) >= 0 || done - lastGood <= 1;
  reason = cat(isExact ? "diverged at step " : "diverged by step ", done, ": ", describeNonFinite(session),
               isExact ? "" : cat("; after step ", lastGood, " all was finite"));
  if (thetaBefore)
    session.theta.copyFrom(*thetaBefore);
  explanation = reason + nonFinitePoint(session, loop->seen());
}

void TrainingRun::warnOfCounts() {
  for (size_t i = 0; i < program.metrics.size(); ++i) {
    const MetricSpec &metric = program.metrics[i];
    if (metric.kind != "count" || warned[i] || !(session.metric(i) > 0))
      continue;
    warned[i] = true;
    std::fprintf(stderr, "warning: '%s' is %s at step %lld%s%s%s; it is said once\n", metric.name.c_str(),
                 figureText(session.metric(i)).c_str(), static_cast<long long>(done),
                 metric.loc.empty() ? "" : " (", metric.loc.c_str(), metric.loc.empty() ? "" : ")");
  }
}

void TrainingRun::loopOverSteps() {
  Progress progress(options.quiet || options.json, last);
  int64_t logEvery = options.logEvery > 0 ? options.logEvery : std::max<int64_t>(1, last / 1000);
  int64_t checkpointEvery =
      options.checkpointEvery > 0 ? options.checkpointEvery : std::max<int64_t>(1, last / 10);
  Buffer thetaBefore(program.precision, program.parameterCount);
  RestDetector rest(session, *loop);
  StallDetector stall(session, *loop);
  bool cameToRest = false;
  started = std::chrono::steady_clock::now();
  double flushedAt = 0;
  reason = cat("all ", last, " steps done");
  if (options.maxSteps && last < loop->plannedSteps())
    reason = cat("budget spent: ", last, " of ", loop->plannedSteps(), " steps (--max-steps)");

  while (done < last) {
    if (int signal = signals.pending()) {
      status = "interrupted";
      reason = cat("interrupted by ", StopSignals::nameOf(signal));
      break;
    }
    double before = elapsed();
    if (options.maxSeconds && before >= *options.maxSeconds) {
      reason = cat("budget spent: ", durationText(before), " (--max-time)");
      break;
    }
    loop->prepare(done);
    thetaBefore.copyFrom(session.theta);
    double stepBegan = elapsed();
    StepLoop::Outcome outcome = loop->run();
    ++done;
    double now = elapsed();
    stepSeconds += now - stepBegan;
    bool logs = done % logEvery == 0 || done == 1 || done == last;
    bool isChecked = logs || done % checkpointEvery == 0 || outcome != StepLoop::Outcome::Moved;
    if (firstNonFiniteMetric(session) >= 0 || (isChecked && !isFinite(session))) {
      logStep(now);
      noteDivergence(&thetaBefore);
      break;
    }
    if (isChecked)
      lastGood = done;
    warnOfCounts();
    stall.see(done);
    if (logs)
      logStep(now);
    if (progress.due(now))
      progress.show(done, now, figuresText());
    if (now - flushedAt > 1) {
      log->flush();
      flushedAt = now;
    }
    if (done % checkpointEvery == 0)
      checkpoint();
    if (outcome == StepLoop::Outcome::Stationary)
      reason = "stationary: the gradient is zero or points out of the bounds";
    else if (outcome == StepLoop::Outcome::LineSearchFailed)
      reason = cat("line search failed: no step is short enough (slope ", figureText(loop->slope()), ")");
    cameToRest = outcome != StepLoop::Outcome::Moved || rest.atRest(thetaBefore);
    if (outcome != StepLoop::Outcome::Moved)
      break;
  }
  // A signal or the time may have come between two looks at the parameters.
  if (status != "diverged" && !isFinite(session))
    noteDivergence(nullptr);
  if (cameToRest)
    isAtRest = true;
  else
    stalledSince = stall.stalledSince();
  loopSeconds = elapsed();
  progress.finish(done, loopSeconds, figuresText());
  log->flush();
  manifest.steps = done;
  manifest.seconds = secondsBefore + loopSeconds;
  if (status != "diverged")
    checkpoint();
}

int costate::rt::trainVerb(const Program &program, const Config &config, const Options &options) {
  IgnoreClosedPipes ignoreClosedPipes;
  return TrainingRun(program, config, options).train();
}
