//===- NormalizeReductions.cpp - Reductions of tensors to the ops that have rules -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "NormalizeReductions.h"

#include "Rules/Structural.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace costate;

/// The slice from `start` on along one dimension.
static Value sliceAlong(OpBuilder &builder, Location loc, Value tensor, int64_t dimension, int64_t start,
                        int64_t size) {
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)),
      sizes = getAsIndexOpFoldResult(builder.getContext(), type.getShape()),
      strides(type.getRank(), builder.getIndexAttr(1));
  offsets[dimension] = builder.getIndexAttr(start);
  sizes[dimension] = builder.getIndexAttr(size);
  return tensor::ExtractSliceOp::create(builder, loc, tensor, offsets, sizes, strides);
}

/// Halves are multiplied until one element is left: the derivative of a product needs no division, so zeros
/// among the factors are factors like any other.
static Value productAlong(OpBuilder &builder, Location loc, Value tensor, int64_t dimension) {
  for (int64_t size = cast<RankedTensorType>(tensor.getType()).getDimSize(dimension); size > 1;
       size = (size + 1) / 2) {
    int64_t half = size / 2;
    Value product = arith::MulFOp::create(builder, loc, sliceAlong(builder, loc, tensor, dimension, 0, half),
                                          sliceAlong(builder, loc, tensor, dimension, half, half));
    if (size % 2)
      product = tensor::ConcatOp::create(
          builder, loc, dimension,
          ValueRange{product, sliceAlong(builder, loc, tensor, dimension, size - 1, 1)});
    tensor = product;
  }
  return tensor;
}

Value costate::reduceBy(OpBuilder &builder, Location loc, const Fold &fold, Value tensor, Value init,
                        ArrayRef<int64_t> dimensions) {
  if (fold.kind == Fold::Kind::Sum)
    return arith::AddFOp::create(builder, loc, init, sumOver(builder, loc, tensor, dimensions));
  if (fold.kind == Fold::Kind::Product) {
    for (int64_t dimension : dimensions)
      tensor = productAlong(builder, loc, tensor, dimension);
    // One element along each dimension: the sum is that element.
    return arith::MulFOp::create(builder, loc, init, sumOver(builder, loc, tensor, dimensions));
  }
  auto body = [&](OpBuilder &b, Location loc, ValueRange values) {
    IRMapping mapping;
    mapping.map(fold.value, values[0]);
    mapping.map(fold.ops.front()->getBlock()->getArguments().back(), values[1]);
    for (Operation *op : fold.ops) {
      Operation *clone = b.clone(*op, mapping);
      if (op->hasTrait<OpTrait::IsCommutative>()) // the order of the short form
        clone->setOperands({values[1], values[0]});
    }
    linalg::YieldOp::create(b, loc, mapping.lookup(fold.ops.back()->getResult(0)));
  };
  return linalg::ReduceOp::create(builder, loc, ValueRange{tensor}, ValueRange{init}, dimensions, body)
      ->getResult(0);
}
