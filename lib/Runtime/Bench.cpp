//===- Bench.cpp - The verb bench -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Error.h"
#include "Progress.h"
#include "Training.h"
#include "Verbs.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

using namespace costate::rt;

int costate::rt::benchVerb(const Program &program, const Options &options) {
  Session session(program, options.threads);
  session.initialize();
  Datasets datasets = loadDatasets(program, options.data, session.seed, allSets(program));
  StepLoop loop(session, datasets);

  using Clock = std::chrono::steady_clock;
  int64_t step = 0;
  auto timed = [&] {
    // Batches and samples are loaded outside; the step is what is compared between programs.
    loop.prepare(step++);
    auto before = Clock::now();
    loop.run();
    return std::chrono::duration<double>(Clock::now() - before).count();
  };
  double first = timed();
  // Without --steps: as many as fit into two seconds, at least 10 and at most 1000.
  int64_t steps = options.benchSteps;
  int64_t warmups = steps > 0 ? std::min<int64_t>(3, steps) : 3;
  double estimate = first;
  for (int64_t i = 0; i < warmups; ++i)
    estimate = std::min(estimate, timed());
  if (steps < 1)
    steps = std::clamp<int64_t>(static_cast<int64_t>(2.0 / std::max(estimate, 1e-7)), 10, 1000);
  std::vector<double> times;
  for (int64_t i = 0; i < steps; ++i)
    times.push_back(timed());
  std::sort(times.begin(), times.end());
  auto quantile = [&](double q) {
    return times[static_cast<size_t>(q * static_cast<double>(times.size() - 1) + 0.5)];
  };
  double median = quantile(0.5), low = quantile(0.25), high = quantile(0.75);
  if (options.json) {
    nlohmann::ordered_json json = {{"workload", program.name},
                                   {"threads", session.threads},
                                   {"precision", nameOf(program.precision)},
                                   {"parameters", program.parameterCount},
                                   {"steps", steps},
                                   {"seconds", median},
                                   {"min", times.front()},
                                   {"quartile_low", low},
                                   {"quartile_high", high},
                                   {"max", times.back()}};
    std::printf("%s\n", json.dump().c_str());
    return Done;
  }
  std::printf("%s | %s | %lld threads | %lld steps\n", program.name.c_str(), nameOf(program.precision),
              static_cast<long long>(session.threads), static_cast<long long>(steps));
  std::printf("step: median %s, min %s, middle half %s to %s (spread %.1f %%)\n",
              durationText(median).c_str(), durationText(times.front()).c_str(), durationText(low).c_str(),
              durationText(high).c_str(), 100 * (high - low) / median);
  return Done;
}
