//===- Workload.cpp - What is timed: a network, points and parameters -------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "Workload.h"

#include <cmath>
#include <random>

using namespace costate::bench;

Workload::Workload(Network network, int64_t points, uint64_t seed) : network(network) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> unit(0, 1);
  // Every number is rounded to f32, so that both precisions compute at the same point.
  auto rounded = [](double value) { return static_cast<double>(static_cast<float>(value)); };
  for (int64_t i = 0; i < points; ++i) {
    times.push_back(rounded(unit(random)));
    places.push_back(rounded(2 * unit(random) - 1));
  }
  std::normal_distribution<double> normal(0, 1);
  for (int layer = 0; layer <= network.depth; ++layer) {
    int in = layer == 0 ? 2 : network.width, out = layer == network.depth ? 1 : network.width;
    double deviation = std::sqrt(2.0 / (in + out));
    for (int i = 0; i < in * out; ++i)
      parameters.push_back(rounded(deviation * normal(random)));
    for (int i = 0; i < out; ++i)
      parameters.push_back(rounded(0.1 * normal(random)));
  }
}
