//===- Session.cpp - A program with its memory ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Session.h"

#include "Error.h"
#include "Initializers.h"

#include <algorithm>

using namespace costate::rt;

Session::Session(const Program &program, int64_t threads)
    : program(program), threads(std::clamp<int64_t>(threads, 1, program.maxWorkers)),
      seed(program.training.seed), theta(program.precision, program.parameterCount),
      grad(program.precision, program.parameterCount), metrics(program.precision, program.metrics.size()),
      hypers(program.precision, program.hypers.size() + 1),
      workspace(program.hostWorkspaceBytes + program.workspaceBytesPerWorker * this->threads) {
  for (const State &state : program.states)
    states.emplace_back(program.precision, elementsOf(state.shape));
  for (const Hyper &hyper : program.hypers)
    hyperBases.push_back(hyper.value);
  costate_rt_set_threads(this->threads);
  setStep(0);
}

void Session::initialize() {
  initializeParameters(program, seed, theta);
  for (size_t i = 0; i < states.size(); ++i)
    states[i].fill(program.states[i].init);
}

void Session::setStep(int64_t step) {
  for (size_t i = 0; i < program.hypers.size(); ++i) {
    const Hyper &hyper = program.hypers[i];
    // The step of the optimizers counts from one.
    bool isStep = hyper.name == "step";
    hypers.set(i, isStep ? static_cast<double>(step + 1) : hyperBases[i] * hyper.schedule.factorAt(step));
  }
  hypers.set(program.hypers.size(), static_cast<double>(step + 1));
}

int64_t Session::memoryInBytes() const {
  int64_t total = theta.sizeInBytes() + grad.sizeInBytes() + program.hostWorkspaceBytes +
                  program.workspaceBytesPerWorker * threads;
  for (const Buffer &state : states)
    total += state.sizeInBytes();
  return total;
}

Call::Call(Session &session, const Entry &entry, const DatasetOf &datasetOf, int64_t outCapacity)
    : entry(entry), session(session), outCapacity(outCapacity) {
  const Program &program = session.program;
  std::vector<void *> capacities;
  outputs.reserve(entry.args.size());
  auto indexOf = [](const auto &list, const std::string &name) {
    size_t index = 0;
    while (index < list.size() && list[index].name != name)
      ++index;
    return index;
  };
  auto elementAt = [&](const Buffer &buffer, size_t index) {
    return static_cast<void *>(static_cast<char *>(buffer.data()) + index * bytesOf(program.precision));
  };
  for (const Argument &argument : entry.args) {
    switch (argument.role) {
    case Role::Theta:
      args.push_back(session.theta.data());
      break;
    case Role::State:
      args.push_back(session.states[indexOf(program.states, argument.name)].data());
      break;
    case Role::Hyper:
      // "step" that is not declared stands behind the declared ones.
      args.push_back(elementAt(session.hypers, indexOf(program.hypers, argument.name)));
      break;
    case Role::Metrics:
      args.push_back(session.metrics.data());
      break;
    case Role::Grad:
      args.push_back(session.grad.data());
      break;
    case Role::Count:
      args.push_back(&datasetOf(argument)->count);
      break;
    case Role::Total:
      args.push_back(const_cast<int64_t *>(&datasetOf(argument)->whole().count));
      break;
    case Role::Column: {
      Dataset *dataset = datasetOf(argument);
      const Column *column = dataset->find(argument.column);
      if (!column || elementsOf(argument.shape) != column->components)
        fail("entry '", entry.name, "' requires column '", argument.column, "' of shape ",
             textOf(argument.shape), ", set '", dataset->name, "' has ",
             column ? textOf(column->shape) : std::string("none of that name"));
      args.push_back(column->data.data());
      capacities.push_back(&dataset->capacity);
      break;
    }
    case Role::Out:
      outputs.push_back({{argument.name, argument.shape},
                         Buffer(program.precision, elementsOf(argument.shape) * this->outCapacity)});
      args.push_back(outputs.back().data.data());
      capacities.push_back(&this->outCapacity);
      break;
    }
  }
  args.insert(args.end(), capacities.begin(), capacities.end());
}
