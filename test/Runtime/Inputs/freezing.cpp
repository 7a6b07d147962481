//===- freezing.cpp - A program by hand whose state overflows ---------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// w -= 1 / v, v *= 1e8: once v is infinite, w stands still, and every metric stays finite.
//
//===----------------------------------------------------------------------===//

#include "costate/Runtime/ABI.h"

// theta, state, metrics
static void step(void **args, void *) {
  double *w = static_cast<double *>(args[0]), *v = static_cast<double *>(args[1]);
  v[1] *= 1e8;
  w[1] -= 1 / v[1];
  *static_cast<double *>(args[2]) = w[1];
}

extern "C" const char costate_program[] = R"json({
 "schema": 1, "name": "freezing", "precision": "f64", "parameter_count": 3,
 "parameters": [{"name": "a", "shape": [1], "offset": 0, "init": {"kind": "constant", "value": 1}},
                {"name": "b", "shape": [2], "offset": 1, "init": {"kind": "constant", "value": 1}}],
 "states": [{"name": "adam.v", "shape": [3], "init": 1}],
 "training": {"steps": 1000}, "metrics": [{"name": "loss", "kind": "total", "loc": "freezing.mlir:5:3"}],
 "entries": [{"name": "step", "args": [{"role": "theta"}, {"role": "state", "name": "adam.v"}, {"role": "metrics"}]}]})json";

extern "C" const costate_entry costate_entries[] = {{"step", step}, {nullptr, nullptr}};
