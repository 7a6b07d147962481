//===- Newton.cpp - Roots by Newton's method with damping -------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   F_y(y) d = F(y),   y ← y - t d   with the first t of 1, 1/2, 1/4, … for which |F| decreases
//
// [Nocedal and Wright, Numerical Optimization, 2nd ed., section 11.2.] An iteration tries one t, so that F is
// evaluated once. The direction is the estimate of the error: where |d| ≤ τ (1 + |y|), y - d is the result.
//
//===------------------------------------------------------------------------------------------------------===//
#include "IterationBuilder.h"

using namespace mlir;
using namespace costate;

Value costate::emitNewton(ImplicitLocOpBuilder &builder, Value start, EmitFunction function,
                          function_ref<Value(Value, Value)> direction, const StoppingRule &rule) {
  IterationBuilder it(builder, start, rule);
  enum { Error, Y, D, T, Norm };
  // The first trial is the start itself, which anything finite is accepted for.
  LoopNest::Values state = {it.infinity(), start, it.filled(0), it.scalar(1), it.infinity()};
  Value bound = it.scalar(it.squaredTolerance());
  it.iterate(state, bound, [&](LoopNest::Values &s) {
    Expression trial = it.wrap(s[Y]) - it.wrap(s[T]) * it.wrap(s[D]);
    Expression value = it.wrap(function(trial.get()));
    Expression norm = it.squared(value);
    Value accepted = it.less(norm.get(), s[Norm]);
    s[T] = (it.wrap(s[T]) * 0.5).get();
    it.when(accepted, s, [&](LoopNest::Values &next) {
      Expression d = it.wrap(direction(trial.get(), value.get()));
      next = {(it.squared(d) / (it.squared(trial) + 1)).get(), trial.get(), d.get(), it.scalar(1),
              norm.get()};
    });
  });
  return it.converged(state[Error], bound, (it.wrap(state[Y]) - it.wrap(state[D])).get());
}
