//===- stop-tests.cpp - Every reason to stop, with its figure -------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "AllMethods.h"
#include "Problems.h"

#include <gtest/gtest.h>

using namespace costate::methods;
using namespace costate::methods::test;

namespace {

/// A diagonal quadratic of which something is said that is not so.
class Spoilt : public Diagonal {
public:
  enum class What { Objective, Gradient, Sign, Product, Hessian, ObjectiveElsewhere, GradientElsewhere };
  Spoilt(What what, Values start = {}) : Diagonal({1, 4, 9}, {0, 0, 0}), what(what), start(start) {}

protected:
  bool elsewhere(std::span<const double> x) const {
    return !std::equal(x.begin(), x.end(), start.begin(), start.end());
  }
  double value(std::span<const double> x) const override {
    bool spoilt = what == What::Objective || (what == What::ObjectiveElsewhere && elsewhere(x));
    return spoilt ? INFINITY : Diagonal::value(x);
  }
  void slopes(std::span<const double> x, std::span<double> g) const override {
    Diagonal::slopes(x, g);
    if (what == What::Gradient || (what == What::GradientElsewhere && elsewhere(x)))
      g[1] = NAN;
    if (what == What::Sign)
      for (double &element : g)
        element = -element;
  }
  void curvatures(std::span<const double> x, std::span<double> matrix) const override {
    Diagonal::curvatures(x, matrix);
    if (what == What::Hessian)
      matrix[7] = -INFINITY;
  }
  void multiply(std::span<const double> x, std::span<const double> v,
                std::span<double> product) const override {
    Diagonal::multiply(x, v, product);
    if (what == What::Product)
      product[2] = NAN;
  }

  const What what;
  const Values start;
};

/// Falls for ever.
class Slope : public Diagonal {
public:
  Slope() : Diagonal({1, 1}, {0, 0}) {}

protected:
  double value(std::span<const double> x) const override { return x[0] + x[1]; }
  void slopes(std::span<const double> x, std::span<double> g) const override { g[0] = g[1] = 1; }
  void curvatures(std::span<const double> x, std::span<double> matrix) const override {
    std::fill(matrix.begin(), matrix.end(), 0);
  }
};

Stop stopOf(const Named &method, Problem &problem, const Values &start, const Tolerances &tolerances = {}) {
  auto run = method.create(problem, tolerances, {});
  run->start(start);
  run->run();
  EXPECT_EQ(run->stop().reason == StopReason::Running, run->stop().sentence.empty());
  return run->stop();
}

const Named newton = named("Newton", Newton{}), lbfgs = named("L-BFGS", LBFGS{});
const Named trustRegion = named("trust-region Newton", TrustRegionNewton{});
const Named descent = named("gradient descent", GradientDescent{.initial = 1, .growth = 0});

} // namespace

TEST(Stop, Gradient) {
  Diagonal problem({1, 4}, {3, 4});
  Stop stop = stopOf(newton, problem, {0, 0});
  EXPECT_EQ(stop.reason, StopReason::Gradient);
  EXPECT_EQ(stop.sentence, "gradient 0 <= 1e-08");
  // Already there, no step is made.
  auto run = newton.create(problem, {.gradient = 20}, {});
  run->start(Values{0, 0});
  EXPECT_EQ(run->step().sentence, "gradient 16.28 <= 20");
  EXPECT_EQ(run->iterations(), 0);
}

TEST(Stop, Decrease) {
  // From x = 1 with a step of 1/2 each time: f = 1/2, 1/8, 1/32, ...: a relative decrease of 3/4.
  Diagonal problem({1}, {0});
  Named halving = named("gradient descent", GradientDescent{.initial = 0.5, .growth = 0});
  Stop stop = stopOf(halving, problem, {1}, {.decrease = 0.75, .iterations = 9});
  EXPECT_EQ(stop.reason, StopReason::Decrease);
  EXPECT_EQ(stop.sentence, "relative decrease 0.75 <= 0.75, gradient 0.5");
  EXPECT_EQ(stopOf(halving, problem, {1}, {.decrease = 0.74, .iterations = 9}).reason,
            StopReason::Iterations);
}

