// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
// Runs the entries that solve.mlir compiles to.
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

void costate_rt_parallel_for(void (*body)(void *, int64_t, int64_t), void *context, int64_t chunks) {
  for (int64_t chunk = 0; chunk < chunks; ++chunk)
    body(context, chunk, 0);
}

static void solve(double limit, void *workspace) {
  double a[9] = {4, 1, 0, 1, 3, 1, 0, 1, 2}, x[3] = {1, -2, 3}, b[3], metrics[3];
  for (int i = 0; i < 3; ++i)
    b[i] = a[3 * i] * x[0] + a[3 * i + 1] * x[1] + a[3 * i + 2] * x[2];
  void *args[] = {a, b, &limit, metrics};
  costate_entries[0].function(args, workspace);
  double scale = metrics[2] > limit ? limit : 1, error = 0;
  for (int i = 0; i < 3; ++i)
    error = fmax(error, fabs(b[i] - scale * x[i]));
  printf("%s: rank %g, scaled %s, %s\n", costate_entries[0].name, metrics[0], scale != 1 ? "yes" : "no",
         error < 1e-13 ? "right" : "wrong");
}

int main(void) {
  void *workspace = aligned_alloc(64, 1 << 16);
  memset(workspace, 0xff, 1 << 16);
  solve(100, workspace);
  solve(0.5, workspace);

  enum { capacity = 192, count = 150 };
  static double x[3][capacity], u[2][capacity];
  double w[6] = {1, 2, 3, -1, 0.5, 2};
  for (int i = 0; i < capacity; ++i)
    for (int k = 0; k < 3; ++k)
      x[k][i] = (i < count ? i : count - 1) * 0.25 + k;
  int64_t rows = count, extent = capacity;
  void *args[] = {w, x, &rows, u, &extent, &extent};
  costate_entries[1].function(args, workspace);
  double error = 0;
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < 2; ++j)
      error =
          fmax(error, fabs(u[j][i] - (w[3 * j] * x[0][i] + w[3 * j + 1] * x[1][i] + w[3 * j + 2] * x[2][i])));
  printf("%s: %s\n", costate_entries[1].name, error < 1e-12 ? "right" : "wrong");
  return 0;
}
