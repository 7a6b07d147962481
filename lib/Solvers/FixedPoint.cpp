//===- FixedPoint.cpp - Fixed points by iteration ---------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   y ← G(y)                                       or, with f = G(y) - y, g = G(y) and those before, f' and
//   g', y ← g - β (g - g'),   β = ⟨f, f - f'⟩ / |f - f'|²
//
// [Walker and Ni, Anderson acceleration for fixed-point iterations, SIAM J. Numer. Anal. 49 (2011).]
//
//===------------------------------------------------------------------------------------------------------===//
#include "IterationBuilder.h"

using namespace mlir;
using namespace costate;

Value costate::emitFixedPoint(ImplicitLocOpBuilder &builder, Value start, EmitFunction function,
                              bool anderson, const StoppingRule &rule) {
  IterationBuilder it(builder, start, rule);
  enum { Error, Y, Result, F };
  LoopNest::Values state = {it.infinity(), start, start};
  if (anderson)
    state.push_back(it.filled(0));
  Value bound = it.scalar(it.squaredTolerance());
  it.iterate(state, bound, [&](LoopNest::Values &s) {
    Expression y = it.wrap(s[Y]), g = it.wrap(function(s[Y]));
    Expression f = g - y;
    Expression next = g;
    if (anderson) {
      Expression change = f - it.wrap(s[F]), size = it.squared(change);
      // Before the first step there is nothing, and after the last nothing changes.
      Value isFirst = it.lessEqual(it.infinity(), s[Error]);
      Value stalls = it.lessEqual(size.get(), it.scalar(0));
      Value plain = arith::OrIOp::create(builder, isFirst, stalls);
      Value beta = arith::SelectOp::create(builder, plain, it.scalar(0), (it.dot(f, change) / size).get());
      next = g - it.wrap(beta) * (g - it.wrap(s[Result]));
      s[F] = f.get();
    }
    s[Error] = (it.squared(f) / (it.squared(y) + 1)).get();
    s[Y] = next.get();
    s[Result] = g.get();
  });
  return it.converged(state[Error], bound, state[Result]);
}
