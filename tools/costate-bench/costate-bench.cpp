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
#include <optional>
#include <stdexcept>
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

/// The network that a name as 4x64 stands for, if it is one.
std::optional<Network> parseNetwork(const std::string &name) {
  Network network{};
  char rest = 0;
  if (std::sscanf(name.c_str(), "%3dx%4d%c", &network.depth, &network.width, &rest) != 2 ||
      network.depth < 1 || network.width < 1 || network.name() != name)
    return std::nullopt;
  return network;
}

/// Before anything is timed: the gradient in f64 against differences.
bool gradientIsRight(Step &exact, const Workload &workload) {
  constexpr double bound = 1e-6;
  double error = directionalError(exact, workload.parameters, /*seed=*/3);
  if (error <= bound)
    return true;
  std::fprintf(stderr, "costate-bench: %s: the gradient is off its differences by %.1e (allowed %.0e)\n",
               workload.network.name().c_str(), error, bound);
  return false;
}

/// The baseline's gradient in f32 against the one in f64.
bool singleIsRight(Step &exact, const Workload &workload) {
  constexpr double bound = 1e-4;
  std::unique_ptr<Step> single = makeBaseline<float>(workload);
  exact.run();
  single->run();
  double distance = relativeDistance(single->gradient(), exact.gradient());
  if (distance <= bound)
    return true;
  std::fprintf(stderr,
               "costate-bench: the baseline's f32 gradient is off the f64 one by %.1e (allowed %.0e)\n",
               distance, bound);
  return false;
}

void print(const Options &options, const std::string &network, const std::string &precision,
           const Comparison &comparison) {
  const Timing &best = comparison.compiled ? *comparison.compiled : *comparison.reference;
  double share = parseNetwork(network)->operations() * options.points / best.median / comparison.peak;
  if (options.json) {
    nlohmann::ordered_json row = {{"workload", "burgers"},         {"net", network},
                                  {"threads", options.threads},    {"precision", precision},
                                  {"points", options.points},      {"seconds", nullptr},
                                  {"reference_seconds", nullptr},  {"ratio", nullptr},
                                  {"peak_flops", comparison.peak}, {"of_peak", share}};
    if (comparison.compiled)
      row["seconds"] = comparison.compiled->median;
    if (comparison.reference)
      row["reference_seconds"] = comparison.reference->median;
    if (comparison.compiled && comparison.reference)
      row["ratio"] = comparison.compiled->median / comparison.reference->median;
    std::printf("%s\n", row.dump().c_str());
    return;
  }
  auto milliseconds = [](const Timing &timing) {
    char text[64];
    std::snprintf(text, sizeof text, "%8.3f ms (%.3f to %.3f)", timing.median * 1e3, timing.lower * 1e3,
                  timing.upper * 1e3);
    return std::string(text);
  };
  std::string text;
  if (comparison.reference)
    text += " baseline " + milliseconds(*comparison.reference) + ",";
  if (comparison.compiled)
    text += " compiled " + milliseconds(*comparison.compiled) + ",";
  std::printf("burgers %-5s %s, %lld points, %lld threads:%s", network.c_str(), precision.c_str(),
              static_cast<long long>(options.points), static_cast<long long>(options.threads), text.c_str());
  if (comparison.compiled && comparison.reference)
    std::printf(" ratio %.2f,", comparison.compiled->median / comparison.reference->median);
  std::printf(" %.0f %% of %.0f GFLOP/s\n", 100 * share, comparison.peak * 1e-9);
}

/// The compiled gradient in f64 against the baseline's, or against differences where there is none, and the
/// one in f32 against the one in f64.
bool compiledIsRight(Step &compiled, Step &exact, const Workload &workload, const std::string &precision) {
  double bound = precision == "f64" ? 1e-10 : 1e-4;
  exact.run();
  compiled.run();
  double distance = relativeDistance(compiled.gradient(), exact.gradient());
  double loss = std::abs(compiled.loss() - exact.loss()) / exact.loss();
  if (distance <= bound && loss <= bound)
    return true;
  std::fprintf(
      stderr, "costate-bench: %s %s: the compiled gradient is off by %.1e, the loss by %.1e (allowed %.0e)\n",
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
  for (const std::string &name : options.networks) {
    Network network = *parseNetwork(name);
    bool compared = hasBaseline(network);
    if (!compared && options.baselineOnly)
      throw std::runtime_error("there is no baseline of " + name);
    Workload workload(network, options.points, /*seed=*/7);
    std::unique_ptr<Step> exact =
        compared ? makeBaseline<double>(workload) : compileStep(workload, "f64", options.costatec);
    if (!gradientIsRight(*exact, workload) || (compared && !singleIsRight(*exact, workload)))
      return WrongGradient;
    for (const std::string &precision : options.precisions) {
      bool single = precision == "f32";
      std::unique_ptr<Step> reference, compiled;
      if (compared)
        reference = single ? makeBaseline<float>(workload) : makeBaseline<double>(workload);
      if (!options.baselineOnly) {
        compiled = compileStep(workload, precision, options.costatec);
        if (!compiledIsRight(*compiled, *exact, workload, precision))
          return WrongGradient;
      }
      print(options, name, precision,
            measure(reference.get(), compiled.get(), single ? peakRate<float> : peakRate<double>,
                    options.rounds));
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
  command
      ->add_option("--net", options.networks,
                   "Hidden layers x units (default: 8x20 and 4x64, which have a baseline)")
      ->check(CLI::Validator(
          [](const std::string &name) {
            return parseNetwork(name) ? "" : name + " is not of the form LAYERSxUNITS, as 4x64";
          },
          "LAYERSxUNITS"));
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
    for (const std::string &name : options.networks)
      for (const std::string &precision : options.precisions)
        std::printf("%s", burgersProblem(*parseNetwork(name), precision).c_str());
    return Done;
  }
  try {
    return burgers(options);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "costate-bench: %s\n", error.what());
    return Failed;
  }
}
