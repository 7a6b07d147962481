//===- Initializers.cpp - First values of the parameters --------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Initializers.h"

#include "Philox.h"

#include <algorithm>
#include <cmath>

using namespace costate::rt;

static double drawValue(const Initializer &init, const Philox &random, int64_t i) {
  auto uniform = [&](double limit) { return limit * (2 * random.uniform(i) - 1); };
  if (init.kind == "constant")
    return init.value;
  if (init.kind == "values")
    return init.values[i];
  if (init.kind == "normal")
    return init.mean + init.std * random.normal(i);
  if (init.kind == "uniform")
    return init.low + (init.high - init.low) * random.uniform(i);
  if (init.kind == "glorot_uniform")
    return uniform(std::sqrt(6 / (init.fanIn + init.fanOut)));
  if (init.kind == "glorot_normal")
    return std::sqrt(2 / (init.fanIn + init.fanOut)) * random.normal(i);
  if (init.kind == "he_uniform")
    return uniform(std::sqrt(6 / init.fanIn));
  if (init.kind == "he_normal")
    return std::sqrt(2 / init.fanIn) * random.normal(i);
  if (init.kind == "lecun_normal")
    return std::sqrt(1 / init.fanIn) * random.normal(i);
  return 0; // zeros
}

void costate::rt::initializeParameters(const Program &program, uint64_t seed, Buffer &theta) {
  for (const Parameter &parameter : program.parameters) {
    Philox random(seed, streamOf("parameter:" + parameter.name));
    for (int64_t i = 0, n = elementsOf(parameter.shape); i < n; ++i) {
      double value = drawValue(parameter.init, random, i);
      if (parameter.bounds)
        value = std::clamp(value, parameter.bounds->low, parameter.bounds->high);
      theta.set(parameter.offset + i, value);
    }
  }
}
