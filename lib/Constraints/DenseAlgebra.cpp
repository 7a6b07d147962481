//===- DenseAlgebra.cpp - Algebra on vectors and matrices -------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "DenseAlgebra.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

static int64_t elementCount(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? type.getNumElements() : 1;
}

static int64_t rowCount(Value block) {
  auto type = dyn_cast<RankedTensorType>(block.getType());
  return type ? type.getDimSize(0) : 1;
}

static ReassociationIndices allOf(RankedTensorType type) {
  return llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank()));
}

Value DenseAlgebra::contract(Value a, ArrayRef<int> aDims, Value b, ArrayRef<int> bDims,
                             ArrayRef<int> resultDims, int loops) {
  MLIRContext *context = builder.getContext();
  auto map = [&](ArrayRef<int> dims) {
    SmallVector<AffineExpr> expressions;
    for (int d : dims)
      expressions.push_back(getAffineDimExpr(d, context));
    return AffineMap::get(loops, 0, expressions, context);
  };
  SmallVector<int64_t> extents(loops, 0), shape;
  for (auto [value, dims] : {std::pair(a, aDims), std::pair(b, bDims)})
    for (auto [i, d] : llvm::enumerate(dims))
      extents[d] = cast<RankedTensorType>(value.getType()).getDimSize(i);
  for (int d : resultDims)
    shape.push_back(extents[d]);
  Value empty = tensor::EmptyOp::create(builder, loc, shape, element);
  Value number = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(element, 0.0));
  Value zero = linalg::FillOp::create(builder, loc, number, empty).getResult(0);
  return linalg::ContractOp::create(builder, loc, TypeRange(zero.getType()), ValueRange{a, b}, zero,
                                    builder.getAffineMapArrayAttr({map(aDims), map(bDims), map(resultDims)}))
      .getResult(0);
}

Value DenseAlgebra::transpose(Value block) {
  auto type = dyn_cast<RankedTensorType>(block.getType());
  if (!type)
    return block;
  Value empty = tensor::EmptyOp::create(builder, loc,
                                        ArrayRef<int64_t>{type.getDimSize(1), type.getDimSize(0)}, element);
  return linalg::TransposeOp::create(builder, loc, block, empty, ArrayRef<int64_t>{1, 0})->getResult(0);
}

Value DenseAlgebra::matrix(ArrayRef<Value> blocks, int64_t n) {
  if (llvm::all_of(blocks, [](Value block) { return isa<FloatType>(block.getType()); }))
    return tensor::FromElementsOp::create(builder, loc, RankedTensorType::get({n, n}, element), blocks);
  if (n == 1)
    return blocks.front();
  SmallVector<Value> rows;
  for (int64_t i = 0; i != n; ++i)
    rows.push_back(sideBySide(blocks.slice(i * n, n), rowCount(blocks[i * n + i])));
  return tensor::ConcatOp::create(builder, loc, /*dim=*/0, rows);
}

Value DenseAlgebra::rows(ArrayRef<Value> vectors) {
  SmallVector<Value> rows;
  for (Value vector : vectors)
    rows.push_back(reshape(vector, {1, elementCount(vector)}));
  return rows.size() == 1 ? rows.front() : Value(tensor::ConcatOp::create(builder, loc, /*dim=*/0, rows));
}

Value DenseAlgebra::sideBySide(ArrayRef<Value> blocks, int64_t rows) {
  SmallVector<Value> flat;
  for (Value block : blocks)
    flat.push_back(reshape(block, {rows, elementCount(block) / rows}));
  return flat.size() == 1 ? flat.front() : Value(tensor::ConcatOp::create(builder, loc, /*dim=*/1, flat));
}

Value DenseAlgebra::elements(Value vector, int64_t first, int64_t count) {
  auto type = cast<RankedTensorType>(vector.getType());
  if (count == type.getDimSize(0))
    return vector;
  OpFoldResult offset = builder.getIndexAttr(first), size = builder.getIndexAttr(count),
               one = builder.getIndexAttr(1);
  return tensor::ExtractSliceOp::create(builder, loc, RankedTensorType::get({count}, element), vector, offset,
                                        size, one);
}

Value DenseAlgebra::reshape(Value value, ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, element), flat = RankedTensorType::get({1}, element);
  if (!isa<RankedTensorType>(value.getType()))
    value = tensor::FromElementsOp::create(builder, loc, flat, value);
  auto found = cast<RankedTensorType>(value.getType());
  if (found == type)
    return value;
  // Through rank one, which every shape folds to.
  if (found.getRank() > 1)
    value =
        tensor::CollapseShapeOp::create(builder, loc, value, SmallVector<ReassociationIndices>{allOf(found)});
  else if (found.getRank() == 0)
    value = tensor::ExpandShapeOp::create(builder, loc, flat, value, SmallVector<ReassociationIndices>{});
  if (type.getRank() > 1)
    value = tensor::ExpandShapeOp::create(builder, loc, type, value,
                                          SmallVector<ReassociationIndices>{allOf(type)});
  return value;
}
