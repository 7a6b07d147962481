//===- AllMethods.h - Every method, by name ---------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_ALLMETHODS_H
#define COSTATE_LIB_METHODS_ALLMETHODS_H

#include "costate/Methods/Methods.h"

#include <functional>
#include <string>
#include <vector>

namespace costate::methods::test {

struct Named {
  std::string name;
  std::function<std::unique_ptr<Method>(Oracle &, const Tolerances &, const Bounds &)> create;
};

template <typename Options> Named named(std::string name, Options options) {
  return {name, [=](Oracle &oracle, const Tolerances &tolerances, const Bounds &bounds) {
            return create(options, oracle, tolerances, bounds);
          }};
}

/// Those that learn curvature or ask for it, under every line search that they may have.
inline std::vector<Named> allButGradientDescent() {
  LineSearch backtracking = {.rule = LineSearch::Rule::Backtracking};
  LineSearch approximate = {.rule = LineSearch::Rule::ApproximateWolfe};
  return {named("BFGS", BFGS{}),
          named("BFGS, backtracking", BFGS{backtracking}),
          named("BFGS, approximate Wolfe", BFGS{approximate}),
          named("self-scaled BFGS", SelfScaledBFGS{}),
          named("self-scaled BFGS, approximate Wolfe", SelfScaledBFGS{approximate}),
          named("self-scaled Broyden", SelfScaledBroyden{}),
          named("self-scaled Broyden, backtracking", SelfScaledBroyden{backtracking}),
          named("self-scaled Broyden, approximate Wolfe", SelfScaledBroyden{approximate}),
          named("L-BFGS", LBFGS{}),
          named("L-BFGS, backtracking", LBFGS{.search = backtracking}),
          named("L-BFGS, approximate Wolfe", LBFGS{.search = approximate}),
          named("Newton", Newton{}),
          named("Newton, strong Wolfe", Newton{{}}),
          named("trust-region Newton", TrustRegionNewton{})};
}

inline std::vector<Named> allMethods() {
  std::vector<Named> all = allButGradientDescent();
  all.push_back(named("gradient descent", GradientDescent{}));
  all.push_back(named("gradient descent, strong Wolfe", GradientDescent{.search = {}}));
  return all;
}

} // namespace costate::methods::test

#endif // COSTATE_LIB_METHODS_ALLMETHODS_H
