//===- bounds-tests.cpp - Bounds of variables are respected ---------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "AllMethods.h"
#include "Problems.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <limits>

using namespace costate::methods;
using namespace costate::methods::test;

namespace {

/// A problem that is never asked outside of its bounds.
template <typename Base> class Within : public Base {
public:
  template <typename... Arguments>
  explicit Within(Bounds bounds, Arguments &&...arguments)
      : Base(std::forward<Arguments>(arguments)...), bounds(bounds) {}

  const Bounds bounds;

protected:
  double value(std::span<const double> x) const override {
    for (std::size_t i = 0; i < x.size(); ++i)
      EXPECT_TRUE(x[i] >= bounds.low[i] && x[i] <= bounds.high[i]) << i << ": " << x[i];
    return Base::value(x);
  }
};

constexpr double none = std::numeric_limits<double>::infinity();

} // namespace

TEST(Bounds, ASeparableQuadraticEndsAtItsProjection) {
  // Variables that end low, high, within; at a bound where the gradient is zero; without bounds; with one
  // value only.
  const Bounds bounds = {{-1, -1, -1, -1, -none, 2, 0}, {1, 1, 1, 1, none, 2, none}};
  const Values target = {-3, 4, 0.5, 1, 7, 0, -5}, curvatures = {1, 2, 3, 4, 5, 6, 50};
  for (const Named &method : allMethods()) {
    Within<Diagonal> problem(bounds, curvatures, target);
    auto run = method.create(problem, {.gradient = 1e-5}, bounds);
    run->start(Values(7, 0.25));
    EXPECT_EQ(run->run().reason, StopReason::Gradient) << method.name << ": " << run->stop().sentence;
    for (std::size_t i = 0; i < 7; ++i) {
      double expected = std::clamp(target[i], bounds.low[i], bounds.high[i]);
      EXPECT_NEAR(run->point()[i], expected, 1e-5) << method.name << ", variable " << i;
      if (target[i] != expected)
        EXPECT_EQ(run->point()[i], expected) << method.name << ", variable " << i;
    }
    EXPECT_LE(run->iterations(), method.name.starts_with("gradient") ? 300 : 30) << method.name;
  }
}

/// A string under load that an obstacle stops: with x_i <= c the contact is an interval in the middle, and
/// beside it the string is the parabola that leaves the obstacle without a kink.
TEST(Bounds, AStringEndsAtItsObstacle) {
  constexpr std::size_t n = 19;
  constexpr double obstacle = 20;
  const Bounds bounds = {Values(n, -none), Values(n, obstacle)};
  // By projected Gauss and Seidel, which knows no gradients.
  Values expected(n, 0);
  for (int sweep = 0; sweep < 5000; ++sweep)
    for (std::size_t i = 0; i < n; ++i)
      expected[i] =
          std::min(obstacle, (1 + (i > 0 ? expected[i - 1] : 0) + (i + 1 < n ? expected[i + 1] : 0)) / 2);
  EXPECT_EQ(std::ranges::count(expected, obstacle), 9);
  for (const Named &method : allMethods()) {
    Within<Poisson> problem(bounds, n);
    auto run = method.create(problem, {.gradient = 1e-5, .iterations = 2000}, bounds);
    run->start(Values(n, 0));
    EXPECT_EQ(run->run().reason, StopReason::Gradient) << method.name << ": " << run->stop().sentence;
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(run->point()[i], expected[i], 1e-3) << method.name << ", variable " << i;
      EXPECT_EQ(run->point()[i] == obstacle, expected[i] == obstacle) << method.name << ", variable " << i;
    }
    EXPECT_LE(run->iterations(), method.name.starts_with("gradient") ? 2000 : 60) << method.name;
  }
}

TEST(Bounds, AFunctionThatIsNotConvexEndsOnItsFace) {
  // Rosenbrock's function with x_0 <= 0.8: the other one follows, x_1 = 0.64, and f = 0.04.
  const Bounds bounds = {{-2, -2}, {0.8, 2}};
  for (const Named &method : allMethods()) {
    Within<Rosenbrock> problem(bounds, 2);
    auto run = method.create(problem, {.gradient = 1e-7}, bounds);
    run->start(Values{-1.2, 1});
    EXPECT_EQ(run->run().reason, StopReason::Gradient) << method.name << ": " << run->stop().sentence;
    EXPECT_EQ(run->point()[0], 0.8) << method.name;
    EXPECT_NEAR(run->point()[1], 0.64, 1e-8) << method.name;
    EXPECT_NEAR(run->objective(), 0.04, 1e-10) << method.name;
  }
}

TEST(Bounds, TheStartIsProjected) {
  const Bounds bounds = {{0, 0}, {1, 1}};
  Within<Diagonal> problem(bounds, Values{1, 1}, Values{5, 0.5});
  auto run = create(BFGS{}, problem, {}, bounds);
  run->start(Values{-7, 9});
  EXPECT_EQ(run->point()[0], 0);
  EXPECT_EQ(run->point()[1], 1);
}

TEST(Bounds, TheGradientIsTheProjectedOne) {
  const Bounds bounds = {{0, 0}, {1, 1}};
  Within<Diagonal> problem(bounds, Values{1, 3}, Values{5, -1});
  auto run = create(BFGS{}, problem, {}, bounds);
  run->start(Values{0.5, 0.25});
  // x - P(x - g) with g = (-4.5, 3.75): (-0.5, 0.25).
  EXPECT_DOUBLE_EQ(run->gradientNorm(), std::sqrt(0.3125));
  EXPECT_EQ(run->run().sentence, "gradient 0 <= 1e-08");
}

TEST(Bounds, AtTheFaceTheMatrixIsThatOfTheFreeVariables) {
  // Two variables are held from the start. The rest is a quadratic of four, for which BFGS has no more to
  // learn after a few steps.
  const Bounds bounds = {{0, 0, -9, -9, -9, -9}, {9, 9, 9, 9, 9, 9}};
  Within<Poisson> problem(bounds, 6);
  /// As the string, but pulled down at its first two points.
  auto run = create(BFGS{}, problem, {.gradient = 1e-10}, bounds);
  run->start(Values{0, 0, 0, 0, 0, 0});
  EXPECT_EQ(run->run().reason, StopReason::Gradient) << run->stop().sentence;
  EXPECT_LE(run->iterations(), 12);
}
