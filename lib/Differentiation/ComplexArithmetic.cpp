//===- ComplexArithmetic.cpp - Complex functions by real ones ---------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ComplexArithmetic.h"

#include "ExprBuilder.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

#include <limits>

using namespace mlir;
using namespace costate;

namespace {
/// Formulas that have the derivative of the function wherever it has one: what they compare decides between
/// formulas of the same function.
class ComplexBuilder {
public:
  ComplexBuilder(OpBuilder &builder, Location loc, Type element)
      : builder(builder), loc(loc), e(builder, loc, element) {}

  Pair add(Pair x, Pair y) { return {e.add(x.re, y.re), e.add(x.im, y.im)}; }
  Pair sub(Pair x, Pair y) { return {e.sub(x.re, y.re), e.sub(x.im, y.im)}; }
  Pair neg(Pair x) { return {e.neg(x.re), e.neg(x.im)}; }
  Pair conj(Pair x) { return {x.re, e.neg(x.im)}; }
  Pair mul(Pair x, Pair y) {
    return {e.sub(e.mul(x.re, y.re), e.mul(x.im, y.im)), e.add(e.mul(x.re, y.im), e.mul(x.im, y.re))};
  }
  /// By the larger part of the divisor, whose square may be out of range where the quotient is not. A divisor
  /// that is zero or infinite gives what Annex G of C99 says, up to which part of an infinity is NaN.
  Pair div(Pair x, Pair y) {
    Magnitude m = magnitude(y);
    x = turn(m.isImaginary, x);
    y = turn(m.isImaginary, y);
    Value zero = e.isZero(m.larger);
    Value special = arith::OrIOp::create(builder, loc, zero, isInfinite(m.larger));
    Value ratio = e.select(special, e.zero(), e.div(y.im, e.select(special, e.one(), y.re)));
    Value shrink = e.div(e.one(), e.add(e.one(), e.mul(ratio, ratio)));
    Pair part = {e.mul(e.div(x.re, y.re), shrink), e.mul(e.div(x.im, y.re), shrink)};
    return select(zero, part, {e.add(part.re, e.mul(part.im, ratio)), e.sub(part.im, e.mul(part.re, ratio))});
  }
  Value abs(Pair x) {
    Magnitude m = magnitude(x);
    return e.mul(m.larger, e.sqrt(e.add(e.one(), m.square)));
  }
  Value angle(Pair x) { return math::Atan2Op::create(builder, loc, x.im, x.re); }
  Pair polar(Value radius, Value angle) { return {e.mul(radius, e.cos(angle)), e.mul(radius, e.sin(angle))}; }
  Pair exp(Pair x) { return polar(e.exp(x.re), x.im); }
  /// eᵃ cos b - 1 = (eᵃ - 1) cos b - 2 sin²(b/2)
  Pair expm1(Pair x) {
    Value half = e.sin(e.scale(x.im, 0.5));
    Value re =
        e.sub(e.mul(math::ExpM1Op::create(builder, loc, x.re), e.cos(x.im)), e.scale(e.mul(half, half), 2.0));
    return {re, e.mul(e.exp(x.re), e.sin(x.im))};
  }
  Pair log(Pair x) {
    Magnitude m = magnitude(x);
    return {e.add(e.log(m.larger), e.scale(log1p(m.square), 0.5)), angle(x)};
  }
  /// The logarithm of 1 + x, where the larger part less one is taken from x.
  Pair log1p(Pair x) {
    Pair y = {e.add(e.one(), x.re), x.im};
    Magnitude m = magnitude(y);
    Value re = e.select(e.less(y.re, e.zero()), e.sub(e.constant(-2.0), x.re), x.re);
    Value excess = e.select(m.isImaginary, e.sub(m.larger, e.one()), re);
    return {e.add(log1p(excess), e.scale(log1p(m.square), 0.5)), angle(y)};
  }
  Pair sqrt(Pair x) { return polar(e.sqrt(abs(x)), e.scale(angle(x), 0.5)); }
  Pair rsqrt(Pair x) { return polar(e.rsqrt(abs(x)), e.scale(angle(x), -0.5)); }
  Pair sin(Pair x) { return {e.mul(e.sin(x.re), e.cosh(x.im)), e.mul(e.cos(x.re), e.sinh(x.im))}; }
  Pair cos(Pair x) { return {e.mul(e.cos(x.re), e.cosh(x.im)), e.neg(e.mul(e.sin(x.re), e.sinh(x.im)))}; }
  /// (t cos b + i sin b) / (cos b + i t sin b), where t = tanh a
  Pair tanh(Pair x) {
    Value t = math::TanhOp::create(builder, loc, x.re), c = e.cos(x.im), s = e.sin(x.im);
    return div({e.mul(t, c), s}, {c, e.mul(t, s)});
  }
  /// -i tanh(ix)
  Pair tan(Pair x) {
    Pair y = tanh({e.neg(x.im), x.re});
    return {y.im, e.neg(y.re)};
  }
  Pair pow(Pair x, Pair y) {
    std::optional<double> re = constantValue(y.re), im = constantValue(y.im);
    if (re && im == 0.0)
      for (unsigned n = 0; n <= kLargestProduct; ++n)
        if (*re == n)
          return product(x, n);
    Value zero = arith::AndIOp::create(builder, loc, e.isZero(x.re), e.isZero(x.im));
    Pair one = {e.one(), e.zero()};
    Pair general = exp(mul(y, log(select(zero, one, x))));
    return select(zero, powAtZero(select(zero, x, {e.one(), e.one()}), y), general);
  }
  Value equal(Pair x, Pair y, bool isEqual) {
    auto predicate = isEqual ? arith::CmpFPredicate::OEQ : arith::CmpFPredicate::UNE;
    Value re = arith::CmpFOp::create(builder, loc, predicate, x.re, y.re);
    Value im = arith::CmpFOp::create(builder, loc, predicate, x.im, y.im);
    if (isEqual)
      return arith::AndIOp::create(builder, loc, re, im);
    return arith::OrIOp::create(builder, loc, re, im);
  }
  Pair constant(ArrayAttr value) {
    auto part = [&](unsigned i) { return e.constant(cast<FloatAttr>(value[i]).getValueAsDouble()); };
    return {part(0), part(1)};
  }

private:
  /// Up to it, powers are products.
  static constexpr unsigned kLargestProduct = 8;

