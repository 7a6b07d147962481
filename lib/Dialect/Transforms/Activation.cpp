//===- Activation.cpp - Activations as elementwise ops ----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Activation.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace costate;

namespace {
/// Elementwise arithmetic on tensors of one shape.
struct Elementwise {
  OpBuilder &builder;
  Location loc;
  ShapedType type;

  Value constant(double value) const {
    return arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(type, builder.getFloatAttr(type.getElementType(), value)));
  }
  Value add(Value a, Value b) const { return arith::AddFOp::create(builder, loc, a, b); }
  Value mul(Value a, Value b) const { return arith::MulFOp::create(builder, loc, a, b); }
  /// 1/(1 + exp(−z)) = ½ + ½ tanh(z/2): never overflows, and every derivative is a polynomial in the value.
  Value sigmoid(Value z) const {
    Value half = constant(0.5);
    return add(half, mul(half, math::TanhOp::create(builder, loc, mul(half, z))));
  }
};
} // namespace

Value costate::createActivation(OpBuilder &builder, Location loc, Activation activation, Value z) {
  Elementwise e{builder, loc, cast<ShapedType>(z.getType())};
  switch (activation) {
  case Activation::identity:
    return z;
  case Activation::tanh:
    return math::TanhOp::create(builder, loc, z);
  case Activation::sigmoid:
    return e.sigmoid(z);
  case Activation::sin:
    return math::SinOp::create(builder, loc, z);
  case Activation::cos:
    return math::CosOp::create(builder, loc, z);
  case Activation::exp:
    return math::ExpOp::create(builder, loc, z);
  case Activation::swish:
    return e.mul(z, e.sigmoid(z));
  case Activation::softplus: {
    // max(z, 0) + log(1 + exp(−|z|)) overflows for no z. Selections, not |z| and max, so that at 0 both parts
    // are differentiated on the same side and their sum is as smooth as it should be.
    Value zero = e.constant(0.0);
    Value positive = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OGT, z, zero);
    Value negated = arith::NegFOp::create(builder, loc, z);
    Value tail =
        math::ExpOp::create(builder, loc, arith::SelectOp::create(builder, loc, positive, negated, z));
    return e.add(arith::SelectOp::create(builder, loc, positive, z, zero),
                 math::Log1pOp::create(builder, loc, tail));
  }
  case Activation::gelu: {
    Value erf = math::ErfOp::create(builder, loc, e.mul(e.constant(0.70710678118654752), z));
    return e.mul(e.mul(e.constant(0.5), z), e.add(e.constant(1.0), erf));
  }
  case Activation::relu:
    return arith::MaximumFOp::create(builder, loc, z, e.constant(0.0));
  }
  llvm_unreachable("every activation is listed");
}
