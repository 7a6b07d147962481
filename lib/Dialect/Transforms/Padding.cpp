//===- Padding.cpp - Elements beyond the border of a tensor -----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Padding.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

Value costate::zeroFilled(OpBuilder &builder, Location loc, RankedTensorType type) {
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
  Value zero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type.getElementType()));
  return linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
}

Value costate::padAlong(OpBuilder &builder, Location loc, Value value, int64_t dimension, int64_t low,
                        int64_t high, Padding padding) {
  if (low == 0 && high == 0)
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  int64_t extent = type.getDimSize(dimension);
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)),
      sizes = getAsIndexOpFoldResult(builder.getContext(), type.getShape()),
      strides(type.getRank(), builder.getIndexAttr(1));
  if (padding == Padding::zero) {
    SmallVector<int64_t> shape(type.getShape());
    shape[dimension] += low + high;
    offsets[dimension] = builder.getIndexAttr(low);
    Value zeros = zeroFilled(builder, loc, RankedTensorType::get(shape, type.getElementType()));
    return tensor::InsertSliceOp::create(builder, loc, value, zeros, offsets, sizes, strides);
  }
  auto slice = [&](int64_t from, int64_t size) -> Value {
    offsets[dimension] = builder.getIndexAttr(from);
    sizes[dimension] = builder.getIndexAttr(size);
    return tensor::ExtractSliceOp::create(builder, loc, value, offsets, sizes, strides);
  };
  SmallVector<Value> parts;
  if (padding == Padding::periodic) {
    if (low)
      parts.push_back(slice(extent - low, low));
    parts.push_back(value);
    if (high)
      parts.push_back(slice(0, high));
  } else {
    if (low)
      parts.append(low, slice(0, 1));
    parts.push_back(value);
    if (high)
      parts.append(high, slice(extent - 1, 1));
  }
  return tensor::ConcatOp::create(builder, loc, dimension, parts);
}
