//===- ExprBuilder.cpp - Builds elementwise expressions of one type ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ExprBuilder.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate;

bool costate::hasTangent(Type type) {
  if (isa<FloatType>(type))
    return true;
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped && isa<RankedTensorType, VectorType>(type) && isa<FloatType>(shaped.getElementType());
}

std::optional<double> costate::constantValue(Value value) {
  Attribute attribute;
  if (!matchPattern(value, m_Constant(&attribute)))
    return std::nullopt;
  if (auto elements = dyn_cast<SplatElementsAttr>(attribute)) {
    if (!isa<FloatType>(elements.getElementType()))
      return std::nullopt;
    return elements.getSplatValue<APFloat>().convertToDouble();
  }
  if (auto scalar = dyn_cast<FloatAttr>(attribute))
    return scalar.getValueAsDouble();
  return std::nullopt;
}

bool costate::isZeroValue(Value value) {
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    return isZeroValue(fill.getInputs()[0]);
  if (auto splat = value.getDefiningOp<tensor::SplatOp>())
    return isZeroValue(splat.getInput());
  std::optional<double> constant = constantValue(value);
  return constant && *constant == 0.0;
}

/// The size of a dimension, from what does not go away with the tangents where possible.
static Value sizeOf(OpBuilder &builder, Location loc, Value tensor, int64_t dimension) {
  for (Value value = tensor;;) {
    auto type = cast<RankedTensorType>(value.getType());
    if (!type.isDynamicDim(dimension))
      return arith::ConstantIndexOp::create(builder, loc, type.getDimSize(dimension));
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      // A loop does not change the shapes of what it carries; see Tape.h.
      auto loop = dyn_cast<scf::ForOp>(argument.getOwner()->getParentOp());
      if (!loop || argument.getArgNumber() == 0)
        return tensor::DimOp::create(builder, loc, value, dimension);
      value = loop.getTiedLoopInit(argument)->get();
      continue;
    }
    Operation *op = value.getDefiningOp();
    unsigned index = cast<OpResult>(value).getResultNumber();
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      value = loop.getInitArgs()[index];
    } else if (auto loop = dyn_cast<scf::WhileOp>(op)) {
      value = loop.getConditionOp().getArgs()[index];
      auto argument = dyn_cast<BlockArgument>(value);
      if (!argument || argument.getOwner() != loop.getBeforeBody())
        return tensor::DimOp::create(builder, loc, op->getResult(index), dimension);
      value = loop.getInits()[argument.getArgNumber()];
    } else if (auto cast = dyn_cast<tensor::CastOp>(op);
               cast && isa<RankedTensorType>(cast.getSource().getType())) {
      value = cast.getSource();
    } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
      llvm::SmallBitVector dropped = slice.getDroppedDims();
      unsigned position = 0;
      for (int64_t kept = -1; position < dropped.size(); ++position)
        if (!dropped.test(position) && ++kept == dimension)
          break;
      return getValueOrCreateConstantIndexOp(builder, loc, slice.getMixedSizes()[position]);
    } else if (auto insert = dyn_cast<tensor::InsertSliceOp>(op)) {
      value = insert.getDest();
    } else if (auto insert = dyn_cast<tensor::InsertOp>(op)) {
      value = insert.getDest();
    } else if (isa<tensor::EmptyOp, tensor::SplatOp>(op)) {
      unsigned position =
          llvm::count_if(llvm::seq<int64_t>(0, dimension), [&](int64_t i) { return type.isDynamicDim(i); });
      return op->getOperand(isa<tensor::SplatOp>(op) ? position + 1 : position);
    } else if (OpTrait::hasElementwiseMappableTraits(op)) {
      value = op->getOperand(op->getNumOperands() - 1); // the first of a selection is its condition
    } else {
      return tensor::DimOp::create(builder, loc, value, dimension);
    }
  }
}

Value costate::zeroLike(OpBuilder &builder, Location loc, Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.hasStaticShape())
    return ExprBuilder(builder, loc, value.getType()).zero();
  SmallVector<Value> sizes;
  for (int64_t i = 0; i < type.getRank(); ++i)
    if (type.isDynamicDim(i))
      sizes.push_back(sizeOf(builder, loc, value, i));
  Value zero = ExprBuilder(builder, loc, type.getElementType()).zero();
  return tensor::SplatOp::create(builder, loc, type, zero, sizes);
}

