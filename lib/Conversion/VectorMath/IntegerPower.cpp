//===- IntegerPower.cpp - Powers with integer exponents ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Lanes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate;

/// The exponent of every lane, where that is one small constant.
static std::optional<int64_t> smallExponent(Value exponent) {
  APInt value;
  if (matchPattern(exponent, m_ConstantInt(&value)) && value.getSignificantBits() < 5 &&
      std::abs(value.getSExtValue()) <= 8)
    return value.getSExtValue();
  return std::nullopt;
}

/// A small constant power is a product. Any other is |x|^n, with the sign of x where n is odd: n as a
/// floating-point number may no longer say whether it is.
Real costate::expandPowI(Real x, Value exponent) {
  Lanes &l = *x.lanes;
  if (std::optional<int64_t> n = smallExponent(exponent)) {
    Real product = l.constant(1), square = x;
    for (uint64_t rest = std::abs(*n); rest != 0; rest >>= 1) {
      if (rest & 1)
        product = product * square;
      if (rest > 1)
        square = square * square;
    }
    return *n < 0 ? 1.0 / product : product;
  }
  Value n = exponent;
  if (isa<IndexType>(getElementTypeOrSelf(n.getType())))
    n = arith::IndexCastOp::create(l.b, l.loc, l.shaped(l.b.getI64Type()), n);
  Real magnitude = expandPow(l.abs(x), l.real(arith::SIToFPOp::create(l.b, l.loc, l.type, n)));
  Value isOdd = n;
  if (!getElementTypeOrSelf(n.getType()).isInteger(1))
    isOdd = arith::TruncIOp::create(l.b, l.loc, l.shaped(l.b.getI1Type()), n);
  return l.copySign(magnitude, l.select(isOdd, x, l.constant(1)));
}

Value costate::expandIPowI(OpBuilder &b, Location loc, Value base, Value exponent) {
  Type type = base.getType(), element = getElementTypeOrSelf(type);
  auto constant = [&](int64_t value) -> Value {
    TypedAttr attribute = b.getIntegerAttr(element, value);
    if (auto vector = dyn_cast<VectorType>(type))
      attribute = DenseElementsAttr::get(vector, cast<Attribute>(attribute));
    return arith::ConstantOp::create(b, loc, attribute);
  };
  auto equals = [&](Value x, Value y) -> Value {
    return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x, y);
  };
  Value zero = constant(0), one = constant(1);
  int64_t bits = element.isIndex() ? IndexType::kInternalStorageBitWidth : element.getIntOrFloatBitWidth();
  auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(b, loc, value).getResult(); };
  auto loop = scf::ForOp::create(b, loc, index(0), index(bits), index(1), ValueRange{one, base, exponent},
                                 [&](OpBuilder &b, Location loc, Value, ValueRange carried) {
                                   Value product = carried[0], square = carried[1], rest = carried[2];
                                   Value isSet = equals(arith::AndIOp::create(b, loc, rest, one), one);
                                   Value more = arith::MulIOp::create(b, loc, product, square);
                                   scf::YieldOp::create(
                                       b, loc,
                                       ValueRange{arith::SelectOp::create(b, loc, isSet, more, product),
                                                  arith::MulIOp::create(b, loc, square, square),
                                                  arith::ShRUIOp::create(b, loc, rest, one)});
                                 });
  // 1 / x^|n|, rounded towards zero. The powers of 1 and -1 depend on the lowest bit alone, which the loop
  // has seen.
  Value isNegative = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, exponent, zero);
  Value isUnit = arith::OrIOp::create(b, loc, equals(base, one), equals(base, constant(-1)));
  Value power = arith::SelectOp::create(b, loc, isUnit, loop.getResult(0), zero);
  return arith::SelectOp::create(b, loc, isNegative, power, loop.getResult(0));
}
