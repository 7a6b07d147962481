//===- Box.h - Bounds of variables, and the projection on them --*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_BOX_H
#define COSTATE_LIB_METHODS_BOX_H

#include "Algebra.h"
#include "costate/Methods/Bounds.h"

#include <vector>

namespace costate::methods {

class Box {
public:
  /// Throws where the bounds are not of n variables, or low > high.
  Box(const Bounds &bounds, Index n);

  /// Whether no variable has a bound.
  bool empty() const { return low.size() == 0; }
  /// Whether the point was moved.
  bool project(Vector &point) const;
  /// ||x - P(x - g)||: ||g|| without bounds.
  double stationarity(const Vector &point, const Vector &gradient) const;

  /// The variables at a bound, or almost, beyond which the objective would fall (Bertsekas 1982): the others
  /// are free.
  std::vector<Index> held(const Vector &point, const Vector &gradient) const;
  /// From a variable that is held to its bound.
  double distance(Index variable, const Vector &point, const Vector &gradient) const {
    return (gradient[variable] > 0 ? low : high)[variable] - point[variable];
  }

private:
  Vector low, high;
};

} // namespace costate::methods

#endif // COSTATE_LIB_METHODS_BOX_H
