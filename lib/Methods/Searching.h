//===- Searching.h - A method that searches along directions ----*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_SEARCHING_H
#define COSTATE_LIB_METHODS_SEARCHING_H

#include "Driver.h"
#include "Line.h"

namespace costate::methods {

/// Moves along directions by a line search. With bounds it backtracks, whatever the rule: a projected line
/// has kinks, where Wolfe's conditions mean nothing.
class Searching : public Driver {
public:
  Searching(Oracle &oracle, const LineSearch &rule, const Tolerances &tolerances, const Bounds &bounds);

protected:
  void forget() override;
  void visitMemory(StateVisitor &visitor) override;
  void addFigures(std::vector<Figure> &figures) const override;

  /// Whether there is a step along the direction; takes it.
  bool move(const Vector &direction, double first);
  /// Halts after a move that failed.
  void haltAfterSearch();
  /// Whether rounding hides the decrease that the last search, which failed, might have found.
  bool nothingToFind() const { return hidden(possible); }

  /// What the last move changed: of the point, of the gradient.
  Vector s, y;
  /// Of the last move, whether bounds bent it; of the last search: t and <g, d>.
  bool bent = false;
  double length = 0, slope = 0;

private:
  class AlongDirection;

  const LineSearch rule;
  double possible = 0;
  Found found = {};
};

} // namespace costate::methods

#endif // COSTATE_LIB_METHODS_SEARCHING_H
