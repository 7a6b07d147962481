//===- Driver.h - What all methods have in common ---------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_DRIVER_H
#define COSTATE_LIB_METHODS_DRIVER_H

#include "Algebra.h"
#include "Box.h"
#include "Sentence.h"
#include "costate/Methods/Method.h"

#include <limits>

namespace costate::methods {

/// Where a method stands, why it stops, and its way to the oracle, which it counts. A method adds how it
/// moves.
class Driver : public Method {
public:
  Driver(Oracle &oracle, const Tolerances &tolerances, const Bounds &bounds);

  void start(std::span<const double> point) final;
  void restart() final;
  const Stop &step() final;
  void visit(StateVisitor &visitor) final;

  std::span<const double> point() const final { return spanOf(x); }
  std::span<const double> gradient() const final { return spanOf(g); }
  double objective() const final { return f; }
  double gradientNorm() const final { return box.stationarity(x, g); }
  std::int64_t iterations() const final { return iteration; }
  const Evaluations &evaluations() const final { return asked; }
  std::vector<Figure> figures() const final;
  const Stop &stop() const final { return stopped; }

protected:
  /// Forgets what was learnt about the objective.
  virtual void forget() = 0;
  /// Moves, or halts.
  virtual void advance() = 0;
  virtual void visitMemory(StateVisitor &visitor) {}
  virtual void addFigures(std::vector<Figure> &figures) const {}

  double objectiveAt(const Vector &point);
  double gradientAt(const Vector &point, Vector &gradient);
  void productAt(const Vector &point, const Vector &vector, Vector &product);
  void hessianAt(const Vector &point, Matrix &matrix);

  /// To where the objective is `value`. Takes the vectors, and gives those of where it stood.
  void moveTo(Vector &point, double value, Vector &gradient);
  template <typename... Parts> void halt(StopReason reason, const Parts &...parts) {
    stopped = {reason, sentence(parts...)};
  }
  /// Halts as a decrease was not found: why, unless rounding hides it.
  template <typename... Parts> void haltWithoutDecrease(double possible, const Parts &...parts) {
    if (hidden(possible))
      halt(StopReason::NoDecrease, "no decrease is possible in this precision: ", possible,
           " is to be had, rounding hides ", hiddenBelow(), ", gradient ", gradientNorm());
    else
      halt(StopReason::SearchFailed, parts...);
  }
  /// Whether rounding of the objective hides a decrease.
  double hiddenBelow() const;
  bool hidden(double decrease) const { return !(decrease > hiddenBelow()); }

  /// Adds to the state what it is made of.
  static void visit(StateVisitor &visitor, std::string_view name, Vector &vector) {
    visitor.visit(name, spanOf(vector));
  }
  static void visit(StateVisitor &visitor, std::string_view name, double &scalar) {
    visitor.visit(name, std::span(&scalar, 1));
  }
  static void visit(StateVisitor &visitor, std::string_view name, std::int64_t &scalar) {
    visitor.visit(name, std::span(&scalar, 1));
  }

  const Tolerances tolerances;
  const Box box;
  Vector x, g;
  double f = std::numeric_limits<double>::quiet_NaN();

private:
  void evaluate();
  /// Whether there is a reason to stop here.
  bool check();

  Oracle &oracle;
  Evaluations asked;
  Stop stopped;
  std::int64_t iteration = 0;
  /// Of the last step; negative where there was none.
  double moved = -1, changed = -1;
};

} // namespace costate::methods

#endif // COSTATE_LIB_METHODS_DRIVER_H
