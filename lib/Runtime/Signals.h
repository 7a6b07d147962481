//===- Signals.h - Being asked to stop --------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_SIGNALS_H
#define COSTATE_LIB_RUNTIME_SIGNALS_H

namespace costate::rt {

/// While it lives, SIGINT and SIGTERM are noted instead of ending the process; a second one ends it.
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

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_SIGNALS_H
