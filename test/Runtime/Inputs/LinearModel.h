//===- LinearModel.h - A program written by hand ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Linear regression u(x) = w.x + b with momentum, as a compiler would emit it:
// packed entries, columns with components first, chunks that depend on the count
// alone, partial sums in the workers' order of chunks. Beyond `limit.x` (a
// hyperparameter) the model is NaN, to see how that is reported.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_TEST_RUNTIME_LINEARMODEL_H
#define COSTATE_TEST_RUNTIME_LINEARMODEL_H

#include "costate/Runtime/ABI.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace linear {

constexpr int64_t maxChunks = 16, sums = 4; // loss, d/dw0, d/dw1, d/db

template <typename T> struct Reduction {
  const T *theta, *x, *y;
  int64_t count, xCapacity, chunks;
  T limit;
  T partial[maxChunks][sums];
};

template <typename T> T model(const T *theta, T x0, T x1, T limit) {
  return x0 > limit ? T(NAN) : theta[0] * x0 + theta[1] * x1 + theta[2];
}

template <typename T> void chunkBody(void *context, int64_t chunk, int64_t) {
  auto &r = *static_cast<Reduction<T> *>(context);
  T acc[sums] = {};
  for (int64_t i = r.count * chunk / r.chunks; i < r.count * (chunk + 1) / r.chunks; ++i) {
    T x0 = r.x[i], x1 = r.x[r.xCapacity + i];
    T e = model(r.theta, x0, x1, r.limit) - r.y[i];
    acc[0] += e * e;
    acc[1] += 2 * e * x0;
    acc[2] += 2 * e * x1;
    acc[3] += 2 * e;
  }
  for (int64_t s = 0; s < sums; ++s)
    r.partial[chunk][s] = acc[s];
}

/// Mean squared error and its gradient.
template <typename T>
void reduce(const T *theta, const T *x, const T *y, int64_t count, int64_t xCapacity, T limit, T *result) {
  Reduction<T> r{theta, x, y, count, xCapacity, count < maxChunks ? count : maxChunks, limit, {}};
  costate_rt_parallel_for(chunkBody<T>, &r, r.chunks);
  for (int64_t s = 0; s < sums; ++s) {
    result[s] = 0;
    for (int64_t c = 0; c < r.chunks; ++c)
      result[s] += r.partial[c][s];
    result[s] /= static_cast<T>(count);
  }
}

template <typename T> void putMetrics(T *metrics, const T *r) {
  metrics[0] = r[0];                   // fit
  metrics[1] = std::sqrt(r[3] * r[3]); // balance: the violation
  metrics[2] = r[3];                   // balance.lambda
  metrics[3] = 0;                      // balance.rank_deficient
  metrics[4] = r[0];                   // loss
}

// theta, state, x, y, count, lr, momentum, limit, step, metrics | capacities of x and y
template <typename T> void step(void **args, void *workspace) {
  // All of the workspace is the program's: what is too small of it shows under the address sanitizer.
  std::memset(workspace, 0xff, 128 + 64 * costate_rt_threads());
  // To be interrupted, a step has to last.
  static const char *delay = std::getenv("RT_STEP_DELAY_US");
  if (delay)
    usleep(static_cast<useconds_t>(std::atoi(delay)));
  T *theta = static_cast<T *>(args[0]), *velocity = static_cast<T *>(args[1]), r[sums];
  T lr = *static_cast<T *>(args[5]), momentum = *static_cast<T *>(args[6]),
    limit = *static_cast<T *>(args[7]);
  reduce<T>(theta, static_cast<T *>(args[2]), static_cast<T *>(args[3]), *static_cast<int64_t *>(args[4]),
            *static_cast<int64_t *>(args[10]), limit, r);
  for (int64_t i = 0; i < 3; ++i) {
    velocity[i] = momentum * velocity[i] + r[i + 1];
    theta[i] -= lr * velocity[i];
  }
  auto *metrics = static_cast<T *>(args[9]);
  putMetrics(metrics, r);
  metrics[3] = *static_cast<T *>(args[8]) == 3 ? 1 : 0;
}

// theta, x, y, count, limit, metrics | capacities
template <typename T> void objective(void **args, void *) {
  T r[sums];
  reduce<T>(static_cast<T *>(args[0]), static_cast<T *>(args[1]), static_cast<T *>(args[2]),
            *static_cast<int64_t *>(args[3]), *static_cast<int64_t *>(args[6]), *static_cast<T *>(args[4]),
            r);
  putMetrics(static_cast<T *>(args[5]), r);
}

// theta, x, y, count, limit, metrics, grad | capacities
template <typename T, bool wrong> void gradient(void **args, void *) {
  T r[sums];
  reduce<T>(static_cast<T *>(args[0]), static_cast<T *>(args[1]), static_cast<T *>(args[2]),
            *static_cast<int64_t *>(args[3]), *static_cast<int64_t *>(args[7]), *static_cast<T *>(args[4]),
            r);
  putMetrics(static_cast<T *>(args[5]), r);
  for (int64_t i = 0; i < 3; ++i)
    static_cast<T *>(args[6])[i] = r[i + 1] * (wrong && i == 2 ? 2 : 1);
}

