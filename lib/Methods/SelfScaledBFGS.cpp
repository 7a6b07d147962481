//===- SelfScaledBFGS.cpp - Self-scaled BFGS ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// M. Al-Baali: Numerical experience with a class of self-scaling quasi-Newton algorithms. J. Optim. Theory
// Appl. 96 (1998) 533-553. J. F. Urbán, P. Stefanou, J. A. Pons: Unveiling the optimization process of
// physics informed neural networks. J. Comput. Phys. 523 (2025) 113656.

#include "BroydenFamily.h"
#include "costate/Methods/Methods.h"

#include <algorithm>

using namespace costate::methods;

/// tau = min(1, y's / s'Bs), phi = 1.
static BroydenFamily::Coefficients selfScaled(const BroydenFamily::Curvatures &curvatures) {
  if (curvatures.first)
    return BroydenFamily::unscaled(curvatures);
  return {std::min(1.0, 1 / curvatures.b), 1};
}

std::unique_ptr<Method> costate::methods::create(const SelfScaledBFGS &options, Oracle &oracle,
                                                 const Tolerances &tolerances, const Bounds &bounds) {
  return std::make_unique<BroydenFamily>(selfScaled, oracle, options.search, tolerances, bounds);
}
