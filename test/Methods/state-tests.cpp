//===- state-tests.cpp - What methods keep, saved and restored ------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "AllMethods.h"
#include "Problems.h"

#include <cstring>
#include <gtest/gtest.h>
#include <map>

using namespace costate::methods;
using namespace costate::methods::test;

namespace {

using Bytes = std::vector<unsigned char>;

class Saving : public StateVisitor {
public:
  void visit(std::string_view name, std::span<double> values) override { save(name, std::as_bytes(values)); }
  void visit(std::string_view name, std::span<std::int64_t> values) override {
    save(name, std::as_bytes(values));
  }

  std::vector<std::pair<std::string, Bytes>> saved;

private:
  void save(std::string_view name, std::span<const std::byte> bytes) {
    for (const auto &[other, values] : saved)
      EXPECT_NE(other, name);
    auto first = reinterpret_cast<const unsigned char *>(bytes.data());
    saved.emplace_back(name, Bytes(first, first + bytes.size()));
  }
};

class Restoring : public StateVisitor {
public:
  explicit Restoring(const Saving &saving) : saved(saving.saved) {}
  void visit(std::string_view name, std::span<double> values) override {
    restore(name, std::as_writable_bytes(values));
  }
  void visit(std::string_view name, std::span<std::int64_t> values) override {
    restore(name, std::as_writable_bytes(values));
  }

  std::size_t next = 0;

private:
  void restore(std::string_view name, std::span<std::byte> bytes) {
    ASSERT_LT(next, saved.size());
    const auto &[expected, values] = saved[next++];
    ASSERT_EQ(name, expected);
    ASSERT_EQ(bytes.size(), values.size());
    std::memcpy(bytes.data(), values.data(), values.size());
  }

  const std::vector<std::pair<std::string, Bytes>> saved;
};

Saving stateOf(Method &method) {
  Saving saving;
  method.visit(saving);
  return saving;
}

std::vector<std::pair<std::string, double>> figuresOf(const Method &method) {
  std::vector<std::pair<std::string, double>> found;
  for (auto [name, value] : method.figures())
    found.emplace_back(name, value);
  return found;
}

} // namespace

TEST(State, ARestoredMethodGoesOnAsIfNothingHadBeen) {
  // Interrupted before the first step, in the midst, and where the history is full and overwritten.
  for (const Bounds &bounds : {Bounds{}, Bounds{Values(6, -2), Values(6, 0.7)}})
    for (const Named &method : allMethods())
      for (int before : {0, 1, 4, 13}) {
        SCOPED_TRACE(testing::Message() << method.name << " after " << before);
        Rosenbrock problem(6);
        auto undisturbed = method.create(problem, {}, bounds);
        undisturbed->start(problem.standardStart());
        for (int k = 0; k < before; ++k)
          undisturbed->step();
        Saving saving = stateOf(*undisturbed);
        auto restored = method.create(problem, {}, bounds);
        Restoring restoring(saving);
        restored->visit(restoring);
        EXPECT_EQ(restoring.next, saving.saved.size());
        for (int k = 0; k < 15; ++k) {
          undisturbed->step();
          restored->step();
          EXPECT_EQ(stateOf(*undisturbed).saved, stateOf(*restored).saved);
          EXPECT_EQ(undisturbed->stop().sentence, restored->stop().sentence);
        }
        EXPECT_EQ(undisturbed->iterations(), restored->iterations());
        EXPECT_EQ(undisturbed->evaluations().total(), restored->evaluations().total());
        EXPECT_EQ(figuresOf(*undisturbed), figuresOf(*restored));
      }
}

TEST(State, ARestoredMethodStopsForTheSameReason) {
  // What a tolerance looks at is state as well: the method had stopped when it was saved.
  Rosenbrock problem(6);
  for (const Tolerances &tolerances :
       {Tolerances{.decrease = 0.5}, {.step = 0.2}, {.iterations = 7}, {.evaluations = 20}}) {
    auto run = create(LBFGS{}, problem, tolerances);
    run->start(problem.standardStart());
    run->run();
    Saving saving = stateOf(*run);
    auto restored = create(LBFGS{}, problem, tolerances);
    Restoring restoring(saving);
    restored->visit(restoring);
    EXPECT_EQ(restored->step().sentence, run->stop().sentence);
    EXPECT_EQ(stateOf(*restored).saved, saving.saved);
    // With no such tolerance it goes on.
    auto free = create(LBFGS{}, problem);
    Restoring again(saving);
    free->visit(again);
    EXPECT_FALSE(free->step());
  }
}

