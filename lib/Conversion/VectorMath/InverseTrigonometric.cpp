//===- InverseTrigonometric.cpp - Arc functions of vectors ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Lanes.h"

using namespace mlir;
using namespace costate;

static constexpr double piHalf = 1.5707963267948966, piHalfLow = 6.123233995736766e-17;
static constexpr double piQuarter = 0.7853981633974483, piQuarterLow = 3.061616997868383e-17;

/// atan t = t + t^3 p(t^2) for |t| <= tan(pi/8), to 4.8e-18, plus a constant in two parts.
static Real atanSmall(Real t, Real high, Real low) {
  Lanes &l = *t.lanes;
  Real z = t * t;
  Real p =
      l.polynomial(z, {-0.3333333333333333, 0.1999999999999548, -0.14285714284657894, 0.11111111014561013,
                       -0.09090904549884611, 0.07692182535116648, -0.06664502215671447, 0.058580687568615106,
                       -0.05085030492810941, 0.03921955253255129, -0.019162068915902573});
  return high + (t + l.fma(t * z, p, low));
}

/// The angle of (x, y) in the first octant, 0 <= y <= x: directly or, beyond pi/8, from the diagonal.
static Real atanOctant(Real y, Real x) {
  Lanes &l = *x.lanes;
  Real zero = l.constant(0);
  Value beyond = l.greater(y, l.constant(0.41421356237309503) * x);
  Real t = l.select(beyond, y - x, y) / l.select(beyond, x + y, x);
  return atanSmall(t, l.select(beyond, l.constant(piQuarter), zero),
                   l.select(beyond, l.constant(piQuarterLow), zero));
}

Real costate::expandAtan(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandAtan(wide); });
  Real a = l.abs(x), one = l.constant(1), zero = l.constant(0);
  // One division for all three ranges: a, (a - 1) / (a + 1) from tan(pi/8), -1 / a from tan(3 pi/8).
  Value middle = l.greater(a, l.constant(0.41421356237309503)),
        large = l.greater(a, l.constant(2.414213562373095));
  Real t = l.select(large, -one, l.select(middle, a - one, a)) /
           l.select(large, a, l.select(middle, a + one, one));
  auto pick = [&](double half, double quarter) {
    return l.select(large, l.constant(half), l.select(middle, l.constant(quarter), zero));
  };
  return l.copySign(atanSmall(t, pick(piHalf, piQuarter), pick(piHalfLow, piQuarterLow)), x);
}

Real costate::expandAtan2(Real y, Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble()) {
    Lanes wide(l, l.shaped(l.b.getF64Type()));
    auto extend = [&](Real v) { return wide.real(arith::ExtFOp::create(l.b, l.loc, wide.type, v.value)); };
    Real result = expandAtan2(extend(y), extend(x));
    return l.real(arith::TruncFOp::create(l.b, l.loc, l.type, result.value));
  }
  Real zero = l.constant(0), ax = l.abs(x), ay = l.abs(y);
  Value steep = l.greater(ay, ax);
  Real high = l.select(steep, ay, ax), low = l.select(steep, ax, ay);
  // Sums of the largest numbers would overflow; infinity over infinity and zero over zero are the corners.
  Value huge = l.greater(high, l.constant(1e300));
  Real factor = l.select(huge, l.constant(0.25), l.constant(1));
  high = high * factor, low = low * factor;
  Real angle = atanOctant(low, high);
  angle = l.select(l.equal(high, zero), zero, angle);
  Value bothInfinite = l.equal(low, l.constant(std::numeric_limits<double>::infinity()));
  angle = l.select(bothInfinite, l.constant(piQuarter), angle);
  Value oneInfinite = l.equal(high, l.constant(std::numeric_limits<double>::infinity()));
  oneInfinite = arith::AndIOp::create(l.b, l.loc, oneInfinite,
                                      l.less(low, l.constant(std::numeric_limits<double>::infinity())));
  angle = l.select(oneInfinite, zero, angle);
  angle = l.select(steep, l.constant(piHalf) - (angle - l.constant(piHalfLow)), angle);
  Real sign = l.copySign(l.constant(1), x);
  angle = l.select(l.less(sign, zero), l.constant(2 * piHalf) - (angle - l.constant(2 * piHalfLow)), angle);
  Value isNaN = l.compare(arith::CmpFPredicate::UNO, x, y);
  return l.select(isNaN, x + y, l.copySign(angle, y));
}

/// asin t = t + t^3 p(t^2) for |t| <= 1/2, to 3.8e-18.
static Real asinSmall(Real t, Real z) {
  Lanes &l = *t.lanes;
  Real p =
      l.polynomial(z, {0.16666666666666669, 0.07499999999998433, 0.04464285714635543, 0.030381944138531247,
                       0.02237217294214989, 0.017352392720869973, 0.013971212973552933, 0.011479177415184906,
                       0.01032281435018578, 0.005457506718640358, 0.01740087944269402, -0.014851887071247204,
                       0.028757851367421566});
  return l.fma(t * z, p, t);
}

/// Beyond 1/2 with sqrt((1 - a) / 2), where asin a = pi/2 - 2 asin of it.
Real costate::expandAsin(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandAsin(wide); });
  Real a = l.abs(x), half = l.constant(0.5);
  Value large = l.greater(a, half);
  Real z = l.select(large, half * (1.0 - a), a * a);
  Real t = l.select(large, l.sqrt(z), a), s = asinSmall(t, z);
  Real beyond = l.constant(piHalf) - (2.0 * s - l.constant(piHalfLow));
  return l.copySign(l.select(large, beyond, s), x);
}

Real costate::expandAcos(Real x) {
  Lanes &l = *x.lanes;
  if (!l.isDouble())
    return inDouble(x, [](Real wide) { return expandAcos(wide); });
  Real a = l.abs(x), half = l.constant(0.5);
  Value large = l.greater(a, half);
  Real z = l.select(large, half * (1.0 - a), x * x);
  Real s = asinSmall(l.select(large, l.sqrt(z), x), z), twice = s + s;
  Real beyond =
      l.select(l.less(x, l.constant(0)), l.constant(2 * piHalf) - (twice - l.constant(2 * piHalfLow)), twice);
  return l.select(large, beyond, l.constant(piHalf) - (s - l.constant(piHalfLow)));
}
