//===- CheckGrad.cpp - The verb check-grad ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Along a unit direction d, <g, d> has to equal the derivative of the objective,
//   (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / (12 h) + O(h^4).
// Directions: three over all parameters, and one inside each parameter, so that a
// wrong gradient names the parameter. The first step is compared with the gradient.
//
//===----------------------------------------------------------------------===//

#include "Checkpoint.h"
#include "Error.h"
#include "Evaluation.h"
#include "NonFinite.h"
#include "Numbers.h"
#include "Output.h"
#include "Philox.h"
#include "Progress.h"
#include "StepCheck.h"
#include "Verbs.h"

#include <cmath>
#include <cstdio>

using namespace costate::rt;

namespace {

struct Direction {
  std::string name;
  int64_t begin, end;
};

double evaluate(Session &session, Call &objective, const Buffer &start, const std::vector<double> &direction,
                double t, int64_t total) {
  for (int64_t i = 0; i < start.size(); ++i)
    session.theta.set(i, start.get(i) + t * direction[i]);
  objective();
  return session.metric(total);
}

/// Where the objective or the gradient is not finite, nothing is known to be wrong.
int refuse(const std::string &why) {
  flushOutput();
  std::fprintf(stderr, "error: %s\n", why.c_str());
  return Diverged;
}

} // namespace

int costate::rt::checkGradVerb(const Program &program, const Options &options) {
  const Entry *gradientEntry = program.findEntry("gradient"),
              *objectiveEntry = program.findEntry("objective");
  int64_t total = program.totalMetric();
  if (!gradientEntry || !objectiveEntry || total < 0)
    fail("a gradient check needs the entries 'gradient' and 'objective' and a metric of kind 'total'");
  Session session(program, options.threads);
  session.initialize();
  if (!options.checkpoint.empty())
    readParameters(options.checkpoint, session);
  std::vector<std::string> needed = setsOf(program, *gradientEntry);
  for (const std::string &name : setsOf(program, *objectiveEntry))
    needed.push_back(name);
  if (const Entry *step = program.findEntry("step"))
    for (const std::string &name : setsOf(program, *step))
      needed.push_back(name);
  Datasets datasets = loadDatasets(program, options.data, session.seed, needed);
  DatasetOf datasetOf = datasetsByName(program, datasets);
  Call gradient(session, *gradientEntry, datasetOf), objective(session, *objectiveEntry, datasetOf);

  gradient();
  Buffer start(program.precision, program.parameterCount), g(program.precision, program.parameterCount);
  start.copyFrom(session.theta);
  g.copyFrom(session.grad);
  double value = session.metric(total), norm = 0;
  for (int64_t i = 0; i < g.size(); ++i)
    norm += g.get(i) * g.get(i);
  norm = std::sqrt(norm);
  if (firstNonFiniteMetric(session) >= 0)
    return refuse(cat("the objective is not finite: ", describeNonFinite(session),
                      nonFinitePoint(session, loaded(datasets))));
  for (const Parameter &parameter : program.parameters)
    for (int64_t i = 0; i < elementsOf(parameter.shape); ++i)
      if (double slope = g.get(parameter.offset + i); !std::isfinite(slope))
        return refuse(cat("the gradient is not finite: by '", parameter.name, "' element ", i, " it is ",
                          numberText(slope), ", where the objective is ", numberText(value)));

  bool single = program.precision == Precision::F32;
  double tolerance = single ? 2e-2 : 1e-6, h = single ? 5e-2 : 1e-3;
  double epsilon = single ? 0x1p-23 : 0x1p-52;
  // What rounding alone makes of the quotient; smaller differences say nothing.
  double noise = 20 * epsilon * std::fabs(value) / h;

  std::vector<Direction> directions;
  for (int i = 1; i <= 3; ++i)
    directions.push_back({cat("all parameters, direction ", i), 0, program.parameterCount});
  for (const Parameter &parameter : program.parameters)
    directions.push_back({parameter.name, parameter.offset, parameter.offset + elementsOf(parameter.shape)});

  std::printf("objective %s, |gradient| %s, %s: tolerance %g relative\n", figureText(value).c_str(),
              figureText(norm).c_str(), nameOf(program.precision), tolerance);
  std::printf("%-40s %14s %14s %10s\n", "direction", "gradient", "differences", "error");
  bool good = true;
  for (size_t k = 0; k < directions.size(); ++k) {
    const Direction &direction = directions[k];
    Philox random(session.seed, streamOf("check-grad"), k);
    std::vector<double> d(program.parameterCount, 0.0);
    double length = 0;
    for (int64_t i = direction.begin; i < direction.end; ++i) {
      d[i] = random.normal(i);
      length += d[i] * d[i];
    }
    length = std::sqrt(length);
    if (length == 0)
      continue;
    double slope = 0;
    for (int64_t i = direction.begin; i < direction.end; ++i) {
      d[i] /= length;
      slope += d[i] * g.get(i);
    }
    std::string notFinite;
    auto at = [&](double t) {
      double reached = evaluate(session, objective, start, d, t, total);
      if (notFinite.empty() && firstNonFiniteMetric(session) >= 0)
        notFinite = cat("the objective is not finite within ", 2 * h, " along '", direction.name,
                        "': ", describeNonFinite(session), nonFinitePoint(session, loaded(datasets)));
      return reached;
    };
    double difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
    if (!notFinite.empty())
      return refuse(notFinite);
    double error = std::fabs(difference - slope);
    double scale = std::max(std::fabs(difference), std::fabs(slope));
    bool agrees = error <= tolerance * scale + noise;
    good &= agrees;
    std::printf("%-40s %14.6e %14.6e %10.1e%s\n", direction.name.c_str(), slope, difference,
                scale > 0 ? error / scale : 0.0, agrees ? "" : "  WRONG");
  }
  std::printf(good ? "the gradient agrees with differences\n" : "the gradient is wrong\n");
  const Entry *step = program.findEntry("step");
  if (!step || program.training.lineSearch || !good)
    return good ? Done : Missed;
  session.theta.copyFrom(start);
  gradient();
  if (std::string wrong = checkStep(session, *step, datasetOf); !wrong.empty()) {
    std::printf("the step is wrong: %s\n", wrong.c_str());
    return Missed;
  }
  std::printf("the step agrees with the gradient\n");
  return Done;
}
