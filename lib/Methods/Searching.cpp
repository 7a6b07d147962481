//===- Searching.cpp - A method that searches along directions ------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Searching.h"

using namespace costate::methods;

/// f(P(x + t d)). Keeps the last trial, so that what is accepted need not be asked again.
class Searching::AlongDirection : public Line {
public:
  AlongDirection(Searching &method, const Vector &direction, double first)
      : method(method), direction(direction), gradient(direction.size()), first(first) {}

  double value(double t) override {
    place(t);
    double value = method.objectiveAt(point);
    see(t, value);
    return value;
  }

  Trial trial(double t) override {
    place(t);
    double value = method.gradientAt(point, gradient);
    known = t;
    see(t, value);
    // An infinite element counts even where the direction is zero.
    return {t, value, gradient.allFinite() ? gradient.dot(direction) : NAN};
  }

  double promised(double t) const override {
    if (method.box.empty())
      return t * method.slope;
    Vector there = method.x + t * direction;
    method.box.project(there);
    return method.g.dot(there - method.x);
  }

  /// The decrease that there can be: that of the parabola through the first finite trial, unless its minimum
  /// is beyond.
  double possible() const {
    double linear = -promised(first), above = firstValue - method.f + linear;
    return 2 * above > linear ? linear * linear / (4 * above) : linear;
  }

  /// Goes there.
  void take(const Trial &accepted) {
    double value = accepted.value;
    if (known != accepted.t)
      value = trial(accepted.t).value;
    method.bent = bent;
    method.s = point - method.x;
    method.y = gradient - method.g;
    method.moveTo(point, value, gradient);
  }

private:
  void place(double t) {
    point = method.x + t * direction;
    bent = method.box.project(point);
    known = -1;
  }

  void see(double t, double value) {
    // So small a step that rounding undoes it is none.
    if (!std::isfinite(firstValue) && std::isfinite(value) && point != method.x) {
      first = t;
      firstValue = value;
    }
  }

  Searching &method;
  const Vector &direction;
  Vector point, gradient;
  /// The first trial that is finite, or the first one.
  double first, firstValue = NAN;
  /// Where the gradient is of.
  double known = -1;
  bool bent = false;
};

static LineSearch admitted(LineSearch rule, const Box &box) {
  if (!box.empty())
    rule.rule = LineSearch::Rule::Backtracking;
  return rule;
}

Searching::Searching(Oracle &oracle, const LineSearch &rule, const Tolerances &tolerances,
                     const Bounds &bounds)
    : Driver(oracle, tolerances, bounds), rule(admitted(rule, box)) {}

void Searching::forget() { length = slope = 0; }

bool Searching::move(const Vector &direction, double first) {
  slope = g.dot(direction);
  AlongDirection line(*this, direction, first);
  found = search(line, {0, f, slope}, first, rule);
  if (found.how == Found::How::Nothing) {
    possible = line.possible();
    return false;
  }
  length = found.accepted.t;
  line.take(found.accepted);
  return true;
}

void Searching::haltAfterSearch() {
  haltWithoutDecrease(possible, "the line search failed after ", found.trials, " trials: slope ", slope,
                      ", last step ", found.last, ", gradient ", gradientNorm());
}

void Searching::visitMemory(StateVisitor &visitor) {
  visit(visitor, "length", length);
  visit(visitor, "slope", slope);
}

void Searching::addFigures(std::vector<Figure> &figures) const {
  figures.push_back({"length", length});
  figures.push_back({"slope", slope});
}
