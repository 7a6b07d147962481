//===- Signals.cpp - Being asked to stop ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Signals.h"

#include <csignal>
#include <initializer_list>

using namespace costate::rt;

static volatile std::sig_atomic_t stopSignal = 0;

static void noteSignal(int signal) { stopSignal = signal; }

StopSignals::StopSignals() {
  stopSignal = 0;
  for (int signal : {SIGINT, SIGTERM}) {
    struct sigaction action{};
    action.sa_handler = noteSignal;
    // The second signal finds the default action.
    action.sa_flags = SA_RESETHAND;
    sigaction(signal, &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  for (int signal : {SIGINT, SIGTERM})
    std::signal(signal, SIG_DFL);
}

int StopSignals::pending() const { return stopSignal; }

const char *StopSignals::nameOf(int signal) { return signal == SIGTERM ? "SIGTERM" : "SIGINT"; }
