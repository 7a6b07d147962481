//===- SliceCotangents.cpp - Cotangents of the parts of a tensor ------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "SliceCotangents.h"

#include "ExprBuilder.h"

#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace costate;

/// At a constant place, without gaps.
static bool isBlock(tensor::ExtractSliceOp slice) {
  return slice.getSourceType().hasStaticShape() && slice.hasUnitStride() &&
         llvm::none_of(slice.getStaticOffsets(), ShapedType::isDynamic) &&
         llvm::none_of(slice.getStaticSizes(), ShapedType::isDynamic);
}

/// Unless some dimension keeps them apart for certain.
static bool mayMeet(OffsetSizeAndStrideOpInterface a, OffsetSizeAndStrideOpInterface b) {
  FailureOr<bool> meet = ValueBoundsConstraintSet::areOverlappingSlices(
      a->getContext(), HyperrectangularSlice(a), HyperrectangularSlice(b));
  return failed(meet) || *meet;
}

/// What `whole` holds where `slice` reads; null for zeros.
static Value readPart(OpBuilder &builder, Location loc, Value whole, tensor::ExtractSliceOp slice) {
  Value value = whole;
  while (auto insert = value.getDefiningOp<tensor::InsertSliceOp>()) {
    if (mayMeet(insert, slice))
      break;
    value = insert.getDest();
  }
  if (isZeroValue(value))
    return Value();
  return tensor::ExtractSliceOp::create(builder, loc, slice.getType(), value, slice.getMixedOffsets(),
                                        slice.getMixedSizes(), slice.getMixedStrides());
}

bool SliceCotangents::add(Operation *op, Value cotangent) {
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    if (isBlock(slice)) {
      waiting[slice.getSource()].push_back({slice, cotangent});
      return true;
    }
    if (!cotangents.lookup(slice.getSource()))
      return false;
    addInPlace({slice, cotangent});
    return true;
  }
  auto element = dyn_cast<tensor::ExtractOp>(op);
  if (!element || !cotangents.lookup(element.getTensor()))
    return false;
  Location loc = op->getLoc();
  Value &whole = cotangents[element.getTensor()];
  Value part = tensor::ExtractOp::create(builder, loc, whole, element.getIndices());
  Value sum = ExprBuilder(builder, loc, part.getType()).accumulate(part, cotangent);
  whole = tensor::InsertOp::create(builder, loc, sum, whole, element.getIndices());
  return true;
}

void SliceCotangents::addInPlace(const Part &part) {
  tensor::ExtractSliceOp slice = part.slice;
  Location loc = slice.getLoc();
  Value &whole = cotangents[slice.getSource()];
  Value old = readPart(builder, loc, whole, slice);
  Value sum = ExprBuilder(builder, loc, slice.getType()).accumulate(old, part.cotangent);
  whole = tensor::InsertSliceOp::create(builder, loc, sum, whole, slice.getMixedOffsets(),
                                        slice.getMixedSizes(), slice.getMixedStrides());
}

/// Adds slices that do not meet, all at once. Where they cover the whole, nothing shows through of the zeros.
void SliceCotangents::addTogether(Value whole, ArrayRef<Part> layer) {
  Location loc = whole.getLoc();
  Value sum = zeroLike(builder, loc, whole);
  for (Part part : layer)
    sum = tensor::InsertSliceOp::create(builder, loc, part.cotangent, sum, part.slice.getMixedOffsets(),
                                        part.slice.getMixedSizes(), part.slice.getMixedStrides());
  addCotangent(builder, loc, whole, sum, cotangents);
}

void SliceCotangents::settle(Value whole) {
  auto found = waiting.find(whole);
  if (found == waiting.end())
    return;
  SmallVector<Part> parts = std::move(found->second);
  waiting.erase(found);
  int64_t size = cast<RankedTensorType>(whole.getType()).getNumElements();
  while (!parts.empty()) {
    SmallVector<Part> layer, rest;
    int64_t covered = 0;
    for (Part &part : parts) {
      if (llvm::any_of(layer, [&](Part &other) { return mayMeet(part.slice, other.slice); })) {
        rest.push_back(part);
        continue;
      }
      layer.push_back(part);
      covered += part.slice.getType().getNumElements();
    }
    if (covered == size || !cotangents.lookup(whole))
      addTogether(whole, layer);
    else
      for (Part &part : layer)
        addInPlace(part);
    parts = std::move(rest);
  }
}

void SliceCotangents::settleAll() {
  while (!waiting.empty())
    settle(waiting.back().first);
}
