//===- BFGS.cpp - BFGS ----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// J. Nocedal, S. J. Wright: Numerical Optimization, 2nd edition (2006), algorithm 6.1.

#include "BroydenFamily.h"
#include "costate/Methods/Methods.h"

using namespace costate::methods;

std::unique_ptr<Method> costate::methods::create(const BFGS &options, Oracle &oracle,
                                                 const Tolerances &tolerances, const Bounds &bounds) {
  return std::make_unique<BroydenFamily>(BroydenFamily::unscaled, oracle, options.search, tolerances, bounds);
}
