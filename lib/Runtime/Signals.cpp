//===- Signals.cpp - Being asked to stop ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Signals.h"

#include "Output.h"

#include <cstdio>
#include <poll.h>
#include <stdio_ext.h>
#include <unistd.h>

using namespace costate::rt;

constexpr int stopSignals[] = {SIGINT, SIGTERM, SIGHUP};

static volatile std::sig_atomic_t stopSignal = 0;

static void noteSignal(int signal) { stopSignal = signal; }

StopSignals::StopSignals() {
  stopSignal = 0;
  for (int signal : stopSignals) {
    struct sigaction action{}, before{};
    if (signal == SIGHUP && sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN)
      continue;
    action.sa_handler = noteSignal;
    // The second signal finds the default action.
    action.sa_flags = SA_RESETHAND;
    sigaction(signal, &action, nullptr);
  }
}

StopSignals::~StopSignals() {
  for (int signal : stopSignals) {
    struct sigaction now{};
    if (sigaction(signal, nullptr, &now) == 0 && now.sa_handler == noteSignal)
      std::signal(signal, SIG_DFL);
  }
}

int StopSignals::pending() const { return stopSignal; }

const char *StopSignals::nameOf(int signal) {
  return signal == SIGTERM ? "SIGTERM" : signal == SIGHUP ? "SIGHUP" : "SIGINT";
}

IgnoreClosedPipes::IgnoreClosedPipes() {
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &before);
}

IgnoreClosedPipes::~IgnoreClosedPipes() {
  // What nobody reads must not end the process later, when it is flushed again.
  struct pollfd output{STDOUT_FILENO, POLLOUT, 0};
  flushOutput();
  if (::poll(&output, 1, 0) == 1 && (output.revents & POLLERR)) {
    __fpurge(stdout);
    std::clearerr(stdout);
  }
  sigaction(SIGPIPE, &before, nullptr);
}