Value costate::zeroTensor(OpBuilder &builder, Location loc, Type type) {
  auto tensorType = cast<RankedTensorType>(type);
  Value zero = arith::ConstantOp::create(builder, loc,
                                         cast<TypedAttr>(builder.getZeroAttr(tensorType.getElementType())));
  Value empty = tensor::EmptyOp::create(builder, loc, tensorType.getShape(), tensorType.getElementType());
  return linalg::FillOp::create(builder, loc, ValueRange{zero}, ValueRange{empty}).getResult(0);
}

Value ExprBuilder::constant(double value) {
  auto element = cast<FloatType>(getElementTypeOrSelf(type));
  TypedAttr attribute = builder.getFloatAttr(element, value);
  if (auto shaped = dyn_cast<ShapedType>(type))
    attribute = DenseElementsAttr::get(shaped, cast<Attribute>(attribute));
  return arith::ConstantOp::create(builder, loc, attribute);
}

Value ExprBuilder::neg(Value a) {
  if (auto negated = a.getDefiningOp<arith::NegFOp>())
    return negated.getOperand();
  if (std::optional<double> value = constantValue(a))
    return constant(-*value);
  if (auto product = a.getDefiningOp<arith::MulFOp>())
    if (std::optional<double> factor = constantValue(product.getRhs()))
      return scale(product.getLhs(), -*factor);
  return arith::NegFOp::create(builder, loc, a);
}

Value ExprBuilder::add(Value a, Value b) {
  std::optional<double> va = constantValue(a), vb = constantValue(b);
  if (va && vb)
    return constant(*va + *vb);
  if (va && *va == 0.0)
    return b;
  if (vb && *vb == 0.0)
    return a;
  return arith::AddFOp::create(builder, loc, a, b);
}

Value ExprBuilder::sub(Value a, Value b) {
  std::optional<double> va = constantValue(a), vb = constantValue(b);
  if (va && vb)
    return constant(*va - *vb);
  if (va && *va == 0.0)
    return neg(b);
  if (vb && *vb == 0.0)
    return a;
  return arith::SubFOp::create(builder, loc, a, b);
}

Value ExprBuilder::mul(Value a, Value b) {
  std::optional<double> va = constantValue(a), vb = constantValue(b);
  if (va && vb)
    return constant(*va * *vb);
  if (va)
    return scale(b, *va);
  if (vb)
    return scale(a, *vb);
  return arith::MulFOp::create(builder, loc, a, b);
}

Value ExprBuilder::scale(Value a, double factor) {
  if (factor == 0.0)
    return zero();
  if (factor == 1.0)
    return a;
  if (factor == -1.0)
    return neg(a);
  if (std::optional<double> value = constantValue(a))
    return constant(*value * factor);
  if (auto product = a.getDefiningOp<arith::MulFOp>())
    if (std::optional<double> inner = constantValue(product.getRhs()))
      return scale(product.getLhs(), *inner * factor);
  return arith::MulFOp::create(builder, loc, a, constant(factor));
}

Value ExprBuilder::div(Value a, Value b) {
  std::optional<double> va = constantValue(a), vb = constantValue(b);
  if (va && vb)
    return constant(*va / *vb);
  if (vb && *vb == 1.0)
    return a;
  return arith::DivFOp::create(builder, loc, a, b);
}

Value ExprBuilder::accumulate(Value a, Value b) {
  if (!a || !b)
    return a ? a : b;
  if (auto negated = b.getDefiningOp<arith::NegFOp>())
    return sub(a, negated.getOperand());
  if (auto negated = a.getDefiningOp<arith::NegFOp>())
    return sub(b, negated.getOperand());
  return add(a, b);
}

