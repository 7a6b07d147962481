//===- Progress.h - How far a run is ----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_PROGRESS_H
#define COSTATE_LIB_RUNTIME_PROGRESS_H

#include <cstdint>
#include <string>

namespace costate::rt {

/// A bar that is redrawn where standard error is a terminal; plain lines, a few seconds apart, otherwise.
class Progress {
public:
  Progress(bool quiet, int64_t totalSteps);
  ~Progress() { clear(); }

  /// Whether it is time to say something; cheap enough to be asked in every step.
  bool due(double seconds) const { return !quiet && seconds >= nextAt; }
  void show(int64_t step, double seconds, const std::string &figures);
  /// Leaves the last line standing.
  void finish(int64_t step, double seconds, const std::string &figures);
  /// Prints a line of its own, above the bar.
  void note(const std::string &line);

private:
  void clear();
  std::string line(int64_t step, double seconds, const std::string &figures) const;
  bool quiet, terminal, colour;
  int64_t totalSteps;
  double nextAt = 0;
  bool drawn = false;
};

/// "1.3e-04" without trailing zeros that say nothing: four significant digits.
std::string figureText(double value);
/// "9.8 s", "3 min 20 s"
std::string durationText(double seconds);

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_PROGRESS_H
