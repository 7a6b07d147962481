//===- Logarithm.cpp - Logarithms and inverse hyperbolic functions of vectors ---------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Lanes.h"

#include <limits>

using namespace mlir;
using namespace costate;

namespace {
/// x = 2^e (1 + f) with 1 + f between sqrt(1/2) and sqrt(2).
struct Decomposed {
  Real e, f;
};
} // namespace

static Decomposed decompose(Real x) {
  Lanes &l = *x.lanes;
  Real smallest = l.constant(1.1754943508222875e-38, 2.2250738585072014e-308);
  Value isDenormal = l.less(x, smallest);
  Real normal = l.select(isDenormal, l.constant(16777216.0, 18014398509481984.0) * x, x);
  Value bits = l.bits(normal), mantissa = l.integer(l.mantissaBits());
  Value e = l.integerOp<arith::ShRSIOp>(
      l.integerOp<arith::SubIOp>(bits, l.integer(l.bitsOf(0.70710678118654752))), mantissa);
  Real f =
      l.fromBits(l.integerOp<arith::SubIOp>(bits, l.integerOp<arith::ShLIOp>(e, mantissa))) - l.constant(1);
  // An integer added to the bits of the rounding constant is a number: cheaper than a conversion of 64 bits.
  Real exponent = l.fromBits(l.integerOp<arith::AddIOp>(e, l.integer(l.bitsOf(l.roundingConstant())))) -
                  l.constant(l.roundingConstant());
  return {exponent - l.select(isDenormal, l.constant(24, 54), l.constant(0)), f};
}

/// log(1 + f) = f - f^2/2 + f^3 p(f) in f32 (3.2e-9); in f64 with s = f / (2 + f), f - f^2/2 + s (f^2/2 + s^2
/// R(s^2)) (4.6e-18). Adds e ln 2 in two parts, the small one first.
static Real logDecomposed(Decomposed x, double high, double low) {
  Lanes &l = *x.f.lanes;
  Real half = 0.5 * (x.f * x.f), tail = l.constant(0);
  if (l.isDouble()) {
    Real s = x.f / (2.0 + x.f), z = s * s;
    Real r =
        z * l.polynomial(z, {0.666666666666667, 0.3999999999989883, 0.2857142862628288, 0.22222211084643412,
                             0.18182892777240325, 0.15331600276188354, 0.14617948480781998});
    tail = l.fma(s, half + r, x.e * l.constant(low));
  } else {
    Real p = l.polynomial(x.f, {0.3333333134651184, -0.2499999701976776, 0.20000715553760529,
                                -0.1666780263185501, 0.14249056577682495, -0.12425685673952103,
                                0.1168542355298996, -0.11479748785495758, 0.0697162076830864});
    tail = l.fma(x.f * x.f * x.f, p, x.e * l.constant(low));
  }
  return l.fma(x.e, l.constant(high), x.f - (half - tail));
}

/// Zero, infinity, negative numbers and NaN.
static Real special(Real x, Real result) {
  Lanes &l = *x.lanes;
  double infinity = std::numeric_limits<double>::infinity();
  result = l.select(l.equal(x, l.constant(infinity)), x, result);
  result = l.select(l.equal(x, l.constant(0)), l.constant(-infinity), result);
  Value invalid = l.compare(arith::CmpFPredicate::ULT, x, l.constant(0));
  return l.select(invalid, l.constant(std::numeric_limits<double>::quiet_NaN()), result);
}

static Real naturalLog(Decomposed x) {
  bool isDouble = x.f.lanes->isDouble();
  return logDecomposed(x, isDouble ? 0.693147180559663 : 0.693145751953125,
                       isDouble ? 2.8235290563031577e-13 : 1.4286068203094173e-06);
}

Real costate::expandLog(Real x) { return special(x, naturalLog(decompose(x))); }

/// The exponent enters last and exactly, so powers of two have exact logarithms.
Real costate::expandLog2(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandLog2(wide); });
  auto [e, f] = decompose(x);
  Real m = logDecomposed({l.constant(0), f}, 0, 0);
  return special(x,
                 l.fma(m, l.constant(1.4426950408889634), l.fma(m, l.constant(2.0355273740931033e-17), e)));
}

Real costate::expandLog10(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandLog10(wide); });
  auto [e, f] = decompose(x);
  Real m = logDecomposed({l.constant(0), f}, 0, 0);
  Real low = l.fma(e, l.constant(1.42050232272661e-13), m * l.constant(0.4342944819032518));
  return special(x, l.fma(e, l.constant(0.30102999566383914), low));
}

/// log(u) for u = 1 + x rounded, plus what the rounding lost, divided by u.
Real costate::expandLog1p(Real x) {
  Lanes &l = *x.lanes;
  Real one = l.constant(1), u = one + x;
  Real lost = l.select(l.greater(x, one), one - (u - x), x - (u - one)) / u;
  Value ordinary = arith::AndIOp::create(l.b, l.loc, l.greater(u, l.constant(0)),
                                         l.less(u, l.constant(std::numeric_limits<double>::infinity())));
  Real result = expandLog(u) + l.select(ordinary, lost, l.constant(0));
  return l.select(l.less(l.abs(x), l.constant(1e-9, 1e-18)), x, result);
}

/// asinh a = log1p(a + a^2 / (1 + sqrt(a^2 + 1))), and log a + log 2 where a^2 would overflow.
Real costate::expandAsinh(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandAsinh(wide); });
  Real a = l.abs(x), limited = l.atMost(a, 1e150), square = limited * limited;
  Real small = expandLog1p(limited + square / (1.0 + l.sqrt(1.0 + square)));
  Real large = expandLog(a) + l.constant(0.6931471805599453);
  return l.copySign(l.select(l.greater(a, l.constant(1e150)), large, small), x);
}

/// acosh x = log1p(t + sqrt(2 t + t^2)) with t = x - 1.
Real costate::expandAcosh(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandAcosh(wide); });
  Real t = l.atMost(x, 1e150) - l.constant(1);
  Real small = expandLog1p(t + l.sqrt(t * (2.0 + t)));
  Real result =
      l.select(l.greater(x, l.constant(1e150)), expandLog(x) + l.constant(0.6931471805599453), small);
  return l.select(l.less(x, l.constant(1)), l.constant(std::numeric_limits<double>::quiet_NaN()), result);
}

Real costate::expandAtanh(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandAtanh(wide); });
  Real a = l.abs(x);
  return l.copySign(0.5 * expandLog1p((a + a) / (1.0 - a)), x);
}
