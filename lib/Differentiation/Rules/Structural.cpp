//===- Structural.cpp - What the models of structural ops share -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Structural.h"

#include "ExprBuilder.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

Value costate::sumOver(OpBuilder &builder, Location loc, Value tensor, ArrayRef<int64_t> dimensions) {
  if (dimensions.empty())
    return tensor;
  auto type = cast<RankedTensorType>(tensor.getType());
  SmallVector<int64_t> shape;
  for (int64_t i = 0; i < type.getRank(); ++i)
    if (!llvm::is_contained(dimensions, i))
      shape.push_back(type.getDimSize(i));
  Value init = zeroTensor(builder, loc, RankedTensorType::get(shape, type.getElementType()));
  auto add = [](OpBuilder &b, Location loc, ValueRange values) {
    Value sum = arith::AddFOp::create(b, loc, values[0], values[1]);
    linalg::YieldOp::create(b, loc, sum);
  };
  return linalg::ReduceOp::create(builder, loc, ValueRange{tensor}, ValueRange{init}, dimensions, add)
      ->getResult(0);
}

Value costate::sumOfElements(OpBuilder &builder, Location loc, Value tensor) {
  auto dimensions =
      llvm::to_vector(llvm::seq<int64_t>(0, cast<RankedTensorType>(tensor.getType()).getRank()));
  return tensor::ExtractOp::create(builder, loc, sumOver(builder, loc, tensor, dimensions), ValueRange{});
}

Value costate::pushStructural(OpBuilder &builder, Operation *op, ArrayRef<Value> tangents) {
  auto rule = cast<DifferentiableOpInterface>(op);
  IRMapping mapping;
  SmallVector<Value> operands(op->getOperands());
  bool any = false;
  for (unsigned i = 0; i < operands.size(); ++i) {
    if (!rule.isDifferentiable(i))
      continue;
    any |= static_cast<bool>(tangents[i]);
    operands[i] = tangents[i];
  }
  if (!any)
    return {};
  for (unsigned i = 0; i < operands.size(); ++i)
    if (!operands[i])
      operands[i] = zeroLike(builder, op->getLoc(), op->getOperand(i));
  Operation *clone = builder.clone(*op);
  clone->setOperands(operands);
  // The padding value is an affine part of the op; in the tangent it is zero.
  if (auto pad = dyn_cast<tensor::PadOp>(clone)) {
    OpBuilder::InsertionGuard guard(builder);
    Operation *yield = pad.getBody()->getTerminator();
    builder.setInsertionPoint(yield);
    yield->setOperand(0, ExprBuilder(builder, op->getLoc(), yield->getOperand(0).getType()).zero());
  }
  return clone->getResult(0);
}

Value costate::broadcastTo(OpBuilder &builder, Location loc, Value value, RankedTensorType type,
                           ArrayRef<int64_t> added) {
  if (added.empty())
    return value;
  Value init = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
  return linalg::BroadcastOp::create(builder, loc, value, init, added)->getResult(0);
}

Value costate::permute(OpBuilder &builder, Location loc, Value value, ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation))
    return value;
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape =
      llvm::map_to_vector(permutation, [&](int64_t dimension) { return type.getDimSize(dimension); });
  Value init = tensor::EmptyOp::create(builder, loc, shape, type.getElementType());
  return linalg::TransposeOp::create(builder, loc, value, init, permutation)->getResult(0);
}
