//===- halving.cpp - A program by hand that cannot meet its constraint ------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Each step halves w, until it is zero and stays so. The constraint is w == 1. A variant has points that are
// sampled anew.
//
//===----------------------------------------------------------------------===//

#include "costate/Runtime/ABI.h"

// theta, metrics
static void step(void **args, void *) {
  double &w = *static_cast<double *>(args[0]), *metrics = static_cast<double *>(args[1]);
  const double figures[] = {1 - w, 1.25 * (1 - w), w, 5};
  for (int i = 0; i < 4; ++i)
    metrics[i] = figures[i];
  w /= 2;
}

#ifdef VARIANT_RESAMPLED
#define RESAMPLE_EVERY "100"
#else
#define RESAMPLE_EVERY "0"
#endif

extern "C" const char costate_program[] = R"json({
 "schema": 1, "name": "halving", "precision": "f64", "parameter_count": 1,
 "parameters": [{"name": "w", "shape": [1], "offset": 0, "init": {"kind": "constant", "value": 1}}],
 "training": {"steps": 5000},
 "sets": [{"name": "s", "kind": "sample", "columns": [{"name": "x", "shape": [1]}], "sampler": "uniform", "count": 3,
           "region": {"kind": "box", "lower": [0], "upper": [1]}, "resample_every": )json" RESAMPLE_EVERY
                                          R"json(}],
 "metrics": [{"name": "one", "kind": "violation", "loc": "halving.mlir:5:3"},
             {"name": "one.max", "kind": "violation", "loc": "halving.mlir:5:3"},
             {"name": "one.lambda", "kind": "multiplier"}, {"name": "soft", "kind": "violation"}],
 "entries": [{"name": "step", "args": [{"role": "theta"}, {"role": "metrics"}]}]})json";

extern "C" const costate_entry costate_entries[] = {{"step", step}, {nullptr, nullptr}};
