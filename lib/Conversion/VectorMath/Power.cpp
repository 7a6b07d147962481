//===- Power.cpp - Powers and roots of vectors ----------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Lanes.h"

#include <limits>

using namespace mlir;
using namespace costate;

/// f32: exp(y log |x|) in f64, with the sign and the special cases of C. f64 would need a logarithm of twice
/// the precision; it calls the C library.
Real costate::expandPow(Real x, Real y) {
  Lanes &l = *x.lanes;
  if (l.isDouble())
    return callLibrary("pow", {x, y});
  double infinity = std::numeric_limits<double>::infinity();
  Real one = l.constant(1), zero = l.constant(0), a = l.abs(x);
  Lanes wide(l, l.shaped(l.b.getF64Type()));
  auto extend = [&](Real v) { return wide.real(arith::ExtFOp::create(l.b, l.loc, wide.type, v.value)); };
  Real magnitude = expandExp(extend(y) * expandLog(extend(a)));
  Real result = l.real(arith::TruncFOp::create(l.b, l.loc, l.type, magnitude.value));
  auto floor = [&](Real v) { return l.real(math::FloorOp::create(l.b, l.loc, v.value)); };
  auto both = [&](Value p, Value q) { return arith::AndIOp::create(l.b, l.loc, p, q).getResult(); };
  auto either = [&](Value p, Value q) { return arith::OrIOp::create(l.b, l.loc, p, q).getResult(); };
  // |x| = 1 has magnitude 1 also for infinite y.
  Value finiteOrInfinite = l.compare(arith::CmpFPredicate::ORD, y, y);
  result = l.select(both(l.equal(a, one), finiteOrInfinite), one, result);
  Real half = 0.5 * y;
  Value isInteger = l.equal(floor(y), y);
  Value isOdd = both(isInteger, l.compare(arith::CmpFPredicate::UNE, floor(half), half));
  isOdd = both(isOdd, l.compare(arith::CmpFPredicate::UNE, l.abs(y), l.constant(infinity)));
  result = l.select(isOdd, l.copySign(result, x), result);
  Value outside = both(both(l.less(x, zero), l.greater(x, l.constant(-infinity))),
                       l.compare(arith::CmpFPredicate::UNE, floor(y), y));
  result = l.select(outside, l.constant(std::numeric_limits<double>::quiet_NaN()), result);
  return l.select(either(l.equal(y, zero), l.equal(x, one)), one, result);
}

/// exp(log |x| / 3), in f64 with one step of Newton's method; denormal numbers times 2^54 first.
Real costate::expandCbrt(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandCbrt(wide); });
  Value isDenormal = l.less(l.abs(x), l.constant(2.2250738585072014e-308));
  Real a = l.select(isDenormal, l.constant(18014398509481984.0) * l.abs(x), l.abs(x));
  Real y = expandExp(expandLog(a) / l.constant(3)), square = y * y;
  Real root = y + l.fma(-square, y, a) / (3.0 * square);
  root = l.select(isDenormal, l.constant(3.814697265625e-06) * root, root);
  Value ordinary = arith::AndIOp::create(l.b, l.loc, l.greater(a, l.constant(0)),
                                         l.less(a, l.constant(std::numeric_limits<double>::infinity())));
  return l.copySign(l.select(ordinary, root, a), x);
}

Real costate::expandRsqrt(Real x) { return 1.0 / x.lanes->sqrt(x); }
