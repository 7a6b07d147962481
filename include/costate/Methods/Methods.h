//===- Methods.h - The methods there are ------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_METHODS_METHODS_H
#define COSTATE_METHODS_METHODS_H

#include "costate/Methods/Bounds.h"
#include "costate/Methods/LineSearch.h"
#include "costate/Methods/Method.h"

#include <memory>

namespace costate::methods {

// docs/Methods.md has the equations, their sources and what each is good for. All throw std::invalid_argument
// where bounds do not fit or the oracle lacks what the method asks for.

struct GradientDescent {
  /// Of the first step.
  double initial = 1;
  /// The first trial of a step, times the length of the step before. 0: `initial` always.
  double growth = 2;
  LineSearch search = {.rule = LineSearch::Rule::Backtracking};
};
std::unique_ptr<Method> create(const GradientDescent &options, Oracle &oracle,
                               const Tolerances &tolerances = {}, const Bounds &bounds = {});

struct BFGS {
  LineSearch search = {};
};
std::unique_ptr<Method> create(const BFGS &options, Oracle &oracle, const Tolerances &tolerances = {},
                               const Bounds &bounds = {});

struct SelfScaledBFGS {
  LineSearch search = {};
};
std::unique_ptr<Method> create(const SelfScaledBFGS &options, Oracle &oracle,
                               const Tolerances &tolerances = {}, const Bounds &bounds = {});

struct SelfScaledBroyden {
  LineSearch search = {};
};
std::unique_ptr<Method> create(const SelfScaledBroyden &options, Oracle &oracle,
                               const Tolerances &tolerances = {}, const Bounds &bounds = {});

struct LBFGS {
  /// Pairs that are kept.
  std::int64_t history = 10;
  LineSearch search = {};
};
std::unique_ptr<Method> create(const LBFGS &options, Oracle &oracle, const Tolerances &tolerances = {},
                               const Bounds &bounds = {});

/// Needs `Oracle::hessian`.
struct Newton {
  LineSearch search = {.rule = LineSearch::Rule::Backtracking};
};
std::unique_ptr<Method> create(const Newton &options, Oracle &oracle, const Tolerances &tolerances = {},
                               const Bounds &bounds = {});

/// Needs `Oracle::hessianProduct`.
struct TrustRegionNewton {
  double initialRadius = 1, largestRadius = 1e10;
  /// Of the promised decrease, what a step must bring.
  double acceptance = 1e-4;
  /// Products in one step. 0: as many as there are variables.
  std::int64_t products = 0;
};
std::unique_ptr<Method> create(const TrustRegionNewton &options, Oracle &oracle,
                               const Tolerances &tolerances = {}, const Bounds &bounds = {});

} // namespace costate::methods

#endif // COSTATE_METHODS_METHODS_H
