//===- Trigonometric.cpp - Sine, cosine and tangent of vectors ------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Lanes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace costate;

namespace {
/// x = q pi/2 + r with |r| <= pi/4; sines and cosines of r; the low bits of q.
struct Quadrant {
  Real sine, cosine;
  Value odd, upper; ///< i1: q is odd; q mod 4 is 2 or 3.
  Value next;       ///< i1: (q + 1) mod 4 is 2 or 3.
};
} // namespace

/// Arguments up to here are reduced in vectors, larger ones by the C library.
static constexpr double vectorLimit = 1e5;

/// The remainder in f64, whatever the type of x. In f64 by three parts of pi/2, of which two have 33 bits:
/// their products with q are exact for |q| < 2^20. An f32 argument has no bits to lose: two parts suffice.
static std::pair<Real, Value> remainder(Real x, bool exactParts) {
  Lanes &l = *x.lanes;
  Real round = l.constant(l.roundingConstant());
  Real shifted = l.fma(x, l.constant(0.6366197723675814), round), q = shifted - round, r = x;
  if (exactParts) {
    r = l.fma(-q, l.constant(1.5707963267341256), r);
    r = l.fma(-q, l.constant(6.077100506303966e-11), r);
    r = l.fma(-q, l.constant(2.0222662487959506e-21), r);
  } else {
    r = l.fma(-q, l.constant(1.5707963267948966), r);
    r = l.fma(-q, l.constant(6.123233995736766e-17), r);
  }
  return {r, l.bits(shifted)};
}

/// sin r = r + r^3 S(r^2), cos r = 1 - r^2/2 + r^4 C(r^2); 1.1e-9 in f32, 7e-19 in f64.
static Quadrant reduceToQuadrant(Real x) {
  Lanes &l = *x.lanes;
  Lanes wide(l, l.shaped(l.b.getF64Type()));
  Real r = x;
  Value q;
  if (l.isDouble()) {
    std::tie(r, q) = remainder(x, /*exactParts=*/true);
  } else {
    auto [wideR, wideQ] = remainder(wide.real(arith::ExtFOp::create(l.b, l.loc, wide.type, x.value)), false);
    r = l.real(arith::TruncFOp::create(l.b, l.loc, l.type, wideR.value));
    q = arith::TruncIOp::create(l.b, l.loc, l.integerType(), wideQ);
  }
  Real z = r * r;
  Real s = l.polynomial(
      z, {-0.1666666716337204, 0.008333331905305386, -0.00019840084132738411, 2.724962087086169e-06},
      {-0.16666666666666666, 0.008333333333333331, -0.0001984126984126504, 2.755731921932058e-06,
       -2.50521062259944e-08, 1.6058530596645953e-10, -7.586636882825159e-13});
  Real c = l.polynomial(z, {0.0416666641831398, -0.0013888301327824593, 2.4547689463361166e-05},
                        {0.041666666666666664, -0.0013888888888887389, 2.48015872987544e-05,
                         -2.755731726587808e-07, 2.087614504941318e-09, -1.138254464534925e-11});
  Real one = l.constant(1), half = 0.5 * z, w = one - half;
  auto test = [&](Value bits, int64_t mask) {
    return arith::CmpIOp::create(l.b, l.loc, arith::CmpIPredicate::ne,
                                 l.integerOp<arith::AndIOp>(bits, l.integer(mask)), l.integer(0))
        .getResult();
  };
  return {l.fma(r * z, s, r), w + ((one - w - half) + z * z * c), test(q, 1), test(q, 2),
          test(l.integerOp<arith::AddIOp>(q, l.integer(1)), 2)};
}

/// The formula, unless some lane is too large for its range reduction; infinity and NaN give NaN on either
/// path.
static Real unlessLarge(Real x, StringRef function, function_ref<Real()> formula) {
  Lanes &l = *x.lanes;
  Value large = l.greater(l.abs(x), l.constant(vectorLimit));
  if (auto vector = dyn_cast<VectorType>(l.type)) {
    if (vector.getRank() > 1)
      large = vector::ShapeCastOp::create(l.b, l.loc,
                                          VectorType::get(vector.getNumElements(), l.b.getI1Type()), large);
    large = vector::ReductionOp::create(l.b, l.loc, vector::CombiningKind::OR, large);
  }
  auto choice = scf::IfOp::create(l.b, l.loc, l.type, large, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(l.b);
  l.b.setInsertionPointToStart(choice.thenBlock());
  scf::YieldOp::create(l.b, l.loc, callLibrary(function, x).value);
  l.b.setInsertionPointToStart(choice.elseBlock());
  scf::YieldOp::create(l.b, l.loc, formula().value);
  return l.real(choice.getResult(0));
}

Real costate::expandSin(Real x) {
  Lanes &l = *x.lanes;
  return unlessLarge(x, l.isDouble() ? "sin" : "sinf", [&] {
    Quadrant q = reduceToQuadrant(x);
    Real result = l.select(q.odd, q.cosine, q.sine);
    result = l.select(q.upper, -result, result);
    return l.select(l.equal(x, l.constant(0)), x, result);
  });
}

Real costate::expandCos(Real x) {
  Lanes &l = *x.lanes;
  return unlessLarge(x, l.isDouble() ? "cos" : "cosf", [&] {
    Quadrant q = reduceToQuadrant(x);
    Real result = l.select(q.odd, q.sine, q.cosine);
    return l.select(q.next, -result, result);
  });
}

Real costate::expandTan(Real x) {
  Lanes &l = *x.lanes;
  return unlessLarge(x, l.isDouble() ? "tan" : "tanf", [&] {
    Quadrant q = reduceToQuadrant(x);
    Real result = l.select(q.odd, -q.cosine, q.sine) / l.select(q.odd, q.sine, q.cosine);
    return l.select(l.equal(x, l.constant(0)), x, result);
  });
}
