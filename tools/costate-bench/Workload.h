//===- Workload.h - What is timed: a network, points and parameters -----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#ifndef COSTATE_BENCH_WORKLOAD_H
#define COSTATE_BENCH_WORKLOAD_H

#include <cstdint>
#include <string>
#include <vector>

namespace costate::bench {

/// `depth` hidden tanh layers of `width` units from (t, x) to u.
struct Network {
  int depth;
  int width;
  std::string name() const { return std::to_string(depth) + "x" + std::to_string(width); }
  /// Of the products of matrices in one step, for each point: three channels, forwards, to the adjoint and to
  /// the gradient.
  double operations() const {
    constexpr double channels = 3, inputs = 2;
    return 6 * channels * ((depth - 1.0) * width * width + width) + 4 * inputs * width;
  }
};

constexpr double viscosity = 0.01 / 3.14159265358979323846;

/// Points in [0, 1] x [-1, 1] and one draw of the parameters, in f64: every precision starts from the same
/// numbers. Parameters stand by layer, weight [out][in], then bias.
struct Workload {
  Workload(Network network, int64_t points, uint64_t seed);

  Network network;
  std::vector<double> times, places, parameters;
};

/// One evaluation of mean r^2 over the points and its gradient by every parameter, in one precision.
class Step {
public:
  virtual ~Step() = default;
  /// Sets the parameters of the following runs.
  virtual void setParameters(const std::vector<double> &parameters) = 0;
  /// Computes the loss and the gradient, which it leaves inside: what is timed.
  virtual void run() = 0;
  virtual double loss() const = 0;
  virtual std::vector<double> gradient() const = 0;
};

} // namespace costate::bench

#endif // COSTATE_BENCH_WORKLOAD_H
