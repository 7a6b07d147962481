//===- problem-tests.cpp - Methods on problems whose solutions are known --===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "AllMethods.h"
#include "Problems.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace costate::methods;
using namespace costate::methods::test;

namespace {

/// Beale's function, minimal at (3, 1/2) (Moré, Garbow, Hillstrom 5).
class Beale : public Problem {
public:
  Beale() : Problem(2) {}

protected:
  static constexpr double y[] = {1.5, 2.25, 2.625};
  double value(std::span<const double> x) const override {
    double sum = 0;
    for (int i = 0; i < 3; ++i)
      sum += std::pow(y[i] - x[0] * (1 - std::pow(x[1], i + 1)), 2);
    return sum;
  }
  void slopes(std::span<const double> x, std::span<double> g) const override {
    g[0] = g[1] = 0;
    for (int i = 0; i < 3; ++i) {
      double residual = y[i] - x[0] * (1 - std::pow(x[1], i + 1));
      g[0] -= 2 * residual * (1 - std::pow(x[1], i + 1));
      g[1] += 2 * residual * x[0] * (i + 1) * std::pow(x[1], i);
    }
  }
  void curvatures(std::span<const double> x, std::span<double> matrix) const override {
    std::fill(matrix.begin(), matrix.end(), 0);
    for (int i = 0; i < 3; ++i) {
      double power = std::pow(x[1], i + 1), first = (i + 1) * std::pow(x[1], i);
      double second = i == 0 ? 0 : (i + 1) * i * std::pow(x[1], i - 1);
      double residual = y[i] - x[0] * (1 - power);
      matrix[0] += 2 * (1 - power) * (1 - power);
      matrix[1] += 2 * residual * first - 2 * x[0] * first * (1 - power);
      matrix[3] += 2 * x[0] * first * x[0] * first + 2 * residual * x[0] * second;
    }
    matrix[2] = matrix[1];
  }
};

/// Powell's singular function: at its minimum, 0, the Hessian has rank 2 (Moré, Garbow, Hillstrom 13).
class PowellSingular : public Problem {
public:
  PowellSingular() : Problem(4) {}

protected:
  double value(std::span<const double> x) const override {
    return std::pow(x[0] + 10 * x[1], 2) + 5 * std::pow(x[2] - x[3], 2) + std::pow(x[1] - 2 * x[2], 4) +
           10 * std::pow(x[0] - x[3], 4);
  }
  void slopes(std::span<const double> x, std::span<double> g) const override {
    double a = x[0] + 10 * x[1], b = x[2] - x[3], c = std::pow(x[1] - 2 * x[2], 3),
           d = std::pow(x[0] - x[3], 3);
    g[0] = 2 * a + 40 * d;
    g[1] = 20 * a + 4 * c;
    g[2] = 10 * b - 8 * c;
    g[3] = -10 * b - 40 * d;
  }
  void curvatures(std::span<const double> x, std::span<double> matrix) const override {
    double c = 12 * std::pow(x[1] - 2 * x[2], 2), d = 120 * std::pow(x[0] - x[3], 2);
    Values all = {2 + d, 20, 0, -d, 20, 200 + c, -2 * c, 0, 0, -2 * c, 10 + 4 * c, -10, -d, 0, -10, 10 + d};
    std::copy(all.begin(), all.end(), matrix.begin());
  }
};

/// sum_i a_i x_i - log x_i, minimal at 1 / a_i, not a number where a variable is not positive.
class Barrier : public Problem {
public:
  explicit Barrier(Values a) : Problem(a.size()), a(a) {}
  mutable int outside = 0;

protected:
  double value(std::span<const double> x) const override {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
      sum += a[i] * x[i] - std::log(x[i]);
    outside += std::isnan(sum);
    return sum;
  }
  void slopes(std::span<const double> x, std::span<double> g) const override {
    for (std::size_t i = 0; i < n; ++i)
      g[i] = a[i] - 1 / x[i];
  }
  void curvatures(std::span<const double> x, std::span<double> matrix) const override {
    for (std::size_t i = 0; i < n * n; ++i)
      matrix[i] = i % (n + 1) == 0 ? 1 / (x[i / n] * x[i / n]) : 0;
  }

  const Values a;
};

double distance(std::span<const double> x, const Values &y) {
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i)
    sum += (x[i] - y[i]) * (x[i] - y[i]);
  return std::sqrt(sum);
}

