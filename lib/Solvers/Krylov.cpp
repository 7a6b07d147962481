//===- Krylov.cpp - Linear systems by products with the matrix --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Conjugate gradients, and BiCGSTAB of van der Vorst [Saad, Iterative Methods for Sparse Linear Systems, 2nd
// ed., sections 6.7 and 7.4.2]. Both begin at y = 0, so that r = b, and solve for b / max |b|.
//
//   cg:        α = ⟨r, r⟩ / ⟨p, A p⟩,  y ← y + α p,  r' = r - α A p,  p ← r' + ⟨r', r'⟩ / ⟨r, r⟩ p
//   bicgstab:  α = ⟨b, r⟩ / ⟨b, A p⟩,  s = r - α A p,  ω = ⟨A s, s⟩ / ⟨A s, A s⟩,  y ← y + α p + ω s,
//              r' = s - ω A s,  p ← r' + ⟨b, r'⟩ / ⟨b, r⟩ · α/ω (p - ω A p)
//
//===------------------------------------------------------------------------------------------------------===//
#include "IterationBuilder.h"

using namespace mlir;
using namespace costate;

Value costate::emitConjugateGradients(ImplicitLocOpBuilder &builder, Value rhs, EmitFunction product,
                                      const StoppingRule &rule) {
  IterationBuilder it(builder, rhs, rule);
  enum { Error, Y, R, P };
  Expression scale = it.scaleOf(it.wrap(rhs)), b = it.wrap(rhs) / scale, size = it.squared(b);
  Value bound = (size * it.squaredTolerance()).get();
  LoopNest::Values state = {size.get(), it.filled(0), b.get(), b.get()};
  it.iterate(state, bound, [&](LoopNest::Values &s) {
    Expression before = it.wrap(s[Error]), p = it.wrap(s[P]), q = it.wrap(product(s[P]));
    Expression alpha = before / it.dot(p, q);
    Expression r = it.wrap(s[R]) - alpha * q;
    Expression after = it.squared(r);
    s = {after.get(), (it.wrap(s[Y]) + alpha * p).get(), r.get(), (r + after / before * p).get()};
  });
  return (scale * it.wrap(it.converged(state[Error], bound, state[Y]))).get();
}

Value costate::emitBiCGSTAB(ImplicitLocOpBuilder &builder, Value rhs, EmitFunction product,
                            const StoppingRule &rule) {
  IterationBuilder it(builder, rhs, rule);
  enum { Error, Y, R, P, Rho };
  Expression scale = it.scaleOf(it.wrap(rhs)), b = it.wrap(rhs) / scale, size = it.squared(b);
  Value bound = (size * it.squaredTolerance()).get();
  LoopNest::Values state = {size.get(), it.filled(0), b.get(), b.get(), size.get()};
  it.iterate(state, bound, [&](LoopNest::Values &now) {
    Expression rho = it.wrap(now[Rho]), p = it.wrap(now[P]), q = it.wrap(product(now[P]));
    Expression alpha = rho / it.dot(b, q);
    Expression s = it.wrap(now[R]) - alpha * q;
    Expression t = it.wrap(product(s.get()));
    Expression tt = it.squared(t), zero = it.wrap(it.scalar(0));
    // Where s is zero already, the solution has been found.
    Expression omega = tt.selectLessEqual(zero, zero, it.dot(t, s) / tt);
    Expression r = s - omega * t;
    Expression next = it.dot(b, r);
    Expression beta = next / rho * (alpha / omega);
    now = {it.squared(r).get(), (it.wrap(now[Y]) + alpha * p + omega * s).get(), r.get(),
           (r + beta * (p - omega * q)).get(), next.get()};
  });
  return (scale * it.wrap(it.converged(state[Error], bound, state[Y]))).get();
}
