//===- BeginTraining.cpp - A run of the verb train until its first step -----===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"
#include "Config.h"
#include "Device.h"
#include "Error.h"
#include "File.h"
#include "Output.h"
#include "TrainingRun.h"

#include <algorithm>
#include <cstdio>

using namespace costate::rt;

/// A run that is resumed reads the names of its files from its manifest, which is text.
static void requireText(const char *option, const std::string &name) {
  if (inUtf8(name) != name)
    failUsage(option, ": found the name '", name, "', required UTF-8, which a manifest can hold");
}

void TrainingRun::begin() {
  for (const std::string &name : options.data)
    requireText("--data", name);
  requireText("--reference", options.reference);
  if (options.resume.empty()) {
    if (!options.runDir.empty())
      RunFolder::checkFree(options.runDir, options.config);
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
    flushOutput();
  }
}

/// What the run that goes on was.
void TrainingRun::readRun() {
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
void TrainingRun::compareWithRun() {
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

void TrainingRun::makeRun() {
  folder = RunFolder::create(program.name, options.runDir, options.config);
  try {
    openLog();
  } catch (...) {
    folder->discard();
    throw;
  }
}

void TrainingRun::openLog() {
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
