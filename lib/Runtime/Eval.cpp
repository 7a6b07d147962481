//===- Eval.cpp - The verbs eval and predict --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"
#include "Error.h"
#include "Evaluation.h"
#include "File.h"
#include "Metrics.h"
#include "NonFinite.h"
#include "Progress.h"
#include "Requirements.h"
#include "Verbs.h"

#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace costate::rt;

/// Parameters from --checkpoint (a file or a run folder) into the session; first values, with a notice, where
/// there is none. Returns what they are, in words.
static std::string loadParameters(const Options &options, Session &session) {
  session.initialize();
  if (options.checkpoint.empty()) {
    std::fprintf(stderr, "notice: no --checkpoint: these are the initial parameters\n");
    return "initial parameters";
  }
  NewestCheckpoint read = readParameters(options.checkpoint, session);
  session.setStep(std::max<int64_t>(0, read.stepsDone - 1));
  return cat(read.path, " (step ", read.stepsDone, ")");
}

int costate::rt::evalVerb(const Program &program, const Options &options) {
  std::vector<Requirement> requirements = parseRequirements(options.requirements, program);
  const Entry *objective = program.findEntry("objective");
  if (!objective)
    fail("this program has no entry 'objective': it cannot be evaluated");
  Session session(program, options.threads);
  std::string parameters = loadParameters(options, session);
  // Figures that `objective` does not write are not shown: what stays as it was, bit for bit, is none. No
  // operation makes a NaN of all ones.
  std::memset(session.metrics.data(), 0xff, session.metrics.sizeInBytes());
  Buffer unwritten(program.precision, session.metrics.size());
  unwritten.copyFrom(session.metrics);
  Datasets datasets = loadDatasets(program, options.data, session.seed, setsOf(program, *objective));
  std::map<std::string, double> figures = evaluateObjective(session, datasets);
  for (size_t i = 0; i < program.metrics.size(); ++i)
    if (session.metrics.hasBitsOf(unwritten, i)) {
      figures.erase(program.metrics[i].name);
      session.metrics.set(i, 0);
    }
  std::string notFinite = firstNonFiniteMetric(session) >= 0 ? describeNonFinite(session) : "";
  std::unique_ptr<Dataset> reference;
  std::vector<Field> fields = evaluateNetworks(session, datasets, options.reference, reference);
  addErrors(fields, figures);

  std::string required;
  int code = checkRequirements(requirements, figures, required) ? Done : Missed;
  if (!notFinite.empty()) {
    code = Diverged;
    std::fprintf(stderr, "error: not finite: %s%s\n", notFinite.c_str(),
                 nonFinitePoint(session, loaded(datasets)).c_str());
  }
  if (options.json) {
    nlohmann::ordered_json results = nlohmann::ordered_json::object();
    for (const auto &[name, value] : figures)
      results[name] = std::isfinite(value) ? nlohmann::ordered_json(value)
                                           : nlohmann::ordered_json::parse(jsonNumber(value));
    nlohmann::ordered_json json = {
        {"program", program.name}, {"parameters", parameters}, {"results", results}, {"exit_code", code}};
    // A path need not be UTF-8.
    std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return code;
  }
  std::printf("%s\n", parameters.c_str());
  for (const MetricSpec &metric : program.metrics)
    if (auto found = figures.find(metric.name); found != figures.end())
      std::printf("  %-32s %-12s %s\n", metric.name.c_str(), figureText(found->second).c_str(),
                  metric.kind.c_str());
  for (const auto &[name, value] : figures)
    if (name.rfind("l2re", 0) == 0)
      std::printf("  %-32s %-12s relative L2 error\n", name.c_str(), figureText(value).c_str());
  std::printf("%s", required.c_str());
  return code;
}

/// Before anything is computed: what is written is nothing that is read.
static void refuseInput(const std::string &output, const Program &program, const Options &options) {
  std::vector<std::string> inputs = {options.reference, options.checkpoint, options.config};
  for (const std::string &data : options.data)
    inputs.push_back(data.substr(data.find('=') + 1));
  for (const SetSpec &set : program.sets)
    inputs.push_back(set.defaultFile);
  std::error_code none;
  for (const std::string &input : inputs)
    if (std::filesystem::equivalent(input, output, none))
      failUsage("the output '", output, "' is read, too: name another file with -o");
}

int costate::rt::predictVerb(const Program &program, const Options &options) {
  std::string path = options.output.empty() ? "pred.npz" : options.output;
  refuseInput(path, program, options);
  std::vector<const Entry *> networks = program.entriesWithPrefix("predict.");
  if (networks.empty())
    fail("this program has no predict entries");
  Session session(program, options.threads);
  std::string parameters = loadParameters(options, session);
  std::unique_ptr<Dataset> points;
  Datasets datasets;
  // Without a file of points, sampled sets serve, and data sets that a file is at hand for.
  if (options.reference.empty()) {
    std::vector<std::string> needed;
    bool anySampled = false;
    for (const SetSpec &set : program.sets)
      anySampled |= !set.isData;
    for (const SetSpec &set : program.sets)
      if (!set.isData || (!set.defaultFile.empty() && std::filesystem::exists(set.defaultFile)) ||
          (!anySampled && options.data.empty()))
        needed.push_back(set.name);
    datasets = loadDatasets(program, options.data, session.seed, needed);
  }
  std::vector<Field> fields = evaluateNetworks(session, datasets, options.reference, points);
  if (fields.empty())
    fail("no set has the columns that '", networks[0]->name, "' reads; give --points FILE");
  writeFileAtomically(path, formatFields(fields, program.precision));
  if (!options.quiet) {
    std::printf("%s\n", parameters.c_str());
    for (const Field &field : fields)
      for (const Field::Output &output : field.outputs)
        std::printf("  %-32s %lld rows of %s at the points of '%s'%s\n", output.name.c_str(),
                    static_cast<long long>(field.points->count), textOf(output.shape).c_str(),
                    field.points->name.c_str(),
                    output.reference ? cat(", l2re ", figureText(output.relativeError)).c_str() : "");
    std::printf("wrote %s\n", path.c_str());
  }
  return Done;
}
