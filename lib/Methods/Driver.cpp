//===- Driver.cpp - What all methods have in common -----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Driver.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace costate::methods;

/// Of an objective, in units of its precision: a sum has the rounding of more than one operation.
static constexpr double roundings = 10;

Driver::Driver(Oracle &oracle, const Tolerances &tolerances, const Bounds &bounds)
    : tolerances(tolerances), box(bounds, Index(oracle.size())), x(Vector::Zero(Index(oracle.size()))),
      g(Vector::Zero(Index(oracle.size()))), oracle(oracle) {}

void Driver::start(std::span<const double> point) {
  if (Index(point.size()) != x.size())
    throw std::invalid_argument(
        sentence("the starting point is of ", point.size(), " variables, required ", x.size()));
  std::ranges::copy(point, x.begin());
  box.project(x);
  asked = {};
  iteration = 0;
  evaluate();
}

void Driver::restart() { evaluate(); }

void Driver::evaluate() {
  stopped = {};
  moved = changed = -1;
  forget();
  f = gradientAt(x, g);
}

const Stop &Driver::step() {
  stopped = {};
  if (check())
    return stopped;
  advance();
  if (!stopped) {
    ++iteration;
    check();
  }
  return stopped;
}

bool Driver::check() {
  if (!std::isfinite(f)) {
    halt(StopReason::NotFinite, "not finite: the objective is ", f);
    return true;
  }
  for (Index i = 0; i < g.size(); ++i)
    if (!std::isfinite(g[i])) {
      halt(StopReason::NotFinite, "not finite: element ", i, " of the gradient is ", g[i]);
      return true;
    }
  if (double norm = gradientNorm(); norm <= tolerances.gradient)
    halt(StopReason::Gradient, "gradient ", norm, " <= ", tolerances.gradient);
  else if (tolerances.decrease > 0 && changed >= 0 && changed <= tolerances.decrease)
    halt(StopReason::Decrease, "relative decrease ", changed, " <= ", tolerances.decrease, ", gradient ",
         norm);
  else if (tolerances.step > 0 && moved >= 0 && moved <= tolerances.step * std::max(1.0, x.norm()))
    halt(StopReason::Step, "step ", moved, " <= ", tolerances.step * std::max(1.0, x.norm()), ", gradient ",
         norm);
  else if (iteration >= tolerances.iterations)
    halt(StopReason::Iterations, iteration, " iterations of ", tolerances.iterations, ", gradient ", norm);
  else if (asked.total() >= tolerances.evaluations)
    halt(StopReason::Evaluations, asked.total(), " evaluations of ", tolerances.evaluations, ", gradient ",
         norm);
  return bool(stopped);
}

void Driver::visit(StateVisitor &visitor) {
  visit(visitor, "point", x);
  visit(visitor, "gradient", g);
  visit(visitor, "objective", f);
  visit(visitor, "iterations", iteration);
  for (auto [name, count] : {std::pair("objectives", &asked.objectives),
                             {"gradients", &asked.gradients},
                             {"products", &asked.products},
                             {"hessians", &asked.hessians}})
    visit(visitor, name, *count);
  visit(visitor, "moved", moved);
  visit(visitor, "changed", changed);
  visitMemory(visitor);
}

std::vector<Figure> Driver::figures() const {
  std::vector<Figure> found;
  if (moved >= 0)
    found.push_back({"moved", moved});
  addFigures(found);
  return found;
}

double Driver::objectiveAt(const Vector &point) {
  ++asked.objectives;
  return oracle.objective(spanOf(point));
}

double Driver::gradientAt(const Vector &point, Vector &gradient) {
  ++asked.gradients;
  return oracle.gradient(spanOf(point), spanOf(gradient));
}

void Driver::productAt(const Vector &point, const Vector &vector, Vector &product) {
  ++asked.products;
  oracle.hessianProduct(spanOf(point), spanOf(vector), spanOf(product));
}

void Driver::hessianAt(const Vector &point, Matrix &matrix) {
  ++asked.hessians;
  oracle.hessian(spanOf(point), spanOf(matrix));
}

void Driver::moveTo(Vector &point, double value, Vector &gradient) {
  moved = (point - x).norm();
  double larger = std::max(std::abs(f), std::abs(value));
  changed = larger == 0 ? 0 : std::abs(f - value) / larger;
  x.swap(point);
  g.swap(gradient);
  f = value;
}

double Driver::hiddenBelow() const { return roundings * tolerances.precision * std::abs(f); }
