//===- CommandLine.cpp - The command line of a generated program ------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Device.h"
#include "Error.h"
#include "NearestName.h"
#include "Numbers.h"
#include "Output.h"
#include "RunFolder.h"
#include "Verbs.h"
#include "costate/Runtime/ABI.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

using namespace costate::rt;

/// "90", "90s", "30m", "2h" in seconds.
static double parseDuration(const std::string &text) {
  std::string number = text;
  double unit = 1;
  for (auto [suffix, seconds] : {std::pair('s', 1.0), {'m', 60.0}, {'h', 3600.0}})
    if (!text.empty() && text.back() == suffix) {
      number.pop_back();
      unit = seconds;
    }
  std::optional<double> value = numberOf(number);
  if (!value || !(*value >= 0) || !std::isfinite(*value * unit))
    failUsage("--max-time: found '", text, "', required a duration such as 90s, 30m or 2h");
  return *value * unit;
}

namespace {

constexpr uint64_t mostThreads = 65536, mostTimed = 1'000'000'000;

/// Where the program may run, at most what the descriptor allows.
int64_t usableProcessors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0)
    return 1;
  return std::max(1, CPU_COUNT(&set));
}

std::string quotedCommand(int argc, char **argv) {
  std::string text;
  for (int i = 0; i < argc; ++i) {
    std::string word = argv[i];
    bool plain = !word.empty() && word.find_first_of(" \t\n'\"\\$`*?<>|&;()[]{}!#~") == std::string::npos;
    if (!plain) {
      std::string quoted = "'";
      for (char c : word)
        quoted += c == '\'' ? "'\\''" : std::string(1, c);
      word = quoted + "'";
    }
    text += (i ? " " : "") + word;
  }
  return text;
}

struct Verb {
  const char *name, *help;
};
const Verb verbs[] = {
    {"train", "Train, and leave checkpoints, metrics, predictions and a report in a run folder"},
    {"eval", "Print the named metrics of given parameters on whole sets"},
    {"predict", "Write the networks' outputs at given points to an .npz file"},
    {"check-grad", "Compare the gradient with differences of the objective (exit code 4 if it is wrong)"},
    {"bench", "Time the training step"},
    {"info", "Print parameters, sets, settings, metrics and memory"},
    {"report", "Write report.html of a run folder anew"},
};

class CommandLine {
public:
  CommandLine(const Program &program, Options &options)
      : options(options), app(program.name), holdsKernels(program.holdsKernels()) {
    app.name(program.name);
    app.description(program.name + (program.source.empty() ? "" : ", compiled from " + program.source));
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", program.name + " (" + program.compiler + ", " +
                                          nameOf(program.precision) + ", problem " +
                                          (program.irHash.empty() ? "unknown" : program.irHash) + ")");
    app.add_flag("--list-devices", wantsList, "Say where this program can run");
    app.footer("Exit codes: 0 done, 1 failed, 2 usage, 3 diverged, 4 a requirement or gradient check missed, "
               "5 infeasible or stalled, 130 interrupted.\nSettings: program < --config file < environment "
               "COSTATE_* < --set.");
    for (const Verb &verb : verbs)
      addVerb(verb);
  }

  /// Fills the options; returns an exit code where the command line has done all there is to do.
  std::optional<int> parse(int argc, char **argv) {
    if (argc > 1 && argv[1][0] != '-') {
      std::vector<std::string> names;
      for (const Verb &verb : verbs)
        names.push_back(verb.name);
      if (std::find(names.begin(), names.end(), argv[1]) == names.end())
        failUsage("unknown verb '", argv[1], "'", didYouMean(argv[1], names));
    }
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
      if (error.get_exit_code() == 0)
        return app.exit(error);
      failUsage(error.what(), "\nRun with --help for what can be said.");
    }
    if (wantsList) {
      std::printf("cpu  %lld threads\n", static_cast<long long>(usableProcessors()));
      if (holdsKernels)
        for (const std::string &line : listDevices())
          std::printf("%s\n", line.c_str());
      return Done;
    }
    for (CLI::App *verb : app.get_subcommands())
      options.verb = verb->get_name();
    if (options.verb.empty()) {
      std::printf("%s", app.help().c_str());
      return Usage;
    }
    return std::nullopt;
  }

