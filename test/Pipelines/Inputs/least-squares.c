//===- least-squares.c - Runs the entry that least-squares.mlir compiles to --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
//
// Runs the entry that least-squares.mlir compiles to, with any number of workers that take chunks in any
// order, against the same step written by hand.
//
//===-------------------------------------------------------------------------------------------------------===//
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
  const char *name;
  void (*function)(void **, void *);
};
extern const struct entry costate_entries[];
extern const char costate_program[];

static int64_t workers = 1;

void costate_rt_parallel_for(void (*body)(void *, int64_t, int64_t), void *context, int64_t chunks) {
  for (int64_t chunk = chunks - 1; chunk >= 0; --chunk)
    body(context, chunk, chunk % workers);
}

int main(void) {
  enum { capacity = 128, count = 100 };
  static double x[3][capacity], y[capacity];
  for (int i = 0; i < capacity; ++i) {
    int row = i < count ? i : count - 1;
    for (int k = 0; k < 3; ++k)
      x[k][i] = sin(1.0 + row * (k + 1));
    y[i] = cos((double)row);
  }
  double expected[3] = {0.5, -0.25, 2.0}, loss = 0, gradient[3] = {0, 0, 0}, lr = 0.125;
  for (int i = 0; i < count; ++i) {
    double r = -y[i];
    for (int k = 0; k < 3; ++k)
      r += expected[k] * x[k][i];
    loss += r * r / count;
    for (int k = 0; k < 3; ++k)
      gradient[k] += x[k][i] * r / count;
  }
  for (int k = 0; k < 3; ++k)
    expected[k] -= 2 * lr * gradient[k];

  void *workspace = aligned_alloc(64, 1 << 16);
  double first[3];
  for (workers = 1; workers <= 4; ++workers) {
    memset(workspace, 0xff, 1 << 16);
    double theta[3] = {0.5, -0.25, 2.0}, metrics[1] = {0};
    int64_t rows = count, extent = capacity;
    void *args[] = {theta, x, y, &rows, &lr, metrics, &extent, &extent};
    costate_entries[0].function(args, workspace);
    if (workers == 1)
      memcpy(first, theta, sizeof first);
    double error = fabs(metrics[0] - loss);
    for (int k = 0; k < 3; ++k)
      error = fmax(error, fabs(theta[k] - expected[k]));
    printf("%s: workers %d: %s, %s\n", costate_entries[0].name, (int)workers,
           error < 1e-14 ? "right" : "wrong",
           memcmp(first, theta, sizeof first) == 0 ? "same bits" : "other bits");
  }
  printf("end of table: %d, descriptor %s\n", costate_entries[1].name == NULL,
         strstr(costate_program, "\"schema\":1") ? "found" : "missing");
  return 0;
}
