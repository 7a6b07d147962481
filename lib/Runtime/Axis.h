//===- Axis.h - Ranges and ticks of a plot ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_AXIS_H
#define COSTATE_LIB_RUNTIME_AXIS_H

#include <string>
#include <vector>

namespace costate::rt {

class Axis {
public:
  explicit Axis(bool log) : log(log) {}

  /// Whether the value can be drawn at all.
  bool accepts(double value) const;
  void include(double value);
  /// Ends the collection; `margin` leaves room beyond the extreme values.
  void settle(bool margin);

  /// In [0, 1].
  double place(double value) const;
  struct Tick {
    double value;
    std::string label;
  };
  /// Linear: about six round numbers. Log: powers of ten, and what lies between them where there are few.
  std::vector<Tick> ticks() const;

private:
  std::vector<Tick> logTicks() const;
  bool log;
  /// Logarithms where `log`.
  double low = 1e300, high = -1e300;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_AXIS_H
