//===- Newton.cpp - Newton's method with a modified Hessian ---------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// J. Nocedal, S. J. Wright: Numerical Optimization, 2nd edition (2006), algorithms 3.2 and 3.3.

#include "Searching.h"
#include "costate/Methods/Methods.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace costate::methods;

/// The first damping, relative to the largest element of the diagonal, and what it grows by.
static constexpr double leastDamping = 1e-3, dampingGrowth = 10;

namespace {

/// (W + damping 1) d = -g with the first damping of 0, ... that makes a positive definite matrix.
class ModifiedNewton : public Searching {
public:
  ModifiedNewton(const Newton &options, Oracle &oracle, const Tolerances &tolerances, const Bounds &bounds)
      : Searching(oracle, options.search, tolerances, bounds), hessian(x.size(), x.size()) {}

private:
  void advance() override;
  bool direct(Vector &direction);
  void visitMemory(StateVisitor &visitor) override {
    Searching::visitMemory(visitor);
    visit(visitor, "damping", damping);
  }
  void addFigures(std::vector<Figure> &figures) const override {
    Searching::addFigures(figures);
    figures.push_back({"damping", damping});
  }

  Matrix hessian, damped;
  double damping = 0;
};

} // namespace

void ModifiedNewton::advance() {
  hessianAt(x, hessian);
  if (!hessian.allFinite()) {
    for (Index j = 0; j < hessian.cols(); ++j)
      for (Index i = 0; i < hessian.rows(); ++i)
        if (!std::isfinite(hessian(i, j)))
          return halt(StopReason::NotFinite, "not finite: element (", i, ", ", j, ") of the Hessian is ",
                      hessian(i, j));
  }
  Vector direction(x.size());
  if (!direct(direction))
    return halt(StopReason::NotFinite, "not finite: no damping makes the Hessian positive definite");
  if (!move(direction, 1))
    haltAfterSearch();
}

bool ModifiedNewton::direct(Vector &direction) {
  std::vector<Index> held = box.held(x, g);
  Vector rightSide = -g;
  for (Index i : held) {
    hessian.row(i).setZero();
    hessian.col(i).setZero();
    hessian(i, i) = 1;
    rightSide[i] = 0;
  }
  double largest = hessian.diagonal().cwiseAbs().maxCoeff(), smallest = hessian.diagonal().minCoeff();
  double least = leastDamping * (largest > 0 ? largest : 1);
  for (damping = smallest > 0 ? 0 : least - smallest; std::isfinite(damping);
       damping = std::max(dampingGrowth * damping, least)) {
    damped = hessian;
    damped.diagonal().array() += damping;
    direction = rightSide;
    if (!solvePositiveDefinite(damped, direction) || !direction.allFinite())
      continue;
    for (Index i : held)
      direction[i] = box.distance(i, x, g);
    return true;
  }
  return false;
}

std::unique_ptr<Method> costate::methods::create(const Newton &options, Oracle &oracle,
                                                 const Tolerances &tolerances, const Bounds &bounds) {
  if (!oracle.hasHessian())
    throw std::invalid_argument("Newton's method asks for the Hessian, which the oracle does not have");
  return std::make_unique<ModifiedNewton>(options, oracle, tolerances, bounds);
}
