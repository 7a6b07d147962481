//===- EndTraining.cpp - A run of the verb train after its last step --------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Device.h"
#include "Error.h"
#include "Evaluation.h"
#include "Feasibility.h"
#include "File.h"
#include "NonFinite.h"
#include "Progress.h"
#include "Report.h"
#include "TrainingRun.h"
#include "Vtk.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

using namespace costate::rt;

/// The setting that holds the step size, where the program says so.
static std::string rateText(const Program &program) {
  for (const Hyper &hyper : program.hypers)
    if (hyper.role == "rate")
      return " '" + hyper.name + "'";
  return "";
}

void TrainingRun::closeManifest(const std::string &newStatus, const std::string &why) {
  manifest.status = newStatus;
  manifest.device = deviceText();
  manifest.stopReason = why;
  folder->writeManifest(program, manifest);
}

void TrainingRun::printJson(int code) {
  if (!options.json)
    return;
  nlohmann::ordered_json results = nlohmann::ordered_json::object();
  for (const auto &[name, value] : manifest.results)
    results[name] = std::isfinite(value) ? nlohmann::ordered_json(value)
                                         : nlohmann::ordered_json::parse(jsonNumber(value));
  nlohmann::ordered_json json = {{"program", program.name},     {"run", folder->path()},
                                 {"status", manifest.status},   {"stop_reason", manifest.stopReason},
                                 {"exit_code", code},           {"seed", manifest.seed},
                                 {"threads", manifest.threads}, {"steps", manifest.steps},
                                 {"seconds", manifest.seconds}, {"results", results}};
  // A path need not be UTF-8.
  std::printf("%s\n", json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

/// The reason counts; that it could not be noted is said beside.
void TrainingRun::closeFailed(const std::string &why) {
  try {
    closeManifest("failed", why);
  } catch (const Error &error) {
    std::fprintf(stderr, "warning: %s\n", error.what());
  }
}

int TrainingRun::finishEarly() {
  closeManifest(status, reason);
  if (status == "interrupted") {
    std::fprintf(stderr, "%s after step %lld; checkpoint %s\n  go on with: train --resume %s\n",
                 reason.c_str(), static_cast<long long>(done), savedFile.c_str(), folder->path().c_str());
    printJson(Interrupted);
    return Interrupted;
  }
  std::fprintf(stderr, "error: %s\n  last good checkpoint: %s\n", explanation.c_str(),
               savedFile.empty() ? "none was written yet (--checkpoint-every writes them more often)"
                                 : savedFile.c_str());
  try {
    writeReport(program, *folder);
  } catch (const Error &error) {
    std::fprintf(stderr, "warning: no report: %s\n", error.what());
  }
  printJson(Diverged);
  return Diverged;
}

int TrainingRun::finish() {
  // Whole sets as they stood in the last step, and the fields of all networks on the first set that has their
  // inputs.
  std::map<std::string, double> &figures = manifest.results;
  figures.clear();
  for (size_t i = 0; i < program.metrics.size(); ++i)
    figures[program.metrics[i].name] = session.metric(i);
  for (const auto &[name, value] : evaluateObjective(session, datasets))
    figures[name] = value;
  // Also what no batch has met: an error, after all else has been written.
  std::string notFinite = firstNonFiniteMetric(session) >= 0 ? describeNonFinite(session) : "";
  std::unique_ptr<Dataset> reference;
  std::vector<Field> fields = evaluateNetworks(session, datasets, manifest.reference, reference);
  addErrors(fields, figures);
  figures["seconds"] = loopSeconds;
  if (done > firstStep)
    figures["seconds_per_step"] = stepSeconds / static_cast<double>(done - firstStep);
  if (!fields.empty()) {
    writeFileAtomically(folder->file("pred.npz"), formatFields(fields, program.precision));
    writeVtk(folder->path(), fields);
  }
  bool isViolated = false;
  if (std::string why = isAtRest || stalledSince >= 0 ? describeViolation(program, figures) : "";
      !why.empty()) {
    isViolated = true;
    status = isAtRest ? "infeasible" : "stalled";
    reason = isAtRest ? cat("infeasible: ", why, ", and no step changes anything more; ", reason)
                      : cat("stalled: ", why, ", and steps raise and lower the violations without getting ",
                            "below those of step ", stalledSince, ": the step size", rateText(program),
                            " may be too large, or nothing meets the constraints; ", reason);
    std::fprintf(stderr, "error: %s\n", reason.c_str());
  }
  if (!notFinite.empty()) {
    status = "diverged";
    reason = cat("not finite on whole sets after step ", done, ": ", notFinite);
    std::fprintf(stderr, "error: %s%s\n  last checkpoint: %s\n", reason.c_str(),
                 nonFinitePoint(session, loaded(datasets)).c_str(), savedFile.c_str());
  }
  closeManifest(status, reason);
  std::string required;
  bool met = checkRequirements(requirements, figures, required);
  writeReport(program, *folder);
  int code = status == "diverged" ? Diverged : isViolated ? Infeasible : met ? Done : Missed;
  if (options.json) {
    printJson(code);
    return code;
  }
  if (!options.quiet) {
    std::printf("stopped: %s\n", reason.c_str());
    for (const MetricSpec &metric : program.metrics)
      std::printf("  %-32s %s\n", metric.name.c_str(), figureText(figures[metric.name]).c_str());
    if (figures.count("l2re"))
      std::printf("  %-32s %s\n", "l2re", figureText(figures["l2re"]).c_str());
    if (figures.count("seconds_per_step"))
      std::printf("  %-32s %s\n", "time per step", durationText(figures["seconds_per_step"]).c_str());
  }
  if (!required.empty())
    std::printf("%s", required.c_str());
  if (!options.quiet)
    std::printf("report: %s\n", folder->file("report.html").c_str());
  return code;
}
