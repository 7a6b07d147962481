//===- Bounds.h - Bounds of variables ---------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_METHODS_BOUNDS_H
#define COSTATE_METHODS_BOUNDS_H

#include <vector>

namespace costate::methods {

/// low <= x <= high, for every variable; infinite where there is none. Both empty: no variable has a bound.
struct Bounds {
  std::vector<double> low, high;
};

} // namespace costate::methods

#endif // COSTATE_METHODS_BOUNDS_H