// theta, x, count, limit, out | capacities of x and out
template <typename T> void predict(void **args, void *) {
  auto *x = static_cast<T *>(args[1]), *u = static_cast<T *>(args[4]);
  int64_t capacity = *static_cast<int64_t *>(args[5]);
  for (int64_t i = 0; i < *static_cast<int64_t *>(args[2]); ++i)
    u[i] = model(static_cast<T *>(args[0]), x[i], x[capacity + i], *static_cast<T *>(args[3]));
}

} // namespace linear

/// The descriptor; T is "f32" or "f64", TRAINING an object.
#define LINEAR_DESCRIPTOR(T, TRAINING)                                                                       \
  R"json({"schema": 1, "name": "linear", "source": "linear.mlir", "ir_hash": "0123abcd", "compiler": "by hand",
 "precision": ")json" T                                                                                      \
  R"json(", "target": "cpu", "host_workspace_bytes": 128, "workspace_bytes_per_worker": 64, "max_workers": 8,
 "parameters": [
  {"name": "line.weight", "shape": [1, 2], "offset": 0, "init": {"kind": "glorot_uniform", "fan_in": 2, "fan_out": 1}},
  {"name": "line.bias", "shape": [1], "offset": 2, "init": {"kind": "zeros"}}],
 "parameter_count": 3,
 "states": [{"name": "sgd.velocity", "shape": [3], "init": 0.0}],
 "hypers": [
  {"name": "optimizer.lr", "default": 0.05, "schedule": {"kind": "cosine", "steps": 200, "final": 0.1}, "doc": "learning rate", "range": "positive", "role": "rate"},
  {"name": "optimizer.momentum", "default": 0.5, "range": "fraction"},
  {"name": "limit.x", "default": 1e9}],
 "sets": [
  {"name": "train", "kind": "data", "columns": [{"name": "x", "shape": [2]}, {"name": "y", "shape": [1]}],
   "default_file": "linear.csv", "loc": "linear.mlir:3:3"},
  {"name": "interior", "kind": "sample", "columns": [{"name": "x", "shape": [2]}],
   "region": {"kind": "box", "lower": [0, 0], "upper": [1, 1]}, "sampler": "sobol", "count": 100, "resample_every": 5}],
 "training": )json" TRAINING R"json(,
 "metrics": [
  {"name": "fit", "kind": "objective", "weight": 1.0, "loc": "linear.mlir:7:3"},
  {"name": "balance", "kind": "violation", "set": "train"},
  {"name": "balance.lambda", "kind": "multiplier"},
  {"name": "balance.rank_deficient", "kind": "count", "loc": "linear.mlir:8:3"},
  {"name": "loss", "kind": "total"}],
 "entries": [
  {"name": "step", "doc": "one step of momentum", "args": [
   {"role": "theta"}, {"role": "state", "name": "sgd.velocity"},
   {"role": "column", "set": "train", "column": "x", "shape": [2]},
   {"role": "column", "set": "train", "column": "y", "shape": [1]}, {"role": "count", "set": "train"},
   {"role": "hyper", "name": "optimizer.lr"}, {"role": "hyper", "name": "optimizer.momentum"},
   {"role": "hyper", "name": "limit.x"}, {"role": "hyper", "name": "step"}, {"role": "metrics"}]},
  {"name": "objective", "args": [
   {"role": "theta"}, {"role": "column", "set": "train", "column": "x", "shape": [2]},
   {"role": "column", "set": "train", "column": "y", "shape": [1]}, {"role": "count", "set": "train"},
   {"role": "hyper", "name": "limit.x"}, {"role": "metrics"}]},
  {"name": "gradient", "args": [
   {"role": "theta"}, {"role": "column", "set": "train", "column": "x", "shape": [2]},
   {"role": "column", "set": "train", "column": "y", "shape": [1]}, {"role": "count", "set": "train"},
   {"role": "hyper", "name": "limit.x"}, {"role": "metrics"}, {"role": "grad"}]},
  {"name": "predict.line", "network": "line", "set_columns": ["x"], "outputs": [{"name": "u", "shape": [1]}], "args": [
   {"role": "theta"}, {"role": "column", "set": "predict", "column": "x", "shape": [2]},
   {"role": "count", "set": "predict"}, {"role": "hyper", "name": "limit.x"}, {"role": "out", "name": "u", "shape": [1]}]}]})json"

#define LINEAR_MINIBATCHES                                                                                   \
  R"json({"batch": 7, "epochs": 20, "steps": 0, "batched_sets": ["train"], "seed": 1})json"
#define LINEAR_ARMIJO                                                                                        \
  R"json({"steps": 40, "line_search": {"kind": "armijo", "c": 1e-4, "shrink": 0.5, "initial": 1.0, "max": 30}})json"

#define LINEAR_ENTRIES(T, WRONG)                                                                             \
  extern "C" const costate_entry costate_entries[] = {{"step", linear::step<T>},                             \
                                                      {"objective", linear::objective<T>},                   \
                                                      {"gradient", linear::gradient<T, WRONG>},              \
                                                      {"predict.line", linear::predict<T>},                  \
                                                      {nullptr, nullptr}};

#endif // COSTATE_TEST_RUNTIME_LINEARMODEL_H
