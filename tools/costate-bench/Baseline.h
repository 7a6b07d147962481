//===- Baseline.h - The hand-written step that compiled steps are measured against --------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#ifndef COSTATE_BENCH_BASELINE_H
#define COSTATE_BENCH_BASELINE_H

#include "Workload.h"

#include <memory>

namespace costate::bench {

/// Whether this processor and this build have what the baseline is written in (AVX-512, x86-64-v4).
bool baselineRunsHere();

/// Floating-point operations per second in a loop of multiply-adds on registers alone, on all threads of the
/// runtime's pool: what the processor can do at this moment. Takes some milliseconds.
template <class Real> double peakRate();

extern template double peakRate<float>();
extern template double peakRate<double>();

/// The networks that the baseline is instantiated for.
const std::vector<Network> &baselineNetworks();
bool hasBaseline(const Network &network);

/// Runs on the threads of the runtime's pool. Real is float or double; the network is one of
/// baselineNetworks().
template <class Real> std::unique_ptr<Step> makeBaseline(const Workload &workload);

extern template std::unique_ptr<Step> makeBaseline<float>(const Workload &);
extern template std::unique_ptr<Step> makeBaseline<double>(const Workload &);

} // namespace costate::bench

#endif // COSTATE_BENCH_BASELINE_H
