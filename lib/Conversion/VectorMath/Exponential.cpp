//===- Exponential.cpp - Exponentials and hyperbolic functions of vectors -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Lanes.h"

using namespace mlir;
using namespace costate;

namespace {
/// x = n ln 2 + r with |r| <= ln 2 / 2; n as an integer in the low bits.
struct Reduced {
  Real r;
  Value n;
};
} // namespace

static Reduced reduce(Real x) {
  Lanes &l = *x.lanes;
  Real round = l.constant(l.roundingConstant());
  Real shifted = l.fma(x, l.constant(1.4426950408889634), round);
  Real n = shifted - round;
  // The first part of ln 2 has few enough bits for an exact product with n.
  Real r = l.fma(-n, l.constant(0.693145751953125, 0.693147180559663), x);
  r = l.fma(-n, l.constant(1.4286068203094173e-06, 2.8235290563031577e-13), r);
  return {r, l.integerOp<arith::SubIOp>(l.bits(shifted), l.integer(l.bitsOf(l.roundingConstant())))};
}

/// e^r - 1 = r + r^2 q(r) for |r| <= ln 2 / 2, to 5.3e-10 and 5.5e-19.
static Real expm1Reduced(Real r) {
  Lanes &l = *r.lanes;
  Real q =
      l.polynomial(r,
                   {0.5, 0.1666666716337204, 0.041666463017463684, 0.00833331048488617, 0.0013933685841038823,
                    0.00019891030387952924},
                   {0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326112, 0.001388888888888373,
                    0.0001984126987490126, 2.4801587325605324e-05, 2.7557255297969643e-06,
                    2.755727357010214e-07, 2.5105259538448494e-08, 2.0914717341716378e-09});
  return l.fma(r * r, q, r);
}

/// 2^n for n in the range of normal numbers (and one above: infinity).
static Real powerOfTwo(Lanes &l, Value n) {
  return l.fromBits(l.integerOp<arith::ShLIOp>(l.integerOp<arith::AddIOp>(n, l.integer(l.exponentBias())),
                                               l.integer(l.mantissaBits())));
}

/// x * 2^n in two steps, so that results may overflow or be denormal.
static Real scale(Real x, Value n) {
  Lanes &l = *x.lanes;
  Value half = l.integerOp<arith::ShRSIOp>(n, l.integer(1));
  return x * powerOfTwo(l, half) * powerOfTwo(l, l.integerOp<arith::SubIOp>(n, half));
}

Real costate::expandExp(Real x, int power) {
  Lanes &l = *x.lanes;
  auto [r, n] = reduce(l.atLeast(l.atMost(x, l.isDouble() ? 711 : 90), l.isDouble() ? -746 : -105));
  if (power)
    n = l.integerOp<arith::AddIOp>(n, l.integer(power));
  return scale(1.0 + expm1Reduced(r), n);
}

Real costate::expandExp2(Real x) {
  Lanes &l = *x.lanes;
  x = l.atLeast(l.atMost(x, l.isDouble() ? 1025 : 129), l.isDouble() ? -1080 : -155);
  Real round = l.constant(l.roundingConstant());
  Real shifted = x + round;
  Value n = l.integerOp<arith::SubIOp>(l.bits(shifted), l.integer(l.bitsOf(l.roundingConstant())));
  return scale(1.0 + expm1Reduced((x - (shifted - round)) * l.constant(0.6931471805599453)), n);
}

Real costate::expandExpM1(Real x) {
  Lanes &l = *x.lanes;
  auto [r, n] = reduce(l.atLeast(l.atMost(x, l.isDouble() ? 710 : 89), l.isDouble() ? -40 : -20));
  // Half of the result first: 2^n itself may be out of range.
  Real s = powerOfTwo(l, l.integerOp<arith::SubIOp>(n, l.integer(1)));
  Real result = 2.0 * l.fma(expm1Reduced(r), s, s - l.constant(0.5));
  return l.select(l.less(l.abs(x), l.constant(1e-9, 1e-18)), x, result);
}

/// e^x - 1 for 0 <= x where 2^n is in range.
static Real expm1Positive(Real x) {
  Lanes &l = *x.lanes;
  auto [r, n] = reduce(x);
  Real s = powerOfTwo(l, n);
  return l.fma(expm1Reduced(r), s, s - l.constant(1));
}

/// With E = e^(2|x|) - 1: tanh |x| = E / (E + 2), which loses nothing near zero.
Real costate::expandTanh(Real x) {
  Lanes &l = *x.lanes;
  Real a = l.atMost(l.abs(x), l.isDouble() ? 20 : 10);
  Real e = expm1Positive(a + a);
  return l.copySign(e / (e + l.constant(2)), x);
}

/// With E = e^|x| - 1: sinh |x| = (E + E / (E + 1)) / 2 where e^-|x| matters, else from e^|x| / 2, which is
/// in range for every finite result.
Real costate::expandSinh(Real x) {
  Lanes &l = *x.lanes;
  Real a = l.abs(x), e = expm1Positive(l.atMost(a, 2)), large = expandExp(a, -1);
  Real small = 0.5 * (e + e / (1.0 + e));
  return l.copySign(l.select(l.less(a, l.constant(1)), small, large - 0.25 / large), x);
}

Real costate::expandCosh(Real x) {
  Real e = expandExp(x.lanes->abs(x), -1);
  return e + 0.25 / e;
}
