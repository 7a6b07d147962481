//===- BroydenFamily.cpp - Quasi-Newton methods with a dense matrix -------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "BroydenFamily.h"

using namespace costate::methods;

BroydenFamily::BroydenFamily(Rule rule, Oracle &oracle, const LineSearch &search,
                             const Tolerances &tolerances, const Bounds &bounds)
    : QuasiNewton(oracle, search, tolerances, bounds), rule(rule), H(Matrix::Zero(x.size(), x.size())) {}

BroydenFamily::Coefficients BroydenFamily::unscaled(const Curvatures &curvatures) {
  return {curvatures.first ? curvatures.h : 1, 1};
}

/// With F the free variables and A those that are held, the inverse of B_FF is H_FF - H_FA (H_AA)^-1 H_AF: a
/// force on the held ones keeps them where they are.
void BroydenFamily::direct(const std::vector<Index> &held, Vector &direction) {
  Vector force = g;
  for (Index i : held)
    force[i] = 0;
  direction.noalias() = -(H.selfadjointView<Eigen::Lower>() * force);
  if (held.empty())
    return;
  Index count = Index(held.size());
  Matrix among(count, count);
  Vector reaction(count);
  for (Index j = 0; j < count; ++j) {
    reaction[j] = direction[held[j]];
    for (Index i = j; i < count; ++i)
      among(i, j) = H(held[i], held[j]); // held in increasing order
  }
  // Rounding may have spoilt H; then it is forgotten.
  if (!solvePositiveDefinite(among, reaction)) {
    direction.setConstant(NAN);
    return;
  }
  for (Index j = 0; j < count; ++j)
    force[held[j]] = reaction[j];
  direction.noalias() = -(H.selfadjointView<Eigen::Lower>() * force);
  for (Index i : held)
    direction[i] = 0;
}

void BroydenFamily::update(double ys) {
  const Index n = x.size();
  bool first = fresh();
  if (first)
    H.setIdentity();
  Vector Hy = H.selfadjointView<Eigen::Lower>() * y;
  double yHy = y.dot(Hy);
  // B s = -t g where s = -t H g. Elsewhere it is not known, and nothing is scaled.
  Curvatures curvatures = {yHy / ys, -length * length * slope / ys, n, first};
  auto [tau, phi] = straight ? rule(curvatures) : unscaled(curvatures);

  // In Hy and s the sum is a symmetric form; one sweep over the triangle adds it.
  double both = -phi / (ys * tau), ofHy = (phi - 1) / (yHy * tau), ofS = phi * yHy / (ys * ys * tau) + 1 / ys;
  for (Index j = 0; j < n; ++j) {
    double alongHy = ofHy * Hy[j] + both * s[j], alongS = both * Hy[j] + ofS * s[j];
    auto column = H.col(j).tail(n - j);
    column = column / tau + alongHy * Hy.tail(n - j) + alongS * s.tail(n - j);
  }
}

void BroydenFamily::visitMemory(StateVisitor &visitor) {
  QuasiNewton::visitMemory(visitor);
  visitor.visit("inverse_hessian", spanOf(H));
}
