//===- Schedules.h - Hyperparameters that change with the step --*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_RUNTIME_SCHEDULES_H
#define COSTATE_LIB_RUNTIME_SCHEDULES_H

#include <cstdint>
#include <memory>
#include <vector>

namespace costate::rt {

/// A factor on the base value, as a function of the 0-based step alone.
struct Schedule {
  enum class Kind { Constant, Step, Exponential, Cosine, Warmup, Piecewise };
  Kind kind = Kind::Constant;
  int64_t every = 1;               // step
  double factor = 1;               // step
  double rate = 1;                 // exponential
  int64_t steps = 1;               // cosine, warmup
  double final = 0;                // cosine: the last factor
  std::shared_ptr<Schedule> then;  // warmup
  std::vector<int64_t> boundaries; // piecewise
  std::vector<double> factors;     // piecewise

  double factorAt(int64_t step) const;
};

} // namespace costate::rt

#endif // COSTATE_LIB_RUNTIME_SCHEDULES_H
