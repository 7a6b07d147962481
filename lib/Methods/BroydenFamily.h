//===- BroydenFamily.h - Quasi-Newton methods with a dense matrix --*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_BROYDENFAMILY_H
#define COSTATE_LIB_METHODS_BROYDENFAMILY_H

#include "QuasiNewton.h"

namespace costate::methods {

/// The scaled Broyden family, H the inverse of B:
///   H <- (H - H y y'H / y'Hy + phi (y'Hy) v v') / tau + s s' / y's,   v = s / y's - H y / y'Hy.
class BroydenFamily : public QuasiNewton {
public:
  /// What the coefficients are made of.
  struct Curvatures {
    /// y'Hy / y's and s'Bs / y's.
    double h, b;
    Index n;
    /// H = 1.
    bool first;
  };
  struct Coefficients {
    double tau, phi;
  };
  using Rule = Coefficients (*)(const Curvatures &);

  BroydenFamily(Rule rule, Oracle &oracle, const LineSearch &search, const Tolerances &tolerances,
                const Bounds &bounds);

  /// phi = 1. The first H is scaled by y's / y'y (Nocedal and Wright, 6.20).
  static Coefficients unscaled(const Curvatures &curvatures);

private:
  void direct(const std::vector<Index> &held, Vector &direction) override;
  void update(double ys) override;
  void visitMemory(StateVisitor &visitor) override;

  const Rule rule;
  /// Its lower triangle.
  Matrix H;
};

} // namespace costate::methods

#endif // COSTATE_LIB_METHODS_BROYDENFAMILY_H
