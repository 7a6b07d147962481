//===- NonFinite.cpp - Where a NaN came from --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "NonFinite.h"

#include "Config.h"
#include "Error.h"
#include "Evaluation.h"

#include <cmath>

using namespace costate::rt;

int64_t costate::rt::firstNonFiniteMetric(const Session &session) {
  for (int64_t i = 0; i < session.metrics.size(); ++i)
    if (!std::isfinite(session.metrics.get(i)))
      return i;
  return -1;
}

bool costate::rt::parametersFinite(const Session &session) {
  for (int64_t i = 0; i < session.theta.size(); ++i)
    if (!std::isfinite(session.theta.get(i)))
      return false;
  return true;
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

std::string costate::rt::explainNonFinite(Session &session, const Buffer &thetaBefore, int64_t step,
                                          const std::vector<Dataset *> &datasets) {
  const Program &program = session.program;
  std::string message;
  int64_t metric = firstNonFiniteMetric(session);
  if (metric >= 0) {
    const MetricSpec &spec = program.metrics[metric];
    message = cat("diverged at step ", step, ": '", spec.name, "' is ", numberText(session.metric(metric)));
    if (!spec.loc.empty())
      message += cat(" (", spec.loc, ")");
  } else {
    message = cat("diverged at step ", step, ": a parameter is not finite");
    for (const Parameter &parameter : program.parameters)
      for (int64_t i = 0, n = elementsOf(parameter.shape); i < n; ++i)
        if (!std::isfinite(session.theta.get(parameter.offset + i))) {
          message += cat(": '", parameter.name, "' element ", i, " is ",
                         numberText(session.theta.get(parameter.offset + i)));
          goto named;
        }
  }
named:
  for (size_t i = metric + 1; metric >= 0 && i < program.metrics.size(); ++i)
    if (!std::isfinite(session.metric(i)))
      message += cat(", '", program.metrics[i].name, "' is ", numberText(session.metric(i)));

  session.theta.copyFrom(thetaBefore);
  for (const char *prefix : {"residual.", "predict."})
    for (const Entry *entry : program.entriesWithPrefix(prefix))
      for (Dataset *dataset : datasets)
        if (canEvaluate(*entry, *dataset))
          if (std::string point = badPoint(session, *entry, *dataset); !point.empty())
            return message + "\n  " + point;
  return message;
}