  /// The larger part of a number, and the square of the other one by it: at most 1, where the square of the
  /// number itself may be out of range.
  struct Magnitude {
    Value isImaginary, larger, square;
  };
  Magnitude magnitude(Pair x) {
    Value isImaginary =
        e.greater(math::AbsFOp::create(builder, loc, x.im), math::AbsFOp::create(builder, loc, x.re));
    // The other part keeps its sign: where it is zero, its magnitude has a kink, its square none.
    Pair turned = turn(isImaginary, x);
    Value larger = math::AbsFOp::create(builder, loc, turned.re);
    Value special = arith::OrIOp::create(builder, loc, e.isZero(larger), isInfinite(larger));
    Value ratio = e.div(turned.im, e.select(special, e.one(), larger));
    return {isImaginary, larger, e.mul(ratio, ratio)};
  }
  Value isInfinite(Value magnitude) {
    return arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, magnitude,
                                 e.constant(std::numeric_limits<double>::infinity()));
  }
  Value log1p(Value x) { return math::Log1pOp::create(builder, loc, x); }
  Pair select(Value condition, Pair x, Pair y) {
    return {e.select(condition, x.re, y.re), e.select(condition, x.im, y.im)};
  }
  /// x, or -ix.
  Pair turn(Value condition, Pair x) { return select(condition, {x.im, e.neg(x.re)}, x); }
  Pair product(Pair x, unsigned n) {
    Pair result = {e.one(), e.zero()};
    for (unsigned i = 0; i < n; ++i)
      result = i ? mul(result, x) : x;
    return result;
  }
  /// The derivatives at base zero, too: those of a product where the exponent is a small whole number, else
  /// as many zeros as the powers of the parts have.
  Pair powAtZero(Pair x, Pair y) {
    Pair result = {math::PowFOp::create(builder, loc, x.re, y.re),
                   math::PowFOp::create(builder, loc, x.im, y.re)};
    Pair power = {e.one(), e.zero()};
    for (unsigned n = 0; n <= kLargestProduct; ++n) {
      result = select(equal(y, {e.constant(n), e.zero()}, true), power, result);
      power = n ? mul(power, x) : x;
    }
    return result;
  }

