//===- costate-bench.cpp - Times compiled steps against hand-written ones ---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "Baseline.h"
#include "Measurement.h"
#include "costate/Runtime/ABI.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <map>
#include <thread>

using namespace costate::bench;

namespace {

enum ExitCode { Done = 0, Failed = 1, Usage = 2, WrongGradient = 4 };

struct Options {
  std::vector<std::string> networks, precisions;
  int64_t threads = std::max(1u, std::thread::hardware_concurrency());
  int64_t points = 10000;
  int rounds = 60;
  bool json = false, baselineOnly = false;
};

/// Checks of the baseline itself, before anything is timed: its f64 gradient against differences, and each
/// precision's gradient against the one in f64.
bool baselineIsRight(const Workload &workload) {
  constexpr double differenceBound = 1e-6, singleBound = 1e-4;
  std::unique_ptr<Step> exact = makeBaseline<double>(workload);
  double error = directionalError(*exact, workload.parameters, /*seed=*/3);
  if (!(error <= differenceBound)) {
    std::fprintf(stderr,
                 "costate-bench: the baseline's gradient is off its differences by %.1e (allowed %.0e)\n",
                 error, differenceBound);
    return false;
  }
  std::unique_ptr<Step> single = makeBaseline<float>(workload);
  exact->run();
  single->run();
  double distance = relativeDistance(single->gradient(), exact->gradient());
  if (!(distance <= singleBound)) {
    std::fprintf(stderr,
                 "costate-bench: the baseline's f32 gradient is off the f64 one by %.1e (allowed %.0e)\n",
                 distance, singleBound);
    return false;
  }
  return true;
}

void print(const Options &options, const std::string &network, const std::string &precision,
           const Comparison &comparison) {
  const Timing &reference = comparison.reference;
  if (options.json) {
    nlohmann::ordered_json row = {{"workload", "burgers"},
                                  {"net", network},
                                  {"threads", options.threads},
                                  {"precision", precision},
                                  {"points", options.points},
                                  {"seconds", nullptr},
                                  {"reference_seconds", reference.median},
                                  {"ratio", nullptr}};
    if (comparison.compiled) {
      row["seconds"] = comparison.compiled->median;
      row["ratio"] = comparison.compiled->median / reference.median;
    }
    std::printf("%s\n", row.dump().c_str());
    return;
  }
  auto milliseconds = [](const Timing &timing) {
    char text[64];
    std::snprintf(text, sizeof text, "%8.3f ms (%.3f to %.3f)", timing.median * 1e3, timing.lower * 1e3,
                  timing.upper * 1e3);
    return std::string(text);
  };
  std::printf("burgers %-5s %s, %lld points, %lld threads: baseline %s", network.c_str(), precision.c_str(),
              static_cast<long long>(options.points), static_cast<long long>(options.threads),
              milliseconds(reference).c_str());
  if (comparison.compiled)
    std::printf(", compiled %s, ratio %.2f", milliseconds(*comparison.compiled).c_str(),
                comparison.compiled->median / reference.median);
  std::printf("\n");
}

int burgers(const Options &options) {
  if (!baselineRunsHere()) {
    std::fprintf(stderr,
                 "costate-bench: the baseline is written for AVX-512 (x86-64-v4), which this processor "
                 "does not have\n");
    return Failed;
  }
  costate_rt_set_threads(options.threads);
  for (const Network &network : baselineNetworks()) {
    if (std::find(options.networks.begin(), options.networks.end(), network.name()) == options.networks.end())
      continue;
    Workload workload(network, options.points, /*seed=*/7);
    if (!baselineIsRight(workload))
      return WrongGradient;
    for (const std::string &precision : options.precisions) {
      std::unique_ptr<Step> reference =
          precision == "f32" ? makeBaseline<float>(workload) : makeBaseline<double>(workload);
      print(options, network.name(), precision, measure(*reference, nullptr, options.rounds));
    }
  }
  return Done;
}

} // namespace

int main(int argc, char **argv) {
  CLI::App app(
      "Times steps that Costate compiled against the same steps written by hand, interleaved in one run.\n"
      "Before it times anything it checks the gradients of both.");
  app.require_subcommand(1);
  Options options;
  for (const Network &network : baselineNetworks())
    options.networks.push_back(network.name());
  options.precisions = {"f32", "f64"};

  CLI::App *command = app.add_subcommand(
      "burgers",
      "Mean square of the Burgers residual u_t + u u_x - nu u_xx of a tanh network, and its gradient");
  command->add_option("--net", options.networks, "Hidden layers x units, 8x20 or 4x64 (default: both)")
      ->check(CLI::IsMember(options.networks));
  command->add_option("--precision", options.precisions, "f32 or f64 (default: both)")
      ->check(CLI::IsMember(options.precisions));
  command->add_option("--threads", options.threads, "Threads of both")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  command->add_option("--points", options.points, "Points of the set")
      ->check(CLI::Range(1, 100000000))
      ->capture_default_str();
  command->add_option("--rounds", options.rounds, "How often each is timed")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_flag("--json", options.json, "One JSON object a row");
  command->add_flag("--baseline-only", options.baselineOnly, "Compile nothing, time the baseline");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? Done : Usage;
  }
  return burgers(options);
}
