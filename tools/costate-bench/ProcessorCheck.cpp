//===- ProcessorCheck.cpp - Whether the baseline can run on this processor --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Apart from Baseline.cpp, so that this code itself needs no AVX-512.
//
//===------------------------------------------------------------------------------------------------------===//

#include "Baseline.h"

#include <algorithm>

using namespace costate::bench;

const std::vector<Network> &costate::bench::baselineNetworks() {
  static const std::vector<Network> networks = {{8, 20}, {4, 64}};
  return networks;
}

bool costate::bench::hasBaseline(const Network &network) {
  return std::any_of(baselineNetworks().begin(), baselineNetworks().end(),
                     [&](const Network &one) { return one.name() == network.name(); });
}

#if defined(__x86_64__)

bool costate::bench::baselineRunsHere() { return __builtin_cpu_supports("x86-64-v4"); }

#else

bool costate::bench::baselineRunsHere() { return false; }
template <class Real> std::unique_ptr<Step> costate::bench::makeBaseline(const Workload &) { return nullptr; }
template std::unique_ptr<Step> costate::bench::makeBaseline<float>(const Workload &);
template std::unique_ptr<Step> costate::bench::makeBaseline<double>(const Workload &);
template <class Real> double costate::bench::peakRate() { return 0; }
template double costate::bench::peakRate<float>();
template double costate::bench::peakRate<double>();

#endif