private:
  /// A flag with a whole number from one.
  template <typename T>
  static void addWhole(CLI::App *verb, const std::string &flag, T &target, uint64_t most, const char *help) {
    verb->add_option_function<std::string>(
            flag,
            [=, &target](const std::string &text) {
              target = static_cast<int64_t>(parseWhole(text, flag, WholeRange{1, most}));
            },
            help)
        ->type_name("NUMBER");
  }

  void addVerb(const Verb &verb) {
    CLI::App *sub = app.add_subcommand(verb.name, verb.help);
    std::string name = verb.name;
    bool train = name == "train", bench = name == "bench", report = name == "report", info = name == "info";
    if (report) {
      sub->add_option("run", options.run, "The run folder")->required();
      return;
    }
    sub->add_option("--config", options.config, "Settings from a TOML file");
    sub->add_option("--set", options.sets, "KEY=VALUE, see the verb info for the keys")
        ->allow_extra_args(false);
    if (info)
      return;
    sub->add_option("--data", options.data, "SET=FILE.npz, SET=FILE.csv or COLUMN=@FILE.npy")
        ->allow_extra_args(false);
    sub->add_option("--seed", options.seed, "Seed of all random numbers (training.seed)");
    addWhole(sub, "--threads", options.threads, mostThreads,
             "Number of threads; the results do not depend on it");
    sub->add_option("--device", options.device, "cpu or cuda:N (cuda:0 where the program holds GPU code)");
    sub->add_flag("--quiet", options.quiet, "Print only warnings, errors and requirements");
    if (name != "predict" && name != "check-grad")
      sub->add_flag("--json", options.json, "Print the result as one JSON object");
    if (train || bench)
      sub->add_option("--batch", options.batch, "Rows of a batch (training.batch)");
    if (bench)
      addWhole(sub, "--steps", options.benchSteps, mostTimed, "How many steps to time");
    if (train || name == "eval") {
      sub->add_option("--require", options.requirements, "'METRIC<=NUMBER': exit code 4 if it is missed")
          ->allow_extra_args(false);
      sub->add_option("--reference", options.reference, "A file with points and the true output, for l2re");
    }
    if (name == "predict") {
      sub->add_option("--points", options.reference,
                      "A file with the points; by default the program's own sets");
      sub->add_option("-o,--output", options.output, "The file to write (pred.npz)");
    }
    if (!train && !bench)
      sub->add_option("--checkpoint", options.checkpoint, "Parameters: a .safetensors file or a run folder");
    if (!train)
      return;
    sub->add_option("--epochs", options.epochs, "Passes over the data (training.epochs)");
    addWhole(sub, "--max-steps", options.maxSteps, WholeRange().most, "Stop after so many steps");
    sub->add_option_function<std::string>(
        "--max-time", [this](const std::string &text) { options.maxSeconds = parseDuration(text); },
        "Stop after so long: 90s, 30m, 2h");
    sub->add_option("--run-dir", options.runDir, "The run folder (runs/NAME-001, ...)");
    sub->add_option("--resume", options.resume, "Go on with the run in this folder")->type_name("FOLDER");
    addWhole(sub, "--log-every", options.logEvery, WholeRange().most,
             "Steps between two rows of the metrics");
    addWhole(sub, "--checkpoint-every", options.checkpointEvery, WholeRange().most,
             "Steps between two checkpoints");
  }

  Options &options;
  CLI::App app;
  bool holdsKernels, wantsList = false;
};

/// --device, else the environment, else cuda:0 where the program holds kernels.
void chooseDevice(const Program &program, const Options &options) {
  std::string origin = "--device", text = options.device;
  if (text.empty()) {
    const char *variable = std::getenv(deviceVariable);
    origin = deviceVariable;
    text = variable && *variable ? variable : program.holdsKernels() ? "cuda:0" : "cpu";
  }
  std::optional<int64_t> device = parseDevice(text);
  if (!device)
    failUsage(deviceRefusal(origin, text));
  if (*device >= 0 && !program.holdsKernels() && !options.device.empty())
    failUsage("--device ", text,
              ": this program holds no GPU code; compile it with costatec --target=gpu, or use --device cpu");
  // The environment speaks to programs of both kinds.
  costate_rt_gpu_select(program.holdsKernels() ? *device : -1);
}

/// Program default < the resumed run < file < environment < command line.
void resolve(Program &program, Config &config, const Options &options) {
  if (!options.resume.empty())
    config.readFile(RunFolder::open(options.resume).file("config.toml"));
  if (!options.config.empty())
    config.readFile(options.config);
  config.readEnvironment(environ);
  for (const std::string &assignment : options.sets)
    config.readAssignment(assignment);
  if (options.seed)
    config.set("training.seed", *options.seed, "--seed");
  if (options.batch)
    config.set("training.batch", *options.batch, "--batch");
  if (options.epochs)
    config.set("training.epochs", *options.epochs, "--epochs");
  config.apply(program);
}

/// How many words the program's name has.
int commandWords = 1;

int run(Program program, int argc, char **argv) {
  Options options;
  options.command = quotedCommand(argc, argv);
  argc -= commandWords - 1;
  argv += commandWords - 1;
  CommandLine commandLine(program, options);
  if (std::optional<int> code = commandLine.parse(argc, argv))
    return *code;
  if (!options.resume.empty() && !options.runDir.empty())
    failUsage("--resume FOLDER goes on in the folder of the run: leave out --run-dir");
  chooseDevice(program, options);
  if (options.threads < 1)
    options.threads = usableProcessors();
  Config config(program);
  resolve(program, config, options);
  if (options.verb == "train")
    return trainVerb(program, config, options);
  if (options.verb == "eval")
    return evalVerb(program, options);
  if (options.verb == "predict")
    return predictVerb(program, options);
  if (options.verb == "check-grad")
    return checkGradVerb(program, options);
  if (options.verb == "bench")
    return benchVerb(program, options);
  if (options.verb == "info")
    return infoVerb(program, config, options);
  return reportVerb(program, options);
}

} // namespace

extern "C" void costate_rt_set_command_words(int words) { commandWords = words; }

/// A file that is opened later must not become standard output because that was closed.
static void openStandardStreams() {
  int descriptor;
  do
    descriptor = ::open("/dev/null", O_RDWR);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  if (descriptor > STDERR_FILENO)
    ::close(descriptor);
}

extern "C" int costate_rt_main(int argc, char **argv, const char *program, const costate_entry *entries) {
  openStandardStreams();
  try {
    return finishOutput(run(parseProgram(program, entries), argc, argv));
  } catch (const Error &error) {
    flushOutput();
    std::fprintf(stderr, "error: %s\n", error.what());
    return error.code;
  } catch (const std::bad_alloc &) {
    std::fprintf(stderr, "error: out of memory\n");
    return Failed;
  } catch (const std::length_error &) {
    std::fprintf(stderr, "error: out of memory\n");
    return Failed;
  } catch (const std::exception &error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return Failed;
  }
}
