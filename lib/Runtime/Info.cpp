//===- Info.cpp - The verb info ---------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Error.h"
#include "Progress.h"
#include "Samplers.h"
#include "Verbs.h"

#include <cstdio>

using namespace costate::rt;

static std::string memoryText(int64_t bytes) {
  char text[32];
  if (bytes < 10 * 1024)
    std::snprintf(text, sizeof(text), "%lld B", static_cast<long long>(bytes));
  else if (bytes < 10 * 1024 * 1024)
    std::snprintf(text, sizeof(text), "%lld KiB", static_cast<long long>(bytes / 1024));
  else
    std::snprintf(text, sizeof(text), "%lld MiB", static_cast<long long>(bytes / 1024 / 1024));
  return text;
}

static std::string columnsText(const std::vector<ColumnSpec> &columns) {
  std::string text;
  for (const ColumnSpec &column : columns)
    text += (text.empty() ? "" : ", ") + column.name + " " + textOf(column.shape);
  return text;
}

int costate::rt::infoVerb(const Program &program, const Config &config, const Options &options) {
  std::printf("%s (%s), compiled by %s for %s, %s\n", program.name.c_str(), program.source.c_str(),
              program.compiler.c_str(), program.target.c_str(), nameOf(program.precision));
  if (!program.irHash.empty())
    std::printf("problem %s\n", program.irHash.c_str());
  std::printf("\nparameters\n");
  for (const Parameter &parameter : program.parameters) {
    std::string bounds =
        parameter.bounds ? cat("  in [", parameter.bounds->low, ", ", parameter.bounds->high, "]") : "";
    std::printf("  %-36s %-14s %8lld  %s%s\n", parameter.name.c_str(), textOf(parameter.shape).c_str(),
                static_cast<long long>(elementsOf(parameter.shape)), parameter.init.kind.c_str(),
                bounds.c_str());
  }
  std::printf("  %-36s %-14s %8lld\n", "total", "", static_cast<long long>(program.parameterCount));
  if (!program.states.empty())
    std::printf("\nstates\n");
  for (const State &state : program.states)
    std::printf("  %-36s %s\n", state.name.c_str(), textOf(state.shape).c_str());
  std::printf("\nsets\n");
  for (const SetSpec &set : program.sets) {
    std::string from =
        set.isData ? (set.defaultFile.empty() ? "data, from --data" : "data, '" + set.defaultFile + "'")
                   : cat(set.sampler, ", ", sampleCount(set), " points in ", set.region.kind,
                         set.resampleEvery > 0 ? cat(", anew every ", set.resampleEvery, " steps") : "");
    std::printf("  %-20s %s (%s)\n", set.name.c_str(), columnsText(set.columns).c_str(), from.c_str());
  }
  std::printf("\nsettings (--set KEY=VALUE)\n%s", config.text().c_str());
  std::printf("\nmetrics\n");
  for (const MetricSpec &metric : program.metrics)
    std::printf("  %-36s %-14s %s\n", metric.name.c_str(), metric.kind.c_str(), metric.loc.c_str());
  std::printf("\nentries\n");
  for (const Entry &entry : program.entries)
    std::printf("  %-36s %s\n", entry.name.c_str(), entry.doc.c_str());
  int64_t stateBytes = 0;
  for (const State &state : program.states)
    stateBytes += elementsOf(state.shape) * bytesOf(program.precision);
  std::printf("\nmemory: parameters %s, states %s, workspace %s and %s per worker\n",
              memoryText(program.parameterCount * bytesOf(program.precision)).c_str(),
              memoryText(stateBytes).c_str(), memoryText(program.hostWorkspaceBytes).c_str(),
              memoryText(program.workspaceBytesPerWorker).c_str());
  return Done;
}
