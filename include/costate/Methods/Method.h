//===- Method.h - A driver over an oracle, one step at a time ---*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_METHODS_METHOD_H
#define COSTATE_METHODS_METHOD_H

#include "costate/Methods/Oracle.h"
#include "costate/Methods/StateVisitor.h"
#include "costate/Methods/Stop.h"

#include <span>
#include <string_view>
#include <vector>

namespace costate::methods {

/// A number to log.
struct Figure {
  std::string_view name;
  double value;
};

/// Minimises the objective of an oracle from a point. Between two steps it may be looked at, saved and
/// restored into another one with the same options, which then goes on as if nothing had been.
class Method {
public:
  virtual ~Method() = default;

  /// Begins anew. With bounds, at the nearest point within them.
  virtual void start(std::span<const double> point) = 0;
  /// The oracle has changed: asks it again at the same point, and forgets what was learnt about the
  /// curvature.
  virtual void restart() = 0;
  /// One iteration, unless there is a reason to stop, before or after it. Calling it again tries again.
  virtual const Stop &step() = 0;
  /// What a method keeps, in the same order for saving and restoring.
  virtual void visit(StateVisitor &visitor) = 0;

  virtual std::span<const double> point() const = 0;
  virtual std::span<const double> gradient() const = 0;
  virtual double objective() const = 0;
  /// See Tolerances.
  virtual double gradientNorm() const = 0;
  virtual std::int64_t iterations() const = 0;
  virtual const Evaluations &evaluations() const = 0;
  /// Of the last step: its length, and what is of this method alone.
  virtual std::vector<Figure> figures() const = 0;
  virtual const Stop &stop() const = 0;

  /// Steps until there is a reason to stop.
  const Stop &run() {
    while (!step())
      ;
    return stop();
  }
};

} // namespace costate::methods

#endif // COSTATE_METHODS_METHOD_H
