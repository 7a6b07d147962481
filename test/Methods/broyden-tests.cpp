//===- broyden-tests.cpp - The matrices of quasi-Newton methods against their formulas -===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "AllMethods.h"
#include "Problems.h"

#include <Eigen/Dense>
#include <gtest/gtest.h>

using namespace costate::methods;
using namespace costate::methods::test;

namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

/// Point, gradient and H of a method.
class Snapshot : public StateVisitor {
public:
  explicit Snapshot(Method &method) { method.visit(*this); }
  void visit(std::string_view name, std::span<double> values) override {
    Eigen::Map<Vector> vector(values.data(), Eigen::Index(values.size()));
    if (name == "point")
      x = vector;
    if (name == "gradient")
      g = vector;
    if (name == "inverse_hessian")
      H = Matrix(vector.reshaped(x.size(), x.size())).selfadjointView<Eigen::Lower>();
  }
  void visit(std::string_view name, std::span<std::int64_t> values) override {}

  Vector x, g;
  Matrix H;
};

/// Al-Baali's form, for B: B <- tau (B - B s s'B / s'Bs + theta (s'Bs) w w') + y y' / y's, w = y / y's - B s
/// / s'Bs.
Matrix updated(const Matrix &B, const Vector &s, const Vector &y, double tau, double theta) {
  Vector Bs = B * s;
  double sBs = s.dot(Bs), ys = y.dot(s);
  Vector w = y / ys - Bs / sBs;
  return tau * (B - Bs * Bs.transpose() / sBs + theta * sBs * w * w.transpose()) + y * y.transpose() / ys;
}

struct Scaling {
  double tau, theta;
};
/// What the papers choose, from h = y'Hy / y's, b = s'Bs / y's.
using Choice = Scaling (*)(double h, double b, double n);

Scaling plain(double, double, double) { return {1, 0}; }
Scaling alBaali(double, double b, double) { return {std::min(1.0, 1 / b), 0}; }
Scaling urban(double h, double b, double n) {
  double a = b * h - 1, c = std::sqrt(a / (a + 1));
  double rhoMinus = std::min(1.0, h * (1 - c)), thetaMinus = (rhoMinus - 1) / a, thetaPlus = 1 / rhoMinus;
  double theta = std::max(thetaMinus, std::min(thetaPlus, (1 - b) / b));
  double rhoPlus = std::min(1.0, 1 / b), sigma = std::pow(1 + a * theta, 1 / (1 - n));
  double tau = theta <= 0 ? std::min(rhoPlus * sigma, 1 + a * theta) : rhoPlus * std::min(sigma, 1 / theta);
  return {tau, theta};
}

} // namespace

TEST(BroydenFamily, TheInverseIsThatOfTheFormulaForB) {
  struct Case {
    Named method;
    Choice choice;
  };
  for (const auto &[method, choice] : {Case{named("BFGS", BFGS{}), plain},
                                       {named("self-scaled BFGS", SelfScaledBFGS{}), alBaali},
                                       {named("self-scaled Broyden", SelfScaledBroyden{}), urban}}) {
    Rosenbrock problem(6);
    auto run = method.create(problem, {}, {});
    run->start(problem.standardStart());
    run->step();
    bool scaled = false, chosen = false;
    for (int k = 1; k < 25; ++k) {
      Snapshot before(*run);
      run->step();
      Snapshot after(*run);
      Vector s = after.x - before.x, y = after.g - before.g;
      Matrix B = before.H.inverse();
      double ys = y.dot(s);
      auto [tau, theta] = choice(y.dot(before.H * y) / ys, s.dot(B * s) / ys, 6);
      scaled |= tau < 0.99;
      chosen |= std::abs(theta) > 0.01;
      Matrix expected = updated(B, s, y, tau, theta).inverse();
      EXPECT_LE((after.H - expected).norm(), 1e-7 * expected.norm()) << method.name << " after " << k;
      EXPECT_LE((after.H * y - s).norm(), 1e-8 * s.norm()) << method.name << " after " << k;
      EXPECT_GT(Eigen::SelfAdjointEigenSolver<Matrix>(after.H).eigenvalues().minCoeff(), 0) << method.name;
    }
    EXPECT_EQ(scaled, choice != plain) << method.name;
    EXPECT_EQ(chosen, choice == urban) << method.name;
  }
}

TEST(BroydenFamily, TheFirstMatrixIsScaled) {
  for (const Named &method : {named("BFGS", BFGS{}), named("self-scaled BFGS", SelfScaledBFGS{}),
                              named("self-scaled Broyden", SelfScaledBroyden{})}) {
    Rosenbrock problem(6);
    auto run = method.create(problem, {}, {});
    run->start(problem.standardStart());
    Snapshot before(*run);
    run->step();
    Snapshot after(*run);
    Vector s = after.x - before.x, y = after.g - before.g;
    double ys = y.dot(s), h = y.dot(y) / ys, b = s.dot(s) / ys, tau = h, theta = 0;
    if (method.name == "self-scaled Broyden") {
      theta = urban(h, b, 6).theta;
      tau = h / (1 + (h * b - 1) * theta);
    }
    Matrix expected = updated(Matrix::Identity(6, 6), s, y, tau, theta).inverse();
    EXPECT_LE((after.H - expected).norm(), 1e-9 * expected.norm()) << method.name;
  }
}

/// The products of L-BFGS are those of the matrix that BFGS makes of the same pairs, from y's / y'y.
TEST(LBFGS, TheDirectionIsThatOfTheMatrix) {
  for (std::int64_t history : {1, 3, 7}) {
    Rosenbrock problem(6);
    auto run = create(LBFGS{.history = history, .search = {.rule = LineSearch::Rule::Backtracking}}, problem);
    run->start(problem.standardStart());
    std::vector<Snapshot> states = {Snapshot(*run)};
    for (int k = 0; k < 12; ++k) {
      run->step();
      states.push_back(Snapshot(*run));
      if (k == 0)
        continue;
      std::size_t last = states.size() - 2;
      Vector s = states[last].x - states[last - 1].x, y = states[last].g - states[last - 1].g;
      Matrix B = Matrix::Identity(6, 6) * (y.dot(y) / y.dot(s));
      for (std::size_t i = last > std::size_t(history) ? last - std::size_t(history) : 0; i < last; ++i) {
        Vector step = states[i + 1].x - states[i].x, change = states[i + 1].g - states[i].g;
        if (change.dot(step) > 0)
          B = updated(B, step, change, 1, 0);
      }
      Vector direction = -B.inverse() * states[last].g, moved = states[last + 1].x - states[last].x;
      // By a power of 1/2.
      double length = moved.norm() / direction.norm();
      EXPECT_NEAR(std::log2(length), std::round(std::log2(length)), 1e-6) << history << " pairs, step " << k;
      EXPECT_LE((moved - length * direction).norm(), 1e-6 * moved.norm()) << history << " pairs, step " << k;
    }
  }
}