TEST(State, HasItsNames) {
  Rosenbrock problem(3);
  auto namesOf = [&](const auto &options) {
    std::string names;
    for (const auto &[name, bytes] : stateOf(*create(options, problem)).saved)
      names += name + " " + std::to_string(bytes.size() / 8) + ", ";
    return names;
  };
  std::string common =
      "point 3, gradient 3, objective 1, iterations 1, objectives 1, gradients 1, products 1, hessians 1, "
      "moved 1, changed 1, ";
  std::string searching = common + "length 1, slope 1, ", learning = searching + "updates 1, curvature 1, ";
  EXPECT_EQ(namesOf(GradientDescent{}), searching);
  EXPECT_EQ(namesOf(BFGS{}), learning + "inverse_hessian 9, ");
  EXPECT_EQ(namesOf(LBFGS{.history = 5}), learning + "written 1, steps 15, changes 15, pair_products 10, ");
  EXPECT_EQ(namesOf(Newton{}), searching + "damping 1, ");
  EXPECT_EQ(namesOf(TrustRegionNewton{}), common + "radius 1, first_norm 1, ratio 1, ");
}

TEST(State, StartingAgainForgets) {
  for (const Named &method : allMethods()) {
    Rosenbrock problem(6);
    auto used = method.create(problem, {}, {}), fresh = method.create(problem, {}, {});
    used->start(Values(6, 0.5));
    for (int k = 0; k < 9; ++k)
      used->step();
    used->start(problem.standardStart());
    fresh->start(problem.standardStart());
    for (int k = 0; k < 9; ++k) {
      EXPECT_EQ(used->step().sentence, fresh->step().sentence) << method.name;
      EXPECT_EQ(Values(used->point().begin(), used->point().end()),
                Values(fresh->point().begin(), fresh->point().end()))
          << method.name;
      EXPECT_EQ(used->evaluations().total(), fresh->evaluations().total()) << method.name;
    }
  }
}

TEST(State, ARestartAsksAnewAndForgetsCurvature) {
  /// The same minimum, but other curvatures.
  class Changing : public Diagonal {
  public:
    Changing() : Diagonal({1, 1, 1}, {1, 2, 3}) {}
    double factor = 1;

  protected:
    double value(std::span<const double> x) const override { return factor * Diagonal::value(x); }
    void slopes(std::span<const double> x, std::span<double> g) const override {
      Diagonal::slopes(x, g);
      for (double &element : g)
        element *= factor;
    }
    void curvatures(std::span<const double> x, std::span<double> matrix) const override {
      Diagonal::curvatures(x, matrix);
      for (double &element : matrix)
        element *= factor;
    }
  };
  for (const Named &method : allMethods()) {
    Changing problem;
    auto run = method.create(problem, {.gradient = 1e-6}, {});
    run->start(Values{0, 0, 0});
    run->step();
    std::int64_t iterations = run->iterations(), asked = run->evaluations().total();
    Values there(run->point().begin(), run->point().end());
    problem.factor = 100;
    double before = run->objective();
    run->restart();
    EXPECT_EQ(run->objective(), 100 * before) << method.name;
    EXPECT_EQ(Values(run->point().begin(), run->point().end()), there) << method.name;
    EXPECT_EQ(run->iterations(), iterations) << method.name;
    EXPECT_EQ(run->evaluations().total(), asked + 1) << method.name;
    auto fresh = method.create(problem, {.gradient = 1e-6}, {});
    fresh->start(there);
    EXPECT_EQ(run->step().sentence, fresh->step().sentence) << method.name;
    EXPECT_EQ(Values(run->point().begin(), run->point().end()),
              Values(fresh->point().begin(), fresh->point().end()))
        << method.name;
  }
}