  OpBuilder &builder;
  Location loc;
  ExprBuilder e;
};
} // namespace

std::optional<Pair> costate::expandArithmetic(OpBuilder &builder, Operation *op, ArrayRef<Pair> operands) {
  if (op->getNumResults() != 1)
    return std::nullopt;
  auto typed =
      isa<ComplexType>(op->getResult(0).getType()) ? op->getResult(0).getType() : op->getOperand(0).getType();
  auto complex = dyn_cast<ComplexType>(typed);
  if (!complex || !isa<FloatType>(complex.getElementType()))
    return std::nullopt;
  ComplexBuilder c(builder, op->getLoc(), complex.getElementType());
  using Result = std::optional<Pair>;
  return TypeSwitch<Operation *, Result>(op)
      .Case([&](complex::ConstantOp constant) -> Result { return c.constant(constant.getValue()); })
      .Case([&](complex::CreateOp) -> Result { return Pair{op->getOperand(0), op->getOperand(1)}; })
      .Case([&](complex::ReOp) -> Result { return Pair{operands[0].re, Value()}; })
      .Case([&](complex::ImOp) -> Result { return Pair{operands[0].im, Value()}; })
      .Case([&](complex::AbsOp) -> Result { return Pair{c.abs(operands[0]), Value()}; })
      .Case([&](complex::AngleOp) -> Result { return Pair{c.angle(operands[0]), Value()}; })
      .Case(
          [&](complex::EqualOp) -> Result { return Pair{c.equal(operands[0], operands[1], true), Value()}; })
      .Case([&](complex::NotEqualOp) -> Result {
        return Pair{c.equal(operands[0], operands[1], false), Value()};
      })
      .Case([&](complex::AddOp) -> Result { return c.add(operands[0], operands[1]); })
      .Case([&](complex::SubOp) -> Result { return c.sub(operands[0], operands[1]); })
      .Case([&](complex::MulOp) -> Result { return c.mul(operands[0], operands[1]); })
      .Case([&](complex::DivOp) -> Result { return c.div(operands[0], operands[1]); })
      .Case([&](complex::PowOp) -> Result { return c.pow(operands[0], operands[1]); })
      .Case([&](complex::NegOp) -> Result { return c.neg(operands[0]); })
      .Case([&](complex::ConjOp) -> Result { return c.conj(operands[0]); })
      .Case([&](complex::ExpOp) -> Result { return c.exp(operands[0]); })
      .Case([&](complex::Expm1Op) -> Result { return c.expm1(operands[0]); })
      .Case([&](complex::LogOp) -> Result { return c.log(operands[0]); })
      .Case([&](complex::Log1pOp) -> Result { return c.log1p(operands[0]); })
      .Case([&](complex::SqrtOp) -> Result { return c.sqrt(operands[0]); })
      .Case([&](complex::RsqrtOp) -> Result { return c.rsqrt(operands[0]); })
      .Case([&](complex::SinOp) -> Result { return c.sin(operands[0]); })
      .Case([&](complex::CosOp) -> Result { return c.cos(operands[0]); })
      .Case([&](complex::TanOp) -> Result { return c.tan(operands[0]); })
      .Case([&](complex::TanhOp) -> Result { return c.tanh(operands[0]); })
      .Default([](Operation *) -> Result { return std::nullopt; });
}