TEST(Stop, Step) {
  Diagonal problem({1}, {0});
  Named halving = named("gradient descent", GradientDescent{.initial = 0.5, .growth = 0});
  Stop stop = stopOf(halving, problem, {1}, {.step = 0.0625});
  EXPECT_EQ(stop.reason, StopReason::Step);
  EXPECT_EQ(stop.sentence, "step 0.0625 <= 0.0625, gradient 0.0625");
  // Relative to the point where that is large: 1000 -> 500 is a step of 500.
  EXPECT_EQ(stopOf(halving, problem, {1000}, {.step = 1}).sentence, "step 500 <= 500, gradient 500");
}

TEST(Stop, Iterations) {
  Rosenbrock problem(10);
  Stop stop = stopOf(lbfgs, problem, problem.standardStart(), {.iterations = 3});
  EXPECT_EQ(stop.reason, StopReason::Iterations);
  EXPECT_TRUE(stop.sentence.starts_with("3 iterations of 3, gradient ")) << stop.sentence;
  EXPECT_EQ(stopOf(lbfgs, problem, problem.standardStart(), {.iterations = 0}).reason,
            StopReason::Iterations);
}

TEST(Stop, Evaluations) {
  // A gradient at first, and an objective and a gradient in each step.
  Diagonal problem({1}, {0});
  Named damped = named("gradient descent", GradientDescent{.initial = 0.5, .growth = 0});
  auto run = damped.create(problem, {.evaluations = 6}, {});
  run->start(Values{1});
  run->run();
  EXPECT_EQ(run->stop().reason, StopReason::Evaluations);
  EXPECT_EQ(run->stop().sentence, "7 evaluations of 6, gradient 0.125");
  EXPECT_EQ(run->iterations(), 3);
  EXPECT_EQ(run->evaluations().objectives, 3);
  EXPECT_EQ(run->evaluations().gradients, 4);
}

TEST(Stop, SearchFailedWhereTheGradientIsWrong) {
  for (const Named &method : allMethods()) {
    Spoilt problem(Spoilt::What::Sign);
    Stop stop = stopOf(method, problem, {1, 1, 1});
    EXPECT_EQ(stop.reason, StopReason::SearchFailed) << method.name << ": " << stop.sentence;
  }
  Spoilt problem(Spoilt::What::Sign);
  EXPECT_EQ(stopOf(named("gradient descent",
                         GradientDescent{.search = {.rule = LineSearch::Rule::Backtracking, .trials = 3}}),
                   problem, {1, 0, 0})
                .sentence,
            "the line search failed after 3 trials: slope -1, last step 0.25, gradient 1");
  Stop stop = stopOf(trustRegion, problem, {1, 0, 0});
  EXPECT_TRUE(stop.sentence.starts_with("the trust region failed: radius ")) << stop.sentence;
  EXPECT_TRUE(stop.sentence.ends_with(" of what was promised, gradient 1")) << stop.sentence;
}

TEST(Stop, SearchFailedWhereNothingElseIsFinite) {
  const Values start = {1, 1, 1};
  for (const Named &method : allMethods())
    for (auto what : {Spoilt::What::ObjectiveElsewhere, Spoilt::What::GradientElsewhere}) {
      Spoilt problem(what, start);
      auto run = method.create(problem, {}, {});
      run->start(start);
      EXPECT_EQ(run->run().reason, StopReason::SearchFailed) << method.name << ": " << run->stop().sentence;
      EXPECT_EQ(Values(run->point().begin(), run->point().end()), start) << method.name;
      EXPECT_EQ(run->objective(), 7) << method.name;
      EXPECT_EQ(run->gradient()[1], 4) << method.name;
    }
}

TEST(Stop, NoDecreaseWhereRoundingHidesIt) {
  // Around 1 the objective cannot tell points whose gradients are 1e-8 apart. A rule that asks for nothing
  // but a decrease ends there; Wolfe's and a trust region go on by the slopes, and a step of Newton's is
  // right at once.
  for (const Named &method : allMethods()) {
    Diagonal problem({1, 3, 10}, {1, 2, 3}, 1);
    Stop stop = stopOf(method, problem, {0, 0, 0}, {.gradient = 1e-13, .iterations = 2000});
    bool ends = method.name.ends_with("backtracking") || method.name == "gradient descent";
    EXPECT_EQ(stop.reason, ends ? StopReason::NoDecrease : StopReason::Gradient)
        << method.name << ": " << stop.sentence;
    EXPECT_EQ(stop.sentence.starts_with("no decrease is possible in this precision: "), ends)
        << stop.sentence;
  }
}

