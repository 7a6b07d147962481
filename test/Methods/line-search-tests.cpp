//===- line-search-tests.cpp - Line searches against their conditions -----===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Line.h"

#include <cmath>
#include <cstdlib>
#include <functional>
#include <gtest/gtest.h>
#include <numbers>
#include <string_view>
#include <vector>

using namespace costate::methods;

namespace {

using Function = std::function<Trial(double)>;

class OnFormula : public Line {
public:
  explicit OnFormula(Function phi) : phi(phi), start(phi(0)) {}

  double value(double t) override { return trial(t).value; }
  Trial trial(double t) override {
    ++asked;
    return phi(t);
  }
  double promised(double t) const override { return t * start.slope; }

  Function phi;
  const Trial start;
  std::int64_t asked = 0;
};

/// The test functions of Moré and Thuente's paper, section 5.
Trial rational(double t) {
  double below = t * t + 2;
  return {t, -t / below, (t * t - 2) / (below * below)};
}

Trial quintic(double t) {
  double u = t + 0.004;
  return {t, std::pow(u, 5) - 2 * std::pow(u, 4), 5 * std::pow(u, 4) - 8 * std::pow(u, 3)};
}

Trial oscillating(double t) {
  constexpr double b = 0.01, l = 39, pi = std::numbers::pi;
  double value = std::abs(t - 1) < b ? (t - 1) * (t - 1) / (2 * b) + b / 2 : std::abs(t - 1);
  double slope = std::abs(t - 1) < b ? (t - 1) / b : std::copysign(1, t - 1);
  return {t, value + 2 * (1 - b) / (l * pi) * std::sin(l * pi / 2 * t),
          slope + (1 - b) * std::cos(l * pi / 2 * t)};
}

Function yanai(double b1, double b2) {
  return [=](double t) {
    double weight1 = std::sqrt(1 + b1 * b1) - b1, weight2 = std::sqrt(1 + b2 * b2) - b2;
    double root1 = std::hypot(1 - t, b2), root2 = std::hypot(t, b1);
    return Trial{t, weight1 * root1 + weight2 * root2, -weight1 * (1 - t) / root1 + weight2 * t / root2};
  };
}

struct Case {
  const char *name;
  Function phi;
  double sufficientDecrease, curvature;
  /// What the paper's tables have for the first trials 1e-3, 1e-1, 1e1, 1e3.
  const char *published[4];
};

std::vector<Case> cases() {
  return {{"rational", rational, 1e-3, 0.1, {"1.4", "1.4", "10", "37"}},
          {"quintic", quintic, 0.1, 0.1, {"1.6", "1.6", "1.6", "1.6"}},
          {"oscillating", oscillating, 0.1, 0.1, {"1.0", "1.0", "1.0", "1.0"}},
          {"yanai 1", yanai(0.001, 0.001), 0.001, 0.001, {"0.08", "0.10", "0.35", "0.83"}},
          {"yanai 2", yanai(0.01, 0.001), 0.001, 0.001, {"0.075", "0.078", "0.073", "0.076"}},
          {"yanai 3", yanai(0.001, 0.01), 0.001, 0.001, {"0.93", "0.93", "0.92", "0.92"}}};
}

constexpr double firsts[] = {1e-3, 1e-1, 1e1, 1e3};

bool sufficient(const Trial &start, const Trial &at, const LineSearch &rule) {
  return at.value <= start.value + rule.sufficientDecrease * at.t * start.slope;
}

/// Not defined from t = 1 on, where a first trial is.
Trial walled(double t) {
  return t < 1 ? Trial{t, -t - 0.01 * std::log(1 - t), -1 + 0.01 / (1 - t)} : Trial{t, NAN, NAN};
}

/// Of which it is said that it falls, but it rises.
Trial lying(double t) { return {t, 1 + t, -1}; }

const auto everySearch = {backtrack, strongWolfe, approximateWolfe};

} // namespace

TEST(LineSearch, SlopesOfTheTestFunctionsAreThoseOfDifferences) {
  for (const Case &test : cases())
    for (double t : {0.05, 0.5, 1.002, 1.7}) {
      double step = 1e-6, difference = (test.phi(t + step).value - test.phi(t - step).value) / (2 * step);
      EXPECT_NEAR(test.phi(t).slope, difference, 1e-4) << test.name << " at " << t;
    }
}

TEST(StrongWolfe, ItsConditionsHoldWhereItsAuthorsFoundThemToHold) {
  for (const Case &test : cases())
    for (int i = 0; i < 4; ++i) {
      LineSearch rule = {.sufficientDecrease = test.sufficientDecrease, .curvature = test.curvature};
      OnFormula line(test.phi);
      Found found = strongWolfe(line, line.start, firsts[i], rule);
      SCOPED_TRACE(testing::Message() << test.name << " from " << firsts[i]);
      ASSERT_EQ(found.how, Found::How::Conditions);
      EXPECT_EQ(found.trials, line.asked);
      Trial at = test.phi(found.accepted.t);
      EXPECT_EQ(at.value, found.accepted.value);
      EXPECT_TRUE(sufficient(line.start, at, rule));
      EXPECT_LE(std::abs(at.slope), rule.curvature * std::abs(line.start.slope));
      std::string_view published = test.published[i];
      std::size_t point = published.find('.'),
                  decimals = point == published.npos ? 0 : published.size() - point - 1;
      EXPECT_NEAR(found.accepted.t, std::atof(test.published[i]), std::pow(10, -double(decimals)));
      EXPECT_LE(found.trials, 14);
    }
}

