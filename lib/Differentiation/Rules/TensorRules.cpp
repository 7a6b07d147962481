//===- TensorRules.cpp - Models of differentiation for tensor, with the transposes ------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Attach.h"
#include "Rules/Structural.h"

#include "ExprBuilder.h"
#include "NormalizePadding.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

/// Whether the types say all sizes.
static bool isStatic(Operation *op) {
  auto isDynamic = [](Type type) {
    auto shaped = dyn_cast<RankedTensorType>(type);
    return shaped && !shaped.hasStaticShape();
  };
  return llvm::none_of(op->getOperandTypes(), isDynamic) && llvm::none_of(op->getResultTypes(), isDynamic);
}

static Value transposeOf(OpBuilder &builder, tensor::ExtractSliceOp op, unsigned, Value ct) {
  Value zero = zeroLike(builder, op.getLoc(), op.getSource());
  return tensor::InsertSliceOp::create(builder, op.getLoc(), ct, zero, op.getMixedOffsets(),
                                       op.getMixedSizes(), op.getMixedStrides());
}

static Value transposeOf(OpBuilder &builder, tensor::InsertSliceOp op, unsigned operand, Value ct) {
  if (operand == 0)
    return tensor::ExtractSliceOp::create(builder, op.getLoc(), op.getSourceType(), ct, op.getMixedOffsets(),
                                          op.getMixedSizes(), op.getMixedStrides());
  // What was overwritten has no influence.
  Value zero = zeroLike(builder, op.getLoc(), op.getSource());
  return tensor::InsertSliceOp::create(builder, op.getLoc(), zero, ct, op.getMixedOffsets(),
                                       op.getMixedSizes(), op.getMixedStrides());
}

static Value transposeOf(OpBuilder &builder, tensor::ExpandShapeOp op, unsigned, Value ct) {
  return tensor::CollapseShapeOp::create(builder, op.getLoc(), op.getSrcType(), ct,
                                         op.getReassociationIndices());
}

static Value transposeOf(OpBuilder &builder, tensor::CollapseShapeOp op, unsigned, Value ct) {
  return tensor::ExpandShapeOp::create(builder, op.getLoc(), op.getSrcType(), ct,
                                       op.getReassociationIndices());
}

static Value transposeOf(OpBuilder &builder, tensor::ConcatOp op, unsigned operand, Value ct) {
  auto type = cast<RankedTensorType>(op->getOperand(operand).getType());
  SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(type.getRank(), builder.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes = getAsIndexOpFoldResult(builder.getContext(), type.getShape());
  int64_t offset = 0;
  for (unsigned i = 0; i < operand; ++i)
    offset += cast<RankedTensorType>(op->getOperand(i).getType()).getDimSize(op.getDim());
  offsets[op.getDim()] = builder.getIndexAttr(offset);
  return tensor::ExtractSliceOp::create(builder, op.getLoc(), type, ct, offsets, sizes, strides);
}

static Value transposeOf(OpBuilder &builder, tensor::PadOp op, unsigned, Value ct) {
  RankedTensorType type = op.getSourceType();
  SmallVector<OpFoldResult> strides(type.getRank(), builder.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes = getAsIndexOpFoldResult(builder.getContext(), type.getShape());
  return tensor::ExtractSliceOp::create(builder, op.getLoc(), type, ct, op.getMixedLowPad(), sizes, strides);
}

/// The element at a row-major position.
static Value elementAt(OpBuilder &builder, Location loc, Value tensor, int64_t position) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(tensor.getType()).getShape();
  SmallVector<Value> indices(shape.size());
  for (size_t i = shape.size(); i-- > 0; position /= shape[i])
    indices[i] = arith::ConstantIndexOp::create(builder, loc, position % shape[i]);
  return tensor::ExtractOp::create(builder, loc, tensor, indices);
}

static Value transposeOf(OpBuilder &builder, tensor::FromElementsOp op, unsigned operand, Value ct) {
  return elementAt(builder, op.getLoc(), ct, operand);
}

static Value transposeOf(OpBuilder &builder, tensor::SplatOp op, unsigned, Value ct) {
  return sumOfElements(builder, op.getLoc(), ct);
}

static Value transposeOf(OpBuilder &builder, tensor::ExtractOp op, unsigned, Value ct) {
  Value zero = zeroLike(builder, op.getLoc(), op.getTensor());
  return tensor::InsertOp::create(builder, op.getLoc(), ct, zero, op.getIndices());
}

static Value transposeOf(OpBuilder &builder, tensor::InsertOp op, unsigned operand, Value ct) {
  if (operand == 0)
    return tensor::ExtractOp::create(builder, op.getLoc(), ct, op.getIndices());
  Value zero = zeroLike(builder, op.getLoc(), op.getScalar());
  return tensor::InsertOp::create(builder, op.getLoc(), zero, ct, op.getIndices());
}

static Value transposeOf(OpBuilder &builder, tensor::CastOp op, unsigned, Value ct) {
  return tensor::CastOp::create(builder, op.getLoc(), op.getSource().getType(), ct);
}

#include "TensorRules.inc"

void costate::attachTensorRules(MLIRContext *context) { attachRules(context); }
