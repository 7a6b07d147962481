//===- NonFinite.cpp - Where a NaN came from --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "NonFinite.h"

#include "Error.h"
#include "Evaluation.h"
#include "Numbers.h"

#include <algorithm>
#include <cmath>

using namespace costate::rt;

bool costate::rt::isGood(const MetricSpec &metric, double value) {
  return std::isfinite(value) || (metric.kind == "conditioning" && value > 0);
}

int64_t costate::rt::firstNonFiniteMetric(const Session &session) {
  for (int64_t i = 0; i < session.metrics.size(); ++i)
    if (!isGood(session.program.metrics[i], session.metrics.get(i)))
      return i;
  return -1;
}

/// Without a branch for each element.
template <typename T> static bool allFinite(const T *values, int64_t size) {
  bool bad = false;
  for (int64_t i = 0; i < size; ++i)
    bad |= !(values[i] - values[i] == 0);
  return !bad;
}

static bool isFiniteBuffer(const Buffer &buffer) {
  return buffer.precision() == Precision::F32 ? allFinite(buffer.as<float>(), buffer.size())
                                              : allFinite(buffer.as<double>(), buffer.size());
}

bool costate::rt::isFinite(const Session &session) {
  return isFiniteBuffer(session.theta) &&
         std::all_of(session.states.begin(), session.states.end(), isFiniteBuffer);
}

/// The first element that is not finite, or -1.
static int64_t firstNonFinite(const Buffer &buffer) {
  for (int64_t i = 0; i < buffer.size(); ++i)
    if (!std::isfinite(buffer.get(i)))
      return i;
  return -1;
}

std::string costate::rt::describeNonFinite(const Session &session) {
  const Program &program = session.program;
  std::string text;
  for (size_t i = 0; i < program.metrics.size(); ++i) {
    const MetricSpec &metric = program.metrics[i];
    if (isGood(metric, session.metric(i)))
      continue;
    // The place of the first says enough of those that follow from it.
    std::string place = text.empty() && !metric.loc.empty() ? cat(" (", metric.loc, ")") : "";
    text += cat(text.empty() ? "" : ", ", "'", metric.name, "' is ", numberText(session.metric(i)), place);
  }
  if (!text.empty())
    return text;
  if (int64_t i = firstNonFinite(session.theta); i >= 0)
    return cat("a parameter is not finite: ", program.parameterText(i), " is ",
               numberText(session.theta.get(i)));
  for (size_t s = 0; s < session.states.size(); ++s)
    if (int64_t i = firstNonFinite(session.states[s]); i >= 0)
      return cat("a state is not finite: '", program.states[s].name, "' element ", i, " is ",
                 numberText(session.states[s].get(i)),
                 session.states[s].size() == program.parameterCount
                     ? " (that of parameter " + program.parameterText(i) + ")"
                     : "");
  return text;
}

/// "x = [0.25, 1]" for the first row where the entry's outputs are not all finite, or "".
static std::string badPoint(Session &session, const Entry &entry, Dataset &dataset) {
  Field field = evaluateField(session, entry, dataset);
  for (const Field::Output &output : field.outputs)
    for (size_t i = 0; i < output.values.size(); ++i) {
      if (std::isfinite(output.values[i]))
        continue;
      int64_t row = i / elementsOf(output.shape);
      std::string text = cat("'", output.name, "' is ", numberText(output.values[i]), " at row ", row,
                             " of set '", dataset.name, "':");
      for (const std::string &input : field.inputs) {
        const Column *column = dataset.find(input);
        text += " " + input + " = [";
        for (int64_t c = 0; c < column->components; ++c)
          text += (c ? ", " : "") + numberText(dataset.get(*column, row, c));
        text += "]";
      }
      return text;
    }
  return "";
}

std::string costate::rt::nonFinitePoint(Session &session, const std::vector<Dataset *> &datasets) {
  for (const char *prefix : {"residual.", "predict."})
    for (const Entry *entry : session.program.entriesWithPrefix(prefix))
      for (Dataset *dataset : datasets)
        if (isUsedOn(*entry, *dataset))
          if (std::string point = badPoint(session, *entry, *dataset); !point.empty())
            return "\n  " + point;
  return "";
}