TEST(ApproximateWolfe, ItsConditionsHold) {
  for (const Case &test : cases())
    for (double first : firsts) {
      LineSearch rule = {.sufficientDecrease = test.sufficientDecrease, .curvature = test.curvature};
      OnFormula line(test.phi);
      Found found = approximateWolfe(line, line.start, first, rule);
      SCOPED_TRACE(testing::Message() << test.name << " from " << first);
      ASSERT_EQ(found.how, Found::How::Conditions);
      EXPECT_EQ(found.trials, line.asked);
      Trial at = test.phi(found.accepted.t);
      EXPECT_GE(at.slope, rule.curvature * line.start.slope);
      bool approximate = at.slope <= (2 * rule.sufficientDecrease - 1) * line.start.slope &&
                         at.value <= line.start.value + rule.rounding * std::abs(line.start.value);
      EXPECT_TRUE(sufficient(line.start, at, rule) || approximate);
      EXPECT_LE(found.trials, 40);
    }
}

TEST(Backtracking, TakesTheFirstThatFallsEnough) {
  for (const Case &test : cases())
    for (double first : firsts) {
      LineSearch rule = {.sufficientDecrease = test.sufficientDecrease};
      OnFormula line(test.phi);
      Found found = backtrack(line, line.start, first, rule);
      SCOPED_TRACE(testing::Message() << test.name << " from " << first);
      ASSERT_EQ(found.how, Found::How::Conditions);
      double t = first;
      for (; t > found.accepted.t; t *= rule.shrink)
        EXPECT_FALSE(sufficient(line.start, test.phi(t), rule));
      EXPECT_EQ(t, found.accepted.t);
      EXPECT_TRUE(sufficient(line.start, test.phi(t), rule));
      EXPECT_EQ(found.accepted.slope, test.phi(t).slope);
    }
}

TEST(LineSearch, ATrialThatIsNotFiniteShortensTheStep) {
  for (auto search : everySearch)
    for (double first : {1.0, 10.0, 1e6}) {
      LineSearch rule = {.curvature = 0.1};
      OnFormula line(walled);
      Found found = search(line, line.start, first, rule);
      ASSERT_EQ(found.how, Found::How::Conditions) << first;
      EXPECT_LT(found.accepted.t, 1);
      EXPECT_TRUE(sufficient(line.start, found.accepted, rule));
      EXPECT_TRUE(search == backtrack || found.accepted.slope >= 0.1 * line.start.slope);
    }
}

TEST(LineSearch, BeyondAWallNothingIsTriedTwice) {
  // Extended by five from the first, the trials run against the wall before there is an interval.
  OnFormula line(walled);
  Found found = strongWolfe(line, line.start, 0.3, {.curvature = 0.01});
  ASSERT_EQ(found.how, Found::How::Conditions);
  EXPECT_NEAR(found.accepted.t, 0.99, 1e-3);
}

TEST(LineSearch, NothingIsFoundWhereTheSlopeLies) {
  for (auto search : everySearch) {
    OnFormula line(lying);
    Found found = search(line, line.start, 1, {.trials = 25});
    EXPECT_EQ(found.how, Found::How::Nothing);
    EXPECT_EQ(found.trials, 25);
    EXPECT_EQ(line.asked, 25);
    EXPECT_GT(found.last, 0);
    EXPECT_LT(found.last, 1e-3);
  }
}

TEST(LineSearch, ADecreaseIsTakenWhereTheTrialsDoNotSufficeForTheSlope) {
  for (auto search : {strongWolfe, approximateWolfe}) {
    OnFormula line([](double t) { return Trial{t, -t, -1}; });
    Found found = search(line, line.start, 1, {.trials = 5});
    EXPECT_EQ(found.how, Found::How::Decrease);
    EXPECT_EQ(found.trials, 5);
    EXPECT_EQ(found.accepted.t, found.last);
    EXPECT_EQ(found.accepted.value, -found.last);
  }
}

TEST(ApproximateWolfe, SeesADecreaseThatRoundingHides) {
  // The values near the minimum are all 1, or a rounding more.
  Function phi = [](double t) {
    return Trial{t, 1 + 1e-20 * (t - 1) * (t - 1) + (t > 0 ? 2.3e-16 : 0), 2e-20 * (t - 1)};
  };
  LineSearch rule = {.curvature = 0.1};
  OnFormula line(phi);
  Found found = approximateWolfe(line, line.start, 0.1, rule);
  ASSERT_EQ(found.how, Found::How::Conditions);
  EXPECT_NEAR(found.accepted.t, 1, 0.1);
  EXPECT_EQ(strongWolfe(line, line.start, 0.1, rule).how, Found::How::Nothing);
  EXPECT_EQ(backtrack(line, line.start, 0.1, rule).how, Found::How::Nothing);
}

TEST(LineSearch, ARuleNamesItsSearch) {
  using enum LineSearch::Rule;
  for (auto [rule, expected] : {std::pair(Backtracking, &backtrack), std::pair(StrongWolfe, &strongWolfe),
                                std::pair(ApproximateWolfe, &approximateWolfe)}) {
    OnFormula line(quintic), again(quintic);
    LineSearch options = {.rule = rule, .sufficientDecrease = 0.1, .curvature = 0.1};
    EXPECT_EQ(search(line, line.start, 10, options).accepted.t,
              expected(again, again.start, 10, options).accepted.t);
    EXPECT_EQ(line.asked, again.asked);
  }
}