TEST(Stop, NoDecreaseInThePrecisionOfTheObjective) {
  /// The mean of a quadratic in f32, whose gradient is exact.
  class Single : public Diagonal {
    using Diagonal::Diagonal;
    double value(std::span<const double> x) const override { return float(Diagonal::value(x)); }
  };
  Single problem({1, 3, 10}, {1, 2, 3}, 1);
  Stop stop = stopOf(lbfgs, problem, {0, 0, 0}, {.gradient = 1e-13, .precision = 0x1p-23});
  EXPECT_EQ(stop.reason, StopReason::NoDecrease) << stop.sentence;
}

TEST(Stop, NotFinite) {
  using enum Spoilt::What;
  const Values start = {1, 1, 1};
  for (const Named &method : allMethods()) {
    Spoilt objective(Objective), gradient(Gradient);
    Stop stop = stopOf(method, objective, start);
    EXPECT_EQ(stop.reason, StopReason::NotFinite) << method.name;
    EXPECT_EQ(stop.sentence, "not finite: the objective is inf") << method.name;
    EXPECT_EQ(stopOf(method, gradient, start).sentence, "not finite: element 1 of the gradient is nan")
        << method.name;
  }
  Spoilt hessian(Hessian), product(Product);
  EXPECT_EQ(stopOf(newton, hessian, start).sentence, "not finite: element (1, 2) of the Hessian is -inf");
  EXPECT_EQ(stopOf(trustRegion, product, start).sentence,
            "not finite: element 2 of a product with the Hessian is nan");
  EXPECT_EQ(stopOf(trustRegion, product, start).reason, StopReason::NotFinite);
}

TEST(Stop, NotFiniteWhereNoDampingHelps) {
  /// Finite, but no sum with the diagonal is.
  class Huge : public Slope {
    void curvatures(std::span<const double> x, std::span<double> matrix) const override {
      matrix[0] = matrix[3] = 1e300;
      matrix[1] = matrix[2] = 1.7e308;
    }
  } problem;
  Stop stop = stopOf(newton, problem, {0, 0});
  EXPECT_EQ(stop.reason, StopReason::NotFinite);
  EXPECT_EQ(stop.sentence, "not finite: no damping makes the Hessian positive definite");
}

TEST(Stop, AnObjectiveWithoutAMinimumEndsByItsBudget) {
  for (const Named &method : allMethods()) {
    Slope problem;
    Stop stop = stopOf(method, problem, {0, 0}, {.iterations = 5});
    EXPECT_EQ(stop.reason, StopReason::Iterations) << method.name << ": " << stop.sentence;
  }
}

TEST(Stop, SteppingAgainTriesAgain) {
  Spoilt problem(Spoilt::What::Sign);
  for (const Named &method : allMethods()) {
    auto run = method.create(problem, {}, {});
    run->start(Values{1, 1, 1});
    std::string first = run->run().sentence;
    EXPECT_EQ(run->step().sentence, first) << method.name;
  }
}

TEST(Methods, WhatDoesNotFitIsRefused) {
  /// Has a gradient and no more.
  class FirstOrder : public Diagonal {
    using Diagonal::Diagonal;
    bool hasHessian() const override { return false; }
    bool hasHessianProduct() const override { return false; }
  } problem({1, 1}, {0, 0});
  auto refusal = [](auto create) -> std::string {
    try {
      create();
    } catch (const std::invalid_argument &error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(refusal([&] { create(Newton{}, problem); }),
            "Newton's method asks for the Hessian, which the oracle does not have");
  EXPECT_EQ(refusal([&] { create(TrustRegionNewton{}, problem); }),
            "trust-region Newton asks for products with the Hessian, which the oracle does not have");
  EXPECT_EQ(refusal([&] { create(LBFGS{.history = 0}, problem); }),
            "L-BFGS keeps 0 pairs, required: at least 1");
  EXPECT_EQ(refusal([&] { create(BFGS{}, problem, {}, {{0}, {0, 1}}); }),
            "bounds are of 1 and 2 variables, required 2");
  EXPECT_EQ(refusal([&] { create(BFGS{}, problem, {}, {{0, 1}, {0, NAN}}); }),
            "bounds of variable 1 are 1 and nan, required: the lower is not above the higher");
  EXPECT_EQ(refusal([&] { create(BFGS{}, problem)->start(Values{1, 2, 3}); }),
            "the starting point is of 3 variables, required 2");
}
