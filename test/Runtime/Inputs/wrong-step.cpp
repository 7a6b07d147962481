//===- wrong-step.cpp - Programs by hand whose gradient is right ------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// The objective is |w - (1, 2)|^2 / 2. A step is w - lr (w - (1, 2)), but for what the variant makes of it.
//
//===----------------------------------------------------------------------===//

#include "costate/Runtime/ABI.h"

static double slope(const double *w, int i) { return w[i] - (i + 1); }
static double loss(const double *w) { return (slope(w, 0) * slope(w, 0) + slope(w, 1) * slope(w, 1)) / 2; }

// theta, lr, metrics[, state]
static void step(void **args, void *) {
  double *w = static_cast<double *>(args[0]), lr = *static_cast<double *>(args[1]);
  *static_cast<double *>(args[2]) = loss(w);
  double d[] = {slope(w, 0), slope(w, 1)};
#if defined(VARIANT_UPWARDS)
  d[1] = -d[1];
#elif defined(VARIANT_TOO_FAR)
  d[0] *= 1.0 + 1e-6;
#elif defined(VARIANT_ASIDE)
  d[0] *= 3;
#elif defined(VARIANT_OTHER_LOSS)
  *static_cast<double *>(args[2]) *= 2;
#endif
  for (int i = 0; i < 2; ++i)
    w[i] -= lr * d[i];
}

// theta, metrics
static void objective(void **args, void *) {
  *static_cast<double *>(args[1]) = loss(static_cast<double *>(args[0]));
}

// theta, metrics, grad
static void gradient(void **args, void *) {
  objective(args, nullptr);
  for (int i = 0; i < 2; ++i)
    static_cast<double *>(args[2])[i] = slope(static_cast<double *>(args[0]), i);
}

#if defined(VARIANT_UPWARDS)
#define STATES R"json([{"name": "means", "shape": [2]}], "scales_elements": true)json"
#elif defined(VARIANT_ASIDE)
#define STATES R"json([{"name": "sgd.velocity", "shape": [2]}])json"
#else
#define STATES "[]"
#endif

extern "C" const char costate_program[] = R"json({
 "schema": 1, "name": "step", "precision": "f64", "parameter_count": 2,
 "parameters": [{"name": "w", "shape": [2], "offset": 0, "init": {"kind": "zeros"}}], "states": )json" STATES
                                          R"json(,
 "hypers": [{"name": "optimizer.lr", "default": 0.1, "role": "rate"}], "training": {"steps": 5},
 "metrics": [{"name": "loss", "kind": "total"}],
 "entries": [
  {"name": "step", "args": [{"role": "theta"}, {"role": "hyper", "name": "optimizer.lr"}, {"role": "metrics"}]},
  {"name": "objective", "args": [{"role": "theta"}, {"role": "metrics"}]},
  {"name": "gradient", "args": [{"role": "theta"}, {"role": "metrics"}, {"role": "grad"}]}]})json";

extern "C" const costate_entry costate_entries[] = {
    {"step", step}, {"objective", objective}, {"gradient", gradient}, {nullptr, nullptr}};