/// Runs, and expects that the gradient's tolerance was met, by a gradient asked for here.
std::unique_ptr<Method> solve(const Named &method, Problem &problem, const Values &start,
                              Tolerances tolerances = {}) {
  auto run = method.create(problem, tolerances, {});
  run->start(start);
  run->run();
  EXPECT_EQ(run->stop().reason, StopReason::Gradient) << method.name << ": " << run->stop().sentence;
  Values g(start.size());
  EXPECT_EQ(problem.Problem::gradient(run->point(), g), run->objective()) << method.name;
  EXPECT_LE(distance(g, Values(g.size(), 0)), tolerances.gradient) << method.name;
  return run;
}

} // namespace

TEST(Problems, DerivativesAreThoseOfDifferences) {
  Beale beale;
  PowellSingular powell;
  Rosenbrock rosenbrock(5);
  Poisson poisson(4);
  Barrier barrier({1, 50});
  Diagonal diagonal({1, 2, 3}, {3, 2, 1}, 7);
  for (Problem *problem :
       std::initializer_list<Problem *>{&beale, &powell, &rosenbrock, &poisson, &barrier, &diagonal}) {
    std::size_t n = problem->size();
    Values x(n), g(n), above(n), below(n), matrix(n * n), product(n), unit(n);
    for (std::size_t i = 0; i < n; ++i)
      x[i] = 0.7 + 0.3 * double(i);
    problem->gradient(x, g);
    problem->hessian(x, matrix);
    for (std::size_t i = 0; i < n; ++i) {
      double step = 1e-6, at = x[i];
      x[i] = at + step;
      double high = problem->gradient(x, above);
      x[i] = at - step;
      double low = problem->gradient(x, below);
      x[i] = at;
      EXPECT_NEAR(g[i], (high - low) / (2 * step), 1e-6 * (1 + std::abs(g[i])));
      std::fill(unit.begin(), unit.end(), 0);
      unit[i] = 1;
      problem->hessianProduct(x, unit, product);
      for (std::size_t j = 0; j < n; ++j) {
        EXPECT_NEAR(matrix[i * n + j], (above[j] - below[j]) / (2 * step),
                    1e-5 * (1 + std::abs(matrix[i * n + j])));
        EXPECT_EQ(matrix[i * n + j], matrix[j * n + i]);
        EXPECT_NEAR(product[j], matrix[i * n + j], 1e-12 * (1 + std::abs(product[j])));
      }
    }
  }
}

TEST(AllMethods, Beale) {
  for (const Named &method : allMethods()) {
    Beale problem;
    auto run = solve(method, problem, {1, 1});
    EXPECT_LE(distance(run->point(), {3, 0.5}), 1e-7) << method.name;
    EXPECT_EQ(problem.asked.objectives, run->evaluations().objectives) << method.name;
    EXPECT_EQ(problem.asked.gradients, run->evaluations().gradients + 1) << method.name;
    EXPECT_EQ(problem.asked.products, run->evaluations().products) << method.name;
    EXPECT_EQ(problem.asked.hessians, run->evaluations().hessians) << method.name;
  }
}

TEST(AllMethods, PowellSingular) {
  for (const Named &method : allButGradientDescent()) {
    PowellSingular problem;
    auto run = solve(method, problem, {3, -1, 0, 1});
    EXPECT_LE(run->objective(), 1e-9) << method.name;
    EXPECT_LE(run->iterations(), 100) << method.name;
  }
}

TEST(AllMethods, Rosenbrock) {
  for (const Named &method : allMethods()) {
    Rosenbrock problem(2);
    auto run = solve(method, problem, {-1.2, 1});
    EXPECT_LE(distance(run->point(), {1, 1}), 1e-6) << method.name;
    EXPECT_LE(run->iterations(), method.name.starts_with("gradient") ? 25000 : 60) << method.name;
  }
}

/// A thousand variables. The function has a second minimum (Shang and Qiu 2006), with x_0 near -1, where
/// Newton's method ends.
TEST(AllMethods, RosenbrockOfAThousandVariables) {
  const Values ones(1000, 1);
  for (const Named &method :
       {named("BFGS", BFGS{}), named("self-scaled BFGS", SelfScaledBFGS{}),
        named("self-scaled Broyden", SelfScaledBroyden{}), named("L-BFGS", LBFGS{}),
        named("L-BFGS, approximate Wolfe", LBFGS{.search = {.rule = LineSearch::Rule::ApproximateWolfe}}),
        named("trust-region Newton", TrustRegionNewton{}),
        named("gradient descent", GradientDescent{.growth = 0})}) {
    Rosenbrock problem(1000);
    auto run = solve(method, problem, problem.standardStart());
    EXPECT_LE(distance(run->point(), ones), 1e-3) << method.name;
  }
}

