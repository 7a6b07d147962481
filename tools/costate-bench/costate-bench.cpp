//===- costate-bench.cpp - Times compiled steps against hand-written ones ---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#include "Baseline.h"
#include "Compiled.h"
#include "GradBench.h"
#include "Measurement.h"
#include "Peers.h"
#include "costate/Runtime/ABI.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <thread>

using namespace costate::bench;

namespace {

enum ExitCode { Done = 0, Failed = 1, Usage = 2, WrongGradient = 4 };

struct Options {
  std::vector<std::string> networks, precisions;
  int64_t threads = std::max(1u, std::thread::hardware_concurrency());
  int64_t points = 10000;
  int rounds = 60;
  bool json = false, baselineOnly = false, printProblem = false;
  std::string costatec;
};

bool selected(const Options &options, const Network &network) {
  return std::find(options.networks.begin(), options.networks.end(), network.name()) !=
         options.networks.end();
}

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

/// The compiled f64 gradient against the baseline's, or the f32 one against the same; both computed the same
/// way.
bool compiledIsRight(Step &compiled, const Workload &workload, const std::string &precision) {
  double bound = precision == "f64" ? 1e-10 : 1e-4;
  std::unique_ptr<Step> exact = makeBaseline<double>(workload);
  exact->run();
  compiled.run();
  double distance = relativeDistance(compiled.gradient(), exact->gradient());
  double loss = std::abs(compiled.loss() - exact->loss()) / exact->loss();
  if (distance <= bound && loss <= bound)
    return true;
  std::fprintf(
      stderr,
      "costate-bench: %s %s: the compiled gradient is off the baseline's by %.1e, the loss by %.1e (allowed "
      "%.0e)\n",
      workload.network.name().c_str(), precision.c_str(), distance, loss, bound);
  return false;
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
    if (!selected(options, network))
      continue;
    Workload workload(network, options.points, /*seed=*/7);
    if (!baselineIsRight(workload))
      return WrongGradient;
    for (const std::string &precision : options.precisions) {
      std::unique_ptr<Step> reference =
          precision == "f32" ? makeBaseline<float>(workload) : makeBaseline<double>(workload);
      std::unique_ptr<Step> compiled;
      if (!options.baselineOnly) {
        compiled = compileStep(workload, precision, options.costatec);
        if (!compiledIsRight(*compiled, workload, precision))
          return WrongGradient;
      }
      print(options, network.name(), precision, measure(*reference, compiled.get(), options.rounds));
    }
  }
  return Done;
}

} // namespace

int main(int argc, char **argv) {
  if (argc > 1 && std::string_view(argv[1]) == "gradbench")
    return runGradBench(argc, argv);
  if (argc > 1 && std::string_view(argv[1]).starts_with("--peers"))
    return runPeers(argc, argv);
  CLI::App app(
      "Times steps that Costate compiled against the same steps written by hand, interleaved in one run.\n"
      "Before it times anything it checks the gradients of both.\n"
      "costate-bench gradbench --suite DIR times the evals of GradBench beside the suite's other tools; more "
      "with gradbench --help.\n"
      "costate-bench --peers[=ENVIRONMENT] times the benchmarks beside JAX and PyTorch; more with --peers "
      "--help.");
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
  command->add_flag("--print-problem", options.printProblem, "Only print the problems that are compiled");
  command->add_option("--costatec", options.costatec, "The compiler (default: the one beside this program)");
  command->add_flag("--baseline-only", options.baselineOnly, "Compile nothing, time the baseline");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? Done : Usage;
  }
  if (options.costatec.empty())
    options.costatec = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "costatec";
  if (options.printProblem) {
    for (const Network &network : baselineNetworks())
      for (const std::string &precision : options.precisions)
        if (selected(options, network))
          std::printf("%s", burgersProblem(network, precision).c_str());
    return Done;
  }
  try {
    return burgers(options);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "costate-bench: %s\n", error.what());
    return Failed;
  }
}
