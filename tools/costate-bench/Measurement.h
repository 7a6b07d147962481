//===- Measurement.h - Interleaved timing of two steps, and checks of their gradients -----------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#ifndef COSTATE_BENCH_MEASUREMENT_H
#define COSTATE_BENCH_MEASUREMENT_H

#include "Workload.h"

#include <optional>

namespace costate::bench {

/// Seconds of one run: the median over the rounds, and the quartiles.
struct Timing {
  double median = 0, lower = 0, upper = 0;
};

struct Comparison {
  std::optional<Timing> reference, compiled;
  double peak = 0; ///< Floating-point operations per second, the median over the rounds.
};

/// Runs the steps and the loop that finds the peak in turn, `rounds` times after a warm-up, so that all see
/// the same machine. A step may be null.
Comparison measure(Step *reference, Step *compiled, double (*peak)(), int rounds);

/// ||a - b|| / ||b||.
double relativeDistance(const std::vector<double> &a, const std::vector<double> &b);

/// The gradient along a random direction against a central difference of the loss: |difference| relative to
/// the derivative. Only meaningful in f64. The step is left at `parameters`.
double directionalError(Step &step, const std::vector<double> &parameters, uint64_t seed);

} // namespace costate::bench

#endif // COSTATE_BENCH_MEASUREMENT_H
