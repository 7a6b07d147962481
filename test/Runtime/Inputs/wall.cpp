//===- wall.cpp - A program by hand whose objective ends nearby -------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// One number w = 0, and w^2, which is NaN from 0.0005 on; in a variant the root of |w|, whose slope is
// infinite.
//
//===----------------------------------------------------------------------===//

#include "costate/Runtime/ABI.h"

#include <cmath>

static double f(double w) {
#ifdef VARIANT_ROOT
  return std::sqrt(std::fabs(w));
#else
  return w < 0.0005 ? w * w : NAN;
#endif
}

static double slope(double w) {
#ifdef VARIANT_ROOT
  return 0.5 / std::sqrt(std::fabs(w));
#else
  return 2 * w;
#endif
}

// theta, metrics
static void objective(void **args, void *) {
  *static_cast<double *>(args[1]) = f(*static_cast<double *>(args[0]));
}

// theta, metrics, grad
static void gradient(void **args, void *workspace) {
  objective(args, workspace);
  *static_cast<double *>(args[2]) = slope(*static_cast<double *>(args[0]));
}

extern "C" const char costate_program[] = R"json({
 "schema": 1, "name": "wall", "precision": "f64", "parameter_count": 1,
 "parameters": [{"name": "w", "shape": [1], "offset": 0, "init": {"kind": "zeros"}}],
 "metrics": [{"name": "loss", "kind": "total", "loc": "wall.mlir:5:3"}],
 "entries": [{"name": "objective", "args": [{"role": "theta"}, {"role": "metrics"}]},
             {"name": "gradient", "args": [{"role": "theta"}, {"role": "metrics"}, {"role": "grad"}]}]})json";

extern "C" const costate_entry costate_entries[] = {
    {"objective", objective}, {"gradient", gradient}, {nullptr, nullptr}};
