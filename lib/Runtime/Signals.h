//===- Signals.h - Being asked to stop --------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_SIGNALS_H
#define COSTATE_LIB_RUNTIME_SIGNALS_H

#include <csignal>

namespace costate::rt {

/// While it lives, SIGINT, SIGTERM and SIGHUP are noted instead of ending the process; a second one ends it.
/// A hangup that the caller ignores (nohup) stays ignored.
class StopSignals {
public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals &) = delete;
  StopSignals &operator=(const StopSignals &) = delete;

  /// The signal that came, or 0.
  int pending() const;
  /// "SIGINT"
  static const char *nameOf(int signal);
};

/// While it lives, writing to a pipe that nobody reads is an error of the write instead of the end of the
/// process: a run outlives whoever watches it.
class IgnoreClosedPipes {
public:
  IgnoreClosedPipes();
  ~IgnoreClosedPipes();
  IgnoreClosedPipes(const IgnoreClosedPipes &) = delete;
  IgnoreClosedPipes &operator=(const IgnoreClosedPipes &) = delete;

private:
  struct sigaction before{};
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_SIGNALS_H
