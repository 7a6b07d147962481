//===- ComplexArithmetic.cpp - Complex functions by real ones ---------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ComplexArithmetic.h"

#include "ExprBuilder.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace costate;

namespace {
/// Formulas that have the derivative of the function wherever it has one: none compares the parts.
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
  Pair div(Pair x, Pair y) {
    Pair numerator = mul(x, conj(y));
    Value norm = squaredNorm(y);
    return {e.div(numerator.re, norm), e.div(numerator.im, norm)};
  }
  Value squaredNorm(Pair x) { return e.add(e.mul(x.re, x.re), e.mul(x.im, x.im)); }
  Value abs(Pair x) { return e.sqrt(squaredNorm(x)); }
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
  Pair log(Pair x) { return {e.scale(e.log(squaredNorm(x)), 0.5), angle(x)}; }
  /// |1 + a + ib|² = 1 + a (2 + a) + b²
  Pair log1p(Pair x) {
    Value excess = e.add(e.mul(x.re, e.add(e.constant(2.0), x.re)), e.mul(x.im, x.im));
    Value re = e.scale(math::Log1pOp::create(builder, loc, excess), 0.5);
    return {re, angle({e.add(e.one(), x.re), x.im})};
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
  Pair pow(Pair x, Pair y) { return exp(mul(y, log(x))); }
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
