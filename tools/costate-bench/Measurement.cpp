//===- Measurement.cpp - Interleaved timing of two steps, and checks of their gradients -------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "Measurement.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>

using namespace costate::bench;

static double secondsOf(Step &step) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
  step.run();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

static Timing summarize(std::vector<double> seconds) {
  std::sort(seconds.begin(), seconds.end());
  size_t last = seconds.size() - 1;
  return {seconds[last / 2], seconds[last / 4], seconds[last - last / 4]};
}

Comparison costate::bench::measure(Step *reference, Step *compiled, double (*peak)(), int rounds) {
  constexpr int warmUp = 3;
  std::vector<double> ofReference, ofCompiled, rates;
  for (int round = -warmUp; round < rounds; ++round) {
    double one = reference ? secondsOf(*reference) : 0, other = compiled ? secondsOf(*compiled) : 0,
           rate = peak();
    if (round < 0)
      continue;
    ofReference.push_back(one);
    ofCompiled.push_back(other);
    rates.push_back(rate);
  }
  Comparison comparison;
  comparison.peak = summarize(std::move(rates)).median;
  if (reference)
    comparison.reference = summarize(std::move(ofReference));
  if (compiled)
    comparison.compiled = summarize(std::move(ofCompiled));
  return comparison;
}

double costate::bench::relativeDistance(const std::vector<double> &a, const std::vector<double> &b) {
  if (a.size() != b.size())
    return INFINITY;
  double difference = 0, norm = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    norm += b[i] * b[i];
  }
  return std::sqrt(difference / norm);
}

double costate::bench::directionalError(Step &step, const std::vector<double> &parameters, uint64_t seed) {
  constexpr double stepSize = 1e-6;
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, 1);
  std::vector<double> direction(parameters.size());
  for (double &component : direction)
    component = normal(random);

  step.setParameters(parameters);
  step.run();
  std::vector<double> gradient = step.gradient();
  double derivative = 0;
  for (size_t i = 0; i < direction.size(); ++i)
    derivative += gradient[i] * direction[i];

  auto lossAt = [&](double distance) {
    std::vector<double> moved = parameters;
    for (size_t i = 0; i < moved.size(); ++i)
      moved[i] += distance * direction[i];
    step.setParameters(moved);
    step.run();
    return step.loss();
  };
  double difference = (lossAt(stepSize) - lossAt(-stepSize)) / (2 * stepSize);
  step.setParameters(parameters);
  return std::abs(difference - derivative) / std::abs(derivative);
}
