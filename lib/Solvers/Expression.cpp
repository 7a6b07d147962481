//===- Expression.cpp - Formulas that read as mathematics and build IR ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Solvers/Expression.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace costate;

Expression Expression::number(double number) const {
  return wrap(arith::ConstantOp::create(*builder, loc, builder->getFloatAttr(getElementType(), number)));
}

std::pair<Value, Value> Expression::meet(const Expression &other) const {
  auto mine = dyn_cast<RankedTensorType>(value.getType());
  auto theirs = dyn_cast<RankedTensorType>(other.value.getType());
  if (mine && !theirs)
    return {value, tensor::SplatOp::create(*builder, loc, other.value, mine)};
  if (!mine && theirs)
    return {tensor::SplatOp::create(*builder, loc, value, theirs), other.value};
  assert(value.getType() == other.value.getType() && "operands of one formula have one shape");
  return {value, other.value};
}

Expression Expression::operator+(const Expression &other) const {
  auto [a, b] = meet(other);
  return wrap(arith::AddFOp::create(*builder, loc, a, b));
}
Expression Expression::operator-(const Expression &other) const {
  auto [a, b] = meet(other);
  return wrap(arith::SubFOp::create(*builder, loc, a, b));
}
Expression Expression::operator*(const Expression &other) const {
  auto [a, b] = meet(other);
  return wrap(arith::MulFOp::create(*builder, loc, a, b));
}
Expression Expression::operator/(const Expression &other) const {
  auto [a, b] = meet(other);
  return wrap(arith::DivFOp::create(*builder, loc, a, b));
}
Expression Expression::operator-() const { return wrap(arith::NegFOp::create(*builder, loc, value)); }
Expression Expression::squareRoot() const { return wrap(math::SqrtOp::create(*builder, loc, value)); }
Expression Expression::absolute() const { return wrap(math::AbsFOp::create(*builder, loc, value)); }
Expression Expression::exponential() const { return wrap(math::ExpOp::create(*builder, loc, value)); }
Expression Expression::logarithm() const { return wrap(math::LogOp::create(*builder, loc, value)); }
Expression Expression::power(const Expression &exponent) const {
  auto [a, b] = meet(exponent);
  return wrap(math::PowFOp::create(*builder, loc, a, b));
}
Expression Expression::maximum(const Expression &other) const {
  auto [a, b] = meet(other);
  return wrap(arith::MaximumFOp::create(*builder, loc, a, b));
}
Expression Expression::minimum(const Expression &other) const {
  auto [a, b] = meet(other);
  return wrap(arith::MinimumFOp::create(*builder, loc, a, b));
}

Expression Expression::selectLessEqual(const Expression &other, const Expression &yes,
                                       const Expression &no) const {
  auto [a, b] = meet(other);
  Value condition = arith::CmpFOp::create(*builder, loc, arith::CmpFPredicate::OLE, a, b);
  auto [t, f] = yes.meet(no);
  return wrap(arith::SelectOp::create(*builder, loc, condition, t, f));
}

/// All elements of a tensor in one, from `start` on.
template <typename Op> static Value reduced(OpBuilder &builder, Location loc, Value value, double start) {
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getNumElements() == 1) {
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    return tensor::ExtractOp::create(builder, loc, value, SmallVector<Value>(type.getRank(), zero));
  }
  Value empty = tensor::EmptyOp::create(builder, loc, ArrayRef<int64_t>{}, type.getElementType());
  Value number = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(type.getElementType(), start));
  Value init = linalg::FillOp::create(builder, loc, number, empty).getResult(0);
  auto dims = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
  Value total = linalg::ReduceOp::create(builder, loc, value, init, dims,
                                         [](OpBuilder &b, Location loc, ValueRange args) {
                                           Value next = Op::create(b, loc, args[0], args[1]);
                                           linalg::YieldOp::create(b, loc, next);
                                         })
                    .getResult(0);
  return tensor::ExtractOp::create(builder, loc, total, ValueRange{});
}

Expression Expression::sum() const {
  if (!isa<RankedTensorType>(value.getType()))
    return *this;
  return wrap(reduced<arith::AddFOp>(*builder, loc, value, 0.0));
}

Expression Expression::largest() const {
  if (!isa<RankedTensorType>(value.getType()))
    return *this;
  return wrap(reduced<arith::MaximumFOp>(*builder, loc, value, -std::numeric_limits<double>::infinity()));
}

Expression Expression::dot(const Expression &other) const {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || type.getRank() == 0)
    return (*this * other).sum();
  Value empty = tensor::EmptyOp::create(*builder, loc, ArrayRef<int64_t>{}, type.getElementType());
  Value zero = linalg::FillOp::create(*builder, loc, number(0.0).get(), empty).getResult(0);
  AffineMap all = builder->getMultiDimIdentityMap(type.getRank());
  AffineMap none = AffineMap::get(type.getRank(), 0, builder->getContext());
  Value total =
      linalg::ContractOp::create(*builder, loc, TypeRange(zero.getType()), ValueRange{value, other.value},
                                 zero, builder->getAffineMapArrayAttr({all, all, none}))
          .getResult(0);
  return wrap(tensor::ExtractOp::create(*builder, loc, total, ValueRange{}));
}

Expression Expression::element(int64_t index) const {
  Value position = arith::ConstantIndexOp::create(*builder, loc, index);
  return wrap(tensor::ExtractOp::create(*builder, loc, value, position));
}
