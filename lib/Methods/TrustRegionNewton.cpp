//===- TrustRegionNewton.cpp - Trust-region Newton with conjugate gradients -===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// T. Steihaug: The conjugate gradient method and trust regions in large scale optimization. SIAM J. Numer.
// Anal. 20 (1983) 626-637. J. Nocedal, S. J. Wright: Numerical Optimization, 2nd edition (2006),
// algorithms 4.1 and 7.2.

#include "Driver.h"
#include "costate/Methods/Methods.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

using namespace costate::methods;

namespace {

/// p = argmin m(p) = g'p + p'Wp / 2 over ||p|| <= radius, as far as conjugate gradients take it.
class TrustRegion : public Driver {
public:
  TrustRegion(const TrustRegionNewton &options, Oracle &oracle, const Tolerances &tolerances,
              const Bounds &bounds)
      : Driver(oracle, tolerances, bounds), options(options), p(x.size()), Wp(x.size()) {}

private:
  void forget() override {
    radius = options.initialRadius;
    firstNorm = ratio = 0;
  }
  void advance() override;
  /// False where it halts.
  bool solve(const std::vector<Index> &held);
  bool product(const Vector &vector, Vector &product);
  void visitMemory(StateVisitor &visitor) override {
    visit(visitor, "radius", radius);
    visit(visitor, "first_norm", firstNorm);
    visit(visitor, "ratio", ratio);
  }
  void addFigures(std::vector<Figure> &figures) const override {
    figures.push_back({"radius", radius});
    figures.push_back({"ratio", ratio});
  }

  const TrustRegionNewton options;
  double radius = 0;
  /// Of the gradient at first.
  double firstNorm = 0;
  /// Of the last step: the decrease to what the model promised.
  double ratio = 0;
  Vector p, Wp;
};

} // namespace

bool TrustRegion::product(const Vector &vector, Vector &product) {
  productAt(x, vector, product);
  for (Index i = 0; i < product.size(); ++i)
    if (!std::isfinite(product[i])) {
      halt(StopReason::NotFinite, "not finite: element ", i, " of a product with the Hessian is ",
           product[i]);
      return false;
    }
  return true;
}

bool TrustRegion::solve(const std::vector<Index> &held) {
  auto clear = [&](Vector &vector) {
    for (Index i : held)
      vector[i] = 0;
  };
  p.setZero();
  Wp.setZero();
  Vector residual = g;
  clear(residual);
  Vector d = -residual, Wd(x.size());
  double squared = residual.squaredNorm();
  // The better the point, the better the solve: that makes the end superlinear.
  double enough = std::min(0.5, std::sqrt(gradientNorm() / firstNorm)) * std::sqrt(squared);
  std::int64_t most = options.products > 0 ? options.products : x.size();
  for (std::int64_t k = 0; k < most && std::sqrt(squared) > enough; ++k) {
    if (!product(d, Wd))
      return false;
    clear(Wd);
    double curvature = d.dot(Wd), along = squared / curvature;
    // To the boundary, where the model falls for ever or its minimum is beyond.
    if (!(curvature > 0) || (p + along * d).norm() >= radius) {
      double dd = d.squaredNorm(), pd = p.dot(d), inside = radius * radius - p.squaredNorm();
      along = inside / (pd + std::sqrt(pd * pd + dd * inside));
      p += along * d;
      Wp += along * Wd;
      return true;
    }
    p += along * d;
    Wp += along * Wd;
    residual += along * Wd;
    double before = squared;
    squared = residual.squaredNorm();
    d = squared / before * d - residual;
  }
  return true;
}

void TrustRegion::advance() {
  const std::vector<Index> held = box.held(x, g);
  const double norm = gradientNorm(), before = radius;
  if (firstNorm == 0)
    firstNorm = norm;
  Vector there, gradient(x.size());
  for (double atFirst = 0;;) {
    if (!solve(held))
      return;
    there = x + p;
    bool bent = false;
    for (Index i : held) {
      double distance = box.distance(i, x, g);
      bent |= distance != 0;
      there[i] = x[i] + distance;
    }
    bool boundary = p.norm() >= 0.99 * radius;
    if (bent | box.project(there)) {
      p = there - x;
      if (!product(p, Wp))
        return;
    }
    double length = p.norm(), promised = -(g.dot(p) + p.dot(Wp) / 2);
    atFirst = std::max(atFirst, promised);

    bool accepted = false;
    if (promised > 0) {
      double value = gradientAt(there, gradient);
      bool finite = std::isfinite(value) && gradient.allFinite();
      ratio = finite ? (f - value) / promised : -INFINITY;
      // Where rounding hides the decrease, the gradient has to fall.
      if (finite && hidden(atFirst)) {
        accepted = std::abs(f - value) <= hiddenBelow() && box.stationarity(there, gradient) < norm;
        ratio = accepted ? 1 : ratio;
      } else {
        accepted = finite && ratio >= options.acceptance;
      }
      if (accepted && ratio > 0.75 && boundary)
        radius = std::min(2 * radius, options.largestRadius);
      if (accepted && ratio < 0.25)
        radius = length / 4;
      if (accepted)
        return moveTo(there, value, gradient);
    }
    radius = length / 4;
    bool vanished = !(radius > std::numeric_limits<double>::epsilon() * 1e-3 * x.norm());
    if (vanished || (promised > 0 && hidden(atFirst))) {
      haltWithoutDecrease(atFirst, "the trust region failed: radius ", radius, ", decrease ", ratio,
                          " of what was promised, gradient ", norm);
      radius = before;
      return;
    }
  }
}

std::unique_ptr<Method> costate::methods::create(const TrustRegionNewton &options, Oracle &oracle,
                                                 const Tolerances &tolerances, const Bounds &bounds) {
  if (!oracle.hasHessianProduct())
    throw std::invalid_argument(
        "trust-region Newton asks for products with the Hessian, which the oracle does not have");
  return std::make_unique<TrustRegion>(options, oracle, tolerances, bounds);
}
