//===- LoopCounter.cpp - Iterations of a loop by number ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "LoopCounter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace costate;

Value costate::constantIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

/// An index as the type of the induction variable, or back.
static Value castTo(OpBuilder &builder, scf::ForOp loop, Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (loop.getUnsignedCmp())
    return builder.createOrFold<arith::IndexCastUIOp>(loop.getLoc(), type, value);
  return builder.createOrFold<arith::IndexCastOp>(loop.getLoc(), type, value);
}

int64_t costate::tripCount(int64_t lower, int64_t upper, int64_t step) {
  if (lower >= upper)
    return 0;
  // The distance may be larger than any signed number.
  uint64_t distance = static_cast<uint64_t>(upper) - static_cast<uint64_t>(lower);
  uint64_t count = (distance - 1) / static_cast<uint64_t>(step) + 1;
  return std::min<uint64_t>(count, std::numeric_limits<int64_t>::max());
}

OpFoldResult costate::tripCount(OpBuilder &builder, scf::ForOp loop) {
  Value lower = loop.getLowerBound(), upper = loop.getUpperBound(), step = loop.getStep();
  std::optional<int64_t> l = getConstantIntValue(lower), u = getConstantIntValue(upper),
                         s = getConstantIntValue(step);
  if (l && u && s && *s > 0 && (!loop.getUnsignedCmp() || (*l >= 0 && *u >= 0)))
    return builder.getIndexAttr(tripCount(*l, *u, *s));
  Location loc = loop.getLoc();
  Type index = builder.getIndexType();
  if (l == 0 && s == 1 && !loop.getUnsignedCmp())
    return builder.createOrFold<arith::MaxSIOp>(loc, castTo(builder, loop, upper, index),
                                                constantIndex(builder, loc, 0));
  TypedAttr unit = builder.getIntegerAttr(lower.getType(), 1);
  Value one = arith::ConstantOp::create(builder, loc, unit);
  Value last = arith::SubIOp::create(builder, loc, arith::SubIOp::create(builder, loc, upper, lower), one);
  // The distance is positive where it counts, and fits as an unsigned number.
  Value count = arith::AddIOp::create(builder, loc, arith::DivUIOp::create(builder, loc, last, step), one);
  Value any = arith::CmpIOp::create(
      builder, loc, loop.getUnsignedCmp() ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt, lower,
      upper);
  return arith::SelectOp::create(builder, loc, any, castTo(builder, loop, count, index),
                                 constantIndex(builder, loc, 0))
      .getResult();
}

Value costate::inductionAt(OpBuilder &builder, scf::ForOp loop, Value k) {
  Location loc = loop.getLoc();
  Value offset = castTo(builder, loop, k, loop.getStep().getType());
  if (getConstantIntValue(loop.getStep()) != 1)
    offset = builder.createOrFold<arith::MulIOp>(loc, offset, loop.getStep());
  if (getConstantIntValue(loop.getLowerBound()) != 0)
    offset = builder.createOrFold<arith::AddIOp>(loc, offset, loop.getLowerBound());
  return offset;
}

Value costate::iterationAt(OpBuilder &builder, scf::ForOp loop, Value induction) {
  Location loc = loop.getLoc();
  Value offset = induction;
  if (getConstantIntValue(loop.getLowerBound()) != 0)
    offset = builder.createOrFold<arith::SubIOp>(loc, offset, loop.getLowerBound());
  if (getConstantIntValue(loop.getStep()) != 1)
    offset = builder.createOrFold<arith::DivUIOp>(loc, offset, loop.getStep());
  return castTo(builder, loop, offset, builder.getIndexType());
}

std::optional<int64_t> costate::constantBound(OpFoldResult count) {
  if (std::optional<int64_t> value = getConstantIntValue(count))
    return value;
  auto value = cast<Value>(count);
  if (auto least = value.getDefiningOp<arith::MinSIOp>()) {
    std::optional<int64_t> a = constantBound(least.getLhs()), b = constantBound(least.getRhs());
    return a && b ? std::min(*a, *b) : a ? a : b;
  }
  if (auto greatest = value.getDefiningOp<arith::MaxSIOp>()) {
    std::optional<int64_t> a = constantBound(greatest.getLhs()), b = constantBound(greatest.getRhs());
    if (a && b)
      return std::max(*a, *b);
  }
  return std::nullopt;
}
