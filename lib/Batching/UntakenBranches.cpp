//===- UntakenBranches.cpp - What lanes compute that do not take a branch ---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "UntakenBranches.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

Value costate::maskOf(OpBuilder &builder, Location loc, Value condition) {
  auto type = cast<RankedTensorType>(condition.getType()).clone(builder.getI32Type());
  return arith::ExtUIOp::create(builder, loc, type, condition);
}

Value costate::conditionOf(OpBuilder &builder, Location loc, Value mask) {
  Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(mask.getType()));
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, mask, zero);
}

Value costate::anyLane(OpBuilder &builder, Location loc, Value mask) {
  Value zero = arith::ConstantIntOp::create(builder, loc, 0, 32);
  Value empty = tensor::EmptyOp::create(builder, loc, ArrayRef<int64_t>{}, builder.getI32Type());
  Value none = linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
  auto any = linalg::ReduceOp::create(builder, loc, mask, none, ArrayRef<int64_t>{0},
                                      [](OpBuilder &b, Location loc, ValueRange args) {
                                        Value both = arith::OrIOp::create(b, loc, args[0], args[1]);
                                        linalg::YieldOp::create(b, loc, both);
                                      });
  Value extracted = tensor::ExtractOp::create(builder, loc, any.getResult(0), ValueRange());
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, extracted, zero);
}

SmallVector<std::optional<int64_t>> costate::lastPlaces(ArrayRef<int64_t> shape, ArrayRef<OpFoldResult> sizes,
                                                        ArrayRef<OpFoldResult> strides) {
  SmallVector<std::optional<int64_t>> last;
  for (auto [dim, extent] : llvm::enumerate(shape)) {
    auto size = sizes.empty() ? 1 : getConstantIntValue(sizes[dim]);
    auto stride = strides.empty() ? 1 : getConstantIntValue(strides[dim]);
    bool known = size && stride && !ShapedType::isDynamic(extent);
    last.push_back(known ? std::optional(extent - 1 - (*size - 1) * *stride) : std::nullopt);
  }
  return last;
}

Value costate::moveInside(OpBuilder &builder, Location loc, Value place, std::optional<int64_t> last) {
  std::optional<int64_t> known = getConstantIntValue(place);
  if (!last || (known && *known >= 0 && *known <= *last))
    return place;
  auto bound = [&](int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); };
  place = arith::MaxSIOp::create(builder, loc, place, bound(0));
  return arith::MinSIOp::create(builder, loc, place, bound(*last));
}

bool costate::containsWhile(Operation *op) {
  return op
      ->walk([](Operation *inner) {
        return isa<scf::WhileOp>(inner) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

bool costate::dividesIntegers(Operation *op) {
  return isa<arith::DivSIOp, arith::DivUIOp, arith::RemSIOp, arith::RemUIOp, arith::CeilDivSIOp,
             arith::CeilDivUIOp, arith::FloorDivSIOp>(op);
}

Value costate::avoidZero(OpBuilder &builder, Location loc, Value divisor) {
  Type type = divisor.getType();
  Attribute one = builder.getIntegerAttr(getElementTypeOrSelf(type), 1);
  if (auto shaped = dyn_cast<RankedTensorType>(type))
    one = DenseElementsAttr::get(shaped, one);
  Value ones = arith::ConstantOp::create(builder, loc, cast<TypedAttr>(one)),
        zeros = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type));
  Value isZero = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, divisor, zeros);
  return arith::SelectOp::create(builder, loc, isZero, ones, divisor);
}

void costate::runAnyway(Operation *op) {
  op->walk([](Operation *inner) {
    OpBuilder builder(inner);
    Location loc = inner->getLoc();
    auto shapeOf = [](Value tensor) { return cast<RankedTensorType>(tensor.getType()).getShape(); };
    auto moveIndices = [&](Value tensor, MutableOperandRange indices) {
      for (auto [index, last] : llvm::zip_equal(indices, lastPlaces(shapeOf(tensor))))
        index.set(moveInside(builder, loc, index.get(), last));
    };
    auto moveOffsets = [&](OffsetSizeAndStrideOpInterface slice, Value tensor, MutableOperandRange offsets) {
      auto last = lastPlaces(shapeOf(tensor), slice.getMixedSizes(), slice.getMixedStrides());
      unsigned next = 0;
      for (auto [offset, limit] : llvm::zip_equal(slice.getMixedOffsets(), last))
        if (isa<Value>(offset)) {
          OpOperand &operand = offsets[next++];
          operand.set(moveInside(builder, loc, operand.get(), limit));
        }
    };
    if (dividesIntegers(inner))
      inner->setOperand(1, avoidZero(builder, loc, inner->getOperand(1)));
    else if (auto extract = dyn_cast<tensor::ExtractOp>(inner))
      moveIndices(extract.getTensor(), extract.getIndicesMutable());
    else if (auto insert = dyn_cast<tensor::InsertOp>(inner))
      moveIndices(insert.getDest(), insert.getIndicesMutable());
    else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(inner))
      moveOffsets(slice, slice.getSource(), slice.getOffsetsMutable());
    else if (auto slice = dyn_cast<tensor::InsertSliceOp>(inner))
      moveOffsets(slice, slice.getDest(), slice.getOffsetsMutable());
  });
}