Value ExprBuilder::sqrt(Value a) { return math::SqrtOp::create(builder, loc, a); }
Value ExprBuilder::rsqrt(Value a) { return math::RsqrtOp::create(builder, loc, a); }
Value ExprBuilder::exp(Value a) { return math::ExpOp::create(builder, loc, a); }
Value ExprBuilder::log(Value a) { return math::LogOp::create(builder, loc, a); }
Value ExprBuilder::sin(Value a) { return math::SinOp::create(builder, loc, a); }
Value ExprBuilder::cos(Value a) { return math::CosOp::create(builder, loc, a); }
Value ExprBuilder::sinh(Value a) { return math::SinhOp::create(builder, loc, a); }
Value ExprBuilder::cosh(Value a) { return math::CoshOp::create(builder, loc, a); }
Value ExprBuilder::trunc(Value a) { return math::TruncOp::create(builder, loc, a); }
Value ExprBuilder::copysign(Value magnitude, Value sign) {
  return math::CopySignOp::create(builder, loc, magnitude, sign);
}

Value ExprBuilder::powDerivative(Value base, Value exponent) {
  if (std::optional<double> c = constantValue(exponent)) {
    if (*c == 0.0)
      return zero();
    if (*c == 1.0)
      return one();
    if (*c == 2.0)
      return scale(base, 2.0);
    return scale(math::PowFOp::create(builder, loc, base, constant(*c - 1.0)), *c);
  }
  // At base zero and exponent zero the product would be 0·∞.
  Value power = math::PowFOp::create(builder, loc, base, sub(exponent, one()));
  return select(isZero(exponent), zero(), mul(exponent, power));
}

Value ExprBuilder::powiDerivative(Value base, Value exponent) {
  Type integers = exponent.getType();
  auto integer = [&](int64_t value) -> Value {
    TypedAttr attribute = builder.getIntegerAttr(getElementTypeOrSelf(integers), value);
    if (auto shaped = dyn_cast<ShapedType>(integers))
      attribute = DenseElementsAttr::get(shaped, cast<Attribute>(attribute));
    return arith::ConstantOp::create(builder, loc, attribute);
  };
  Value less = arith::SubIOp::create(builder, loc, exponent, integer(1));
  Value power = math::FPowIOp::create(builder, loc, base, less);
  Value factor = exponent;
  if (isa<IndexType>(getElementTypeOrSelf(integers))) {
    Type i64 = builder.getI64Type();
    if (auto shaped = dyn_cast<ShapedType>(integers))
      i64 = shaped.clone(i64);
    factor = arith::IndexCastOp::create(builder, loc, i64, exponent);
  }
  factor = arith::SIToFPOp::create(builder, loc, type, factor);
  Value isConstant = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, exponent, integer(0));
  return select(isConstant, zero(), mul(factor, power));
}

Value ExprBuilder::overSquares(Value a, Value b) {
  Value isFirst = greater(math::AbsFOp::create(builder, loc, a), math::AbsFOp::create(builder, loc, b));
  Value larger = select(isFirst, a, b), ratio = div(select(isFirst, b, a), larger);
  return div(div(select(isFirst, one(), ratio), larger), add(one(), mul(ratio, ratio)));
}

Value ExprBuilder::convert(Value a) {
  if (a.getType() == type)
    return a;
  if (getElementTypeOrSelf(a.getType()).getIntOrFloatBitWidth() <
      getElementTypeOrSelf(type).getIntOrFloatBitWidth())
    return arith::ExtFOp::create(builder, loc, type, a);
  return arith::TruncFOp::create(builder, loc, type, a);
}

Value ExprBuilder::select(Value condition, Value a, Value b) {
  return arith::SelectOp::create(builder, loc, condition, a, b);
}
Value ExprBuilder::compare(arith::CmpFPredicate predicate, Value a, Value b) {
  return arith::CmpFOp::create(builder, loc, predicate, a, b);
}
Value ExprBuilder::greater(Value a, Value b) { return compare(arith::CmpFPredicate::OGT, a, b); }
Value ExprBuilder::less(Value a, Value b) { return compare(arith::CmpFPredicate::OLT, a, b); }
Value ExprBuilder::isZero(Value a) { return compare(arith::CmpFPredicate::OEQ, a, zero()); }
Value ExprBuilder::isNaN(Value a) { return compare(arith::CmpFPredicate::UNO, a, a); }
