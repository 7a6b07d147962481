//===- Train.cpp - The verb train -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"
#include "Device.h"
#include "Error.h"
#include "Evaluation.h"
#include "Feasibility.h"
#include "File.h"
#include "Metrics.h"
#include "NearestName.h"
#include "NonFinite.h"
#include "Progress.h"
#include "Report.h"
#include "Requirements.h"
#include "RunFolder.h"
#include "Signals.h"
#include "Training.h"
#include "Verbs.h"
#include "Vtk.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

using namespace costate::rt;

namespace {

class Run {
public:
  Run(const Program &program, const Config &config, const Options &options)
      : program(program), config(config), options(options),
        requirements(parseRequirements(options.requirements, program, {"seconds", "seconds_per_step"})),
        session(program, options.threads) {}

  int train() {
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

  const Program &program;
  const Config &config;
  const Options &options;
  // Refused before there is a folder->
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
  /// Why no further step would lead anywhere; empty where one may.
  std::string standstill;
};

void Run::begin() {
  if (options.resume.empty()) {
    if (!options.runDir.empty())
      RunFolder::checkFree(options.runDir);
    manifest.data = options.data;
    manifest.reference = options.reference;
    manifest.started = timestamp();
  } else {
    readRun();
  }
  manifest.command = options.command;
  manifest.seed = session.seed;
  manifest.threads = session.threads;
  manifest.status = "running";
  manifest.device = deviceText();
  datasets = loadDatasets(program, manifest.data, session.seed, allSets(program));
  session.initialize();
  if (folder)
    compareWithRun();
  loop = std::make_unique<StepLoop>(session, datasets);
  last = loop->plannedSteps();
  if (last < 1)
    failUsage("nothing says how long to train: set training.steps or training.epochs");
  if (options.maxSteps)
    last = std::min(last, *options.maxSteps);
  if (folder)
    openLog();
  else
    makeRun();
  warned.assign(program.metrics.size(), false);
  if (!options.json && !options.quiet) {
    std::printf("seed %llu | %s | %s, %lld thread%s | %s\n", static_cast<unsigned long long>(session.seed),
                nameOf(program.precision), manifest.device.c_str(), static_cast<long long>(session.threads),
                session.threads == 1 ? "" : "s", folder->path().c_str());
    if (done > 0)
      std::printf("resumed after step %lld\n", static_cast<long long>(done));
    std::fflush(stdout);
  }
}

/// What the run that goes on was.
void Run::readRun() {
  folder = RunFolder::open(options.resume);
  folder->lock();
  removeTemporaries(folder->path());
  manifest = folder->readManifest(program);
  secondsBefore = manifest.seconds;
  if (manifest.seed != session.seed)
    failUsage("'", folder->path(), "' was begun with seed ", manifest.seed, ": found seed ", session.seed,
              ", required the same, since batches and samples follow from it");
  if (!options.data.empty())
    manifest.data = options.data;
  if (!options.reference.empty())
    manifest.reference = options.reference;
}

/// Reads the newest checkpoint, and sees that the data is what it was.
void Run::compareWithRun() {
  std::vector<std::string> checkpoints = folder->checkpoints();
  if (!checkpoints.empty()) {
    NewestCheckpoint newest = readNewestCheckpoint(checkpoints, session);
    savedFile = newest.path;
    firstStep = done = lastSaved = lastGood = newest.stepsDone;
  } else if (manifest.steps > 0) {
    fail("'", folder->path(), "' has no checkpoint to resume from");
  } else {
    std::fprintf(stderr, "notice: '%s' has no checkpoint yet: it begins with the first step\n",
                 folder->path().c_str());
  }
  for (const auto &[set, digest] : digestsOf(program, datasets)) {
    auto before = manifest.digests.find(set);
    if (before == manifest.digests.end() || before->second == digest)
      continue;
    std::string what = cat("the data of set '", set, "' is not what '", folder->path(), "' was trained on");
    if (options.data.empty())
      fail(what, " (its file has changed): give --data to go on with it");
    std::fprintf(stderr, "warning: %s: from here on the run goes on with other data\n", what.c_str());
  }
}

void Run::makeRun() {
  folder = RunFolder::create(program.name, options.runDir);
  try {
    openLog();
  } catch (...) {
    folder->discard();
    throw;
  }
}

void Run::openLog() {
  manifest.digests = digestsOf(program, datasets);
  std::vector<std::string> names;
  for (const MetricSpec &metric : program.metrics)
    names.push_back(metric.name);
  for (const Hyper &hyper : program.hypers)
    if (hyper.schedule.kind != Schedule::Kind::Constant)
      names.push_back(hyper.name);
  // With the manifest it is a run folder, which --resume takes.
  writeFileAtomically(folder->file("config.toml"), config.text());
  folder->writeManifest(program, manifest);
  log = std::make_unique<MetricsLog>(folder->path(), names, done);
  // A run that was killed did not note its time; its rows did.
  MetricsTable logged = readMetrics(folder->path());
  for (double seconds : *logged.find("seconds"))
    secondsBefore = std::max(secondsBefore, seconds);
}

std::string Run::figuresText() const {
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

void Run::checkpoint() {
  if (lastSaved == done)
    return;
  // In this order: where a checkpoint is, the rows up to it are.
  log->sync();
  std::string file = folder->checkpointFile(done);
  writeCheckpoint(file, session, done);
  savedFile = file;
  lastSaved = done;
}

void Run::logStep(double seconds) {
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
void Run::noteDivergence(const Buffer *thetaBefore) {
  status = "diverged";
  bool isExact = firstNonFiniteMetric(session) >= 0 || done - lastGood <= 1;
  reason = cat(isExact ? "diverged at step " : "diverged by step ", done, ": ", describeNonFinite(session),
               isExact ? "" : cat("; after step ", lastGood, " all was finite"));
  if (thetaBefore)
    session.theta.copyFrom(*thetaBefore);
  explanation = reason + nonFinitePoint(session, loop->seen());
}

void Run::warnOfCounts() {
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

void Run::loopOverSteps() {
  StopSignals signals;
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
    standstill = "no step changes anything more";
  else if (int64_t since = stall.stalledSince(); since >= 0)
    standstill = cat("steps raise and lower the violations without getting below those of step ", since);
  loopSeconds = elapsed();
  progress.finish(done, loopSeconds, figuresText());
  log->flush();
  manifest.steps = done;
  manifest.seconds = secondsBefore + loopSeconds;
  if (status != "diverged")
    checkpoint();
}

void Run::closeManifest(const std::string &newStatus, const std::string &why) {
  manifest.status = newStatus;
  manifest.device = deviceText();
  manifest.stopReason = why;
  folder->writeManifest(program, manifest);
}

void Run::printJson(int code) {
  if (!options.json)
    return;
  nlohmann::ordered_json results = nlohmann::ordered_json::object();
  for (const auto &[name, value] : manifest.results)
    results[name] = std::isfinite(value) ? nlohmann::ordered_json(value)
                                         : nlohmann::ordered_json::parse(jsonNumber(value));
  nlohmann::ordered_json json = {{"program", program.name},     {"run", folder->path()},
                                 {"status", manifest.status},   {"stop_reason", manifest.stopReason},
                                 {"exit_code", code},           {"seed", manifest.seed},
                                 {"threads", manifest.threads}, {"steps", manifest.steps},
                                 {"seconds", manifest.seconds}, {"results", results}};
  // A path need not be UTF-8.
  std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

/// The reason counts; that it could not be noted is said beside.
void Run::closeFailed(const std::string &why) {
  try {
    closeManifest("failed", why);
  } catch (const Error &error) {
    std::fprintf(stderr, "warning: %s\n", error.what());
  }
}

int Run::finishEarly() {
  closeManifest(status, reason);
  if (status == "interrupted") {
    std::fprintf(stderr, "%s after step %lld; checkpoint %s\n  go on with: train --resume %s\n",
                 reason.c_str(), static_cast<long long>(done), savedFile.c_str(), folder->path().c_str());
    printJson(Interrupted);
    return Interrupted;
  }
  std::fprintf(stderr, "error: %s\n  last good checkpoint: %s\n", explanation.c_str(),
               savedFile.empty() ? "none was written yet (--checkpoint-every writes them more often)"
                                 : savedFile.c_str());
  try {
    writeReport(program, *folder);
  } catch (const Error &error) {
    std::fprintf(stderr, "warning: no report: %s\n", error.what());
  }
  printJson(Diverged);
  return Diverged;
}

int Run::finish() {
  // Whole sets as they stood in the last step, and the fields of all networks on the first set that has their
  // inputs.
  std::map<std::string, double> &figures = manifest.results;
  figures.clear();
  for (size_t i = 0; i < program.metrics.size(); ++i)
    figures[program.metrics[i].name] = session.metric(i);
  for (const auto &[name, value] : evaluateObjective(session, datasets))
    figures[name] = value;
  // Also what no batch has met: an error, after all else has been written.
  std::string notFinite = firstNonFiniteMetric(session) >= 0 ? describeNonFinite(session) : "";
  std::unique_ptr<Dataset> reference;
  std::vector<Field> fields = evaluateNetworks(session, datasets, manifest.reference, reference);
  addErrors(fields, figures);
  figures["seconds"] = loopSeconds;
  if (done > firstStep)
    figures["seconds_per_step"] = stepSeconds / static_cast<double>(done - firstStep);
  if (!fields.empty()) {
    writeFileAtomically(folder->file("pred.npz"), formatFields(fields, program.precision));
    writeVtk(folder->path(), fields);
  }
  if (std::string why = standstill.empty() ? "" : describeInfeasibility(program, figures); !why.empty()) {
    status = "infeasible";
    reason = cat("infeasible: ", why, ", and ", standstill, "; ", reason);
    std::fprintf(stderr, "error: %s\n", reason.c_str());
  }
  if (!notFinite.empty()) {
    status = "diverged";
    reason = cat("not finite on whole sets after step ", done, ": ", notFinite);
    std::fprintf(stderr, "error: %s%s\n  last checkpoint: %s\n", reason.c_str(),
                 nonFinitePoint(session, loaded(datasets)).c_str(), savedFile.c_str());
  }
  closeManifest(status, reason);
  std::string required;
  bool met = checkRequirements(requirements, figures, required);
  writeReport(program, *folder);
  int code = status == "diverged" ? Diverged : status == "infeasible" ? Infeasible : met ? Done : Missed;
  if (options.json) {
    printJson(code);
    return code;
  }
  if (!options.quiet) {
    std::printf("stopped: %s\n", reason.c_str());
    for (const MetricSpec &metric : program.metrics)
      std::printf("  %-32s %s\n", metric.name.c_str(), figureText(figures[metric.name]).c_str());
    if (figures.count("l2re"))
      std::printf("  %-32s %s\n", "l2re", figureText(figures["l2re"]).c_str());
    if (figures.count("seconds_per_step"))
      std::printf("  %-32s %s\n", "time per step", durationText(figures["seconds_per_step"]).c_str());
  }
  if (!required.empty())
    std::printf("%s", required.c_str());
  if (!options.quiet)
    std::printf("report: %s\n", folder->file("report.html").c_str());
  return code;
}

} // namespace

int costate::rt::trainVerb(const Program &program, const Config &config, const Options &options) {
  IgnoreClosedPipes ignoreClosedPipes;
  return Run(program, config, options).train();
}
