//===- Training.cpp - The loop that a run is --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Training.h"

#include "Error.h"
#include "Evaluation.h"

#include <algorithm>

using namespace costate::rt;

StepLoop::StepLoop(Session &session, const Datasets &datasets)
    : session(session), datasets(datasets), batches(datasets.size()), rounds(datasets.size(), 0) {
  const Program &program = session.program;
  const Training &training = program.training;
  for (const std::string &name : training.batchedSets)
    for (size_t i = 0; i < program.sets.size(); ++i)
      if (program.sets[i].name == name && datasets[i]) {
        batches[i] =
            std::make_unique<Batches>(*datasets[i], program.sets[i].columns, training.batch, session.seed);
        if (!firstBatched)
          firstBatched = batches[i].get();
      }
  planned = training.steps;
  if (firstBatched && training.epochs > 0) {
    int64_t most = WholeRange().most;
    if (training.epochs > most / firstBatched->stepsPerEpoch())
      failUsage("'training.epochs': found ", training.epochs, " epochs of ", firstBatched->stepsPerEpoch(),
                " steps, required at most ", most, " steps in all");
    planned = training.epochs * firstBatched->stepsPerEpoch();
  }

  auto datasetOf = [&, whole = datasetsByName(program, datasets)](const Argument &argument) {
    Dataset *dataset = whole(argument);
    for (size_t i = 0; i < datasets.size(); ++i)
      if (datasets[i].get() == dataset && batches[i])
        return &batches[i]->batch();
    return dataset;
  };
  if (training.lineSearch) {
    armijo.emplace(session, *training.lineSearch, datasetOf);
    return;
  }
  const Entry *entry = program.findEntry("step");
  if (!entry)
    fail("this program has no entry 'step': it cannot be trained");
  step.emplace(session, *entry, datasetOf);
}

void StepLoop::prepare(int64_t stepIndex) {
  session.setStep(stepIndex);
  for (size_t i = 0; i < datasets.size(); ++i) {
    if (!datasets[i])
      continue;
    const SetSpec &set = session.program.sets[i];
    if (!set.isData && set.resampleEvery > 0) {
      int64_t round = stepIndex / set.resampleEvery;
      if (round != rounds[i])
        resampleDataset(set, session.seed, round, *datasets[i]);
      rounds[i] = round;
    }
    if (batches[i])
      batches[i]->load(stepIndex);
  }
}

StepLoop::Outcome StepLoop::run() {
  if (!armijo) {
    (*step)();
    return Outcome::Moved;
  }
  switch ((*armijo)()) {
  case ArmijoStep::Outcome::Stationary:
    return Outcome::Stationary;
  case ArmijoStep::Outcome::Failed:
    return Outcome::LineSearchFailed;
  case ArmijoStep::Outcome::Moved:
    break;
  }
  return Outcome::Moved;
}

bool StepLoop::seesTheSame() const {
  for (const SetSpec &set : session.program.sets)
    if (!set.isData && set.resampleEvery > 0)
      return false;
  return !firstBatched;
}

std::vector<Dataset *> StepLoop::seen() const {
  std::vector<Dataset *> result;
  for (size_t i = 0; i < datasets.size(); ++i)
    if (datasets[i])
      result.push_back(batches[i] ? &batches[i]->batch() : datasets[i].get());
  return result;
}
