//===- Peak.cpp - Multiply-adds without memory ------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Compiled for x86-64-v4, as Baseline.cpp is.
//
//===------------------------------------------------------------------------------------------------------===//

#include "Baseline.h"
#include "Lanes.h"
#include "costate/Runtime/ABI.h"

#include <chrono>

using namespace costate::bench;

namespace {

/// As many chains as hide the latency of two units.
constexpr int chains = 12;
constexpr int64_t repetitions = 100000, chunksPerThread = 4;

template <class Real> void chunk(void *context, int64_t index, int64_t) {
  Lanes<Real> sums[chains], factor = Lanes<Real>{} + Real(0.999), term = Lanes<Real>{} + Real(1e-3);
  for (int i = 0; i < chains; ++i)
    sums[i] = Lanes<Real>{} + Real(0.1) * Real(i);
  for (int64_t repetition = 0; repetition < repetitions; ++repetition) {
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; ++i)
      sums[i] = sums[i] * factor + term;
    asm volatile("" ::: "memory");
  }
  for (int i = 1; i < chains; ++i)
    sums[0] += sums[i];
  static_cast<Real *>(context)[index] = sums[0][0];
}

} // namespace

template <class Real> double costate::bench::peakRate() {
  using Clock = std::chrono::steady_clock;
  int64_t chunks = chunksPerThread * costate_rt_threads();
  std::vector<Real> results(chunks);
  Clock::time_point start = Clock::now();
  costate_rt_parallel_for(&chunk<Real>, results.data(), chunks);
  double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  double lanes = sizeof(Lanes<Real>) / sizeof(Real);
  return 2 * lanes * chains * static_cast<double>(repetitions * chunks) / seconds;
}

template double costate::bench::peakRate<float>();
template double costate::bench::peakRate<double>();