TEST(Newton, RosenbrockOfAHundredVariables) {
  Rosenbrock problem(100);
  auto run = solve(named("Newton", Newton{}), problem, problem.standardStart());
  // The other minimum, found from near it by a method that never sees the Hessian.
  Values near(100, 1);
  near[0] = -1;
  auto other = solve(named("L-BFGS", LBFGS{}), problem, near, {.gradient = 1e-9});
  EXPECT_NEAR(99 * other->objective(), 3.98662, 1e-4);
  EXPECT_LE(distance(run->point(), Values(other->point().begin(), other->point().end())), 1e-6);
}

TEST(Newton, AQuadraticTakesOneStep) {
  Poisson problem(20);
  auto run = solve(named("Newton", Newton{}), problem, Values(20, 0));
  EXPECT_EQ(run->iterations(), 1);
  for (std::size_t i = 0; i < 20; ++i)
    EXPECT_NEAR(run->point()[i], double(i + 1) * double(20 - i) / 2, 1e-10);
}

TEST(Newton, NegativeCurvatureIsDampedAway) {
  // Rosenbrock's function is not convex at (0, 1): its Hessian has the diagonal -398, 200.
  Rosenbrock problem(2);
  auto run = create(Newton{}, problem);
  run->start(Values{0, 1});
  double before = run->objective();
  run->step();
  EXPECT_LT(run->objective(), before);
  std::vector<Figure> figures = run->figures();
  auto damping = std::ranges::find(figures, "damping", &Figure::name);
  ASSERT_NE(damping, figures.end());
  EXPECT_GT(damping->value, 398);
}

/// By exact searches BFGS has found the minimum of a quadratic of n variables after n steps.
TEST(BFGS, AQuadraticTakesAsManyStepsAsVariablesByExactSearches) {
  Values d, m;
  for (int i = 1; i <= 8; ++i) {
    d.push_back(i);
    m.push_back(1 + i % 3);
  }
  Diagonal problem(d, m);
  auto run = solve(named("BFGS", BFGS{{.curvature = 1e-11}}), problem, Values(8, 0));
  EXPECT_EQ(run->iterations(), 8);
}

TEST(TrustRegionNewton, ConjugateGradientsTakeAsManyProductsAsThereAreCurvatures) {
  // Three different ones among nine variables.
  Diagonal problem({1, 5, 25, 1, 5, 25, 1, 5, 25}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  auto run =
      solve(named("trust-region Newton", TrustRegionNewton{.initialRadius = 100}), problem, Values(9, 0));
  EXPECT_LE(run->evaluations().products, 3 * run->iterations());
  EXPECT_LE(run->iterations(), 6);
}

TEST(TrustRegionNewton, NoStepIsLongerThanTheRadius) {
  Diagonal problem({1, 1}, {300, 400});
  auto run = create(TrustRegionNewton{.initialRadius = 2, .largestRadius = 20}, problem);
  run->start(Values{0, 0});
  double length = 0;
  for (double radius : {2.0, 4.0, 8.0, 16.0, 20.0, 20.0}) {
    run->step();
    length += radius;
    EXPECT_NEAR(run->point()[0], 0.6 * length, 1e-10);
    EXPECT_NEAR(run->point()[1], 0.8 * length, 1e-10);
  }
}

TEST(TrustRegionNewton, LeavesASaddleAlongNegativeCurvature) {
  // At (0, 1) the Hessian has the diagonal -398, 200.
  Rosenbrock problem(2);
  auto run = solve(named("trust-region Newton", TrustRegionNewton{}), problem, {0, 1});
  EXPECT_LE(distance(run->point(), {1, 1}), 1e-6);
}

TEST(AllMethods, WhatIsNotFiniteIsAvoided) {
  for (const Named &method : allMethods()) {
    Barrier problem({1, 50});
    auto run = solve(method, problem, {3, 3}, {.gradient = 1e-5});
    EXPECT_LE(distance(run->point(), {1, 1.0 / 50}), 1e-5) << method.name;
    EXPECT_GT(problem.outside, 0) << method.name;
  }
}

TEST(GradientDescent, FirstTrialsGrowOrNot) {
  for (double growth : {0.0, 2.0}) {
    Diagonal problem({5, 1}, {0, 0});
    auto run =
        solve(named("gradient descent", GradientDescent{.initial = 1e-3, .growth = growth}), problem, {1, 1});
    if (growth == 0)
      EXPECT_GT(run->iterations(), 10000);
    else
      EXPECT_LT(run->iterations(), 100);
  }
}
