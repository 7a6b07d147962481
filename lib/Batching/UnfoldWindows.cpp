//===- UnfoldWindows.cpp - What is read through windows as a tensor of its own ----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "UnfoldWindows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

static void unfoldOperand(linalg::GenericOp op, OpOperand *operand) {
  AffineMap map = op.getMatchingIndexingMap(operand);
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  // The loops that the windows run over, and their places among the dimensions of the copy.
  SmallVector<int64_t> extents = op.getStaticLoopRanges(), shape;
  OpBuilder builder(op);
  SmallVector<AffineExpr> loops, places(map.getNumDims(), builder.getAffineConstantExpr(0));
  for (unsigned dim = 0; dim < map.getNumDims(); ++dim)
    if (map.isFunctionOfDim(dim)) {
      places[dim] = builder.getAffineDimExpr(shape.size());
      loops.push_back(builder.getAffineDimExpr(dim));
      shape.push_back(extents[dim]);
    }
  if (ShapedType::getNumElements(shape) > result.getNumElements())
    return;
  Location loc = op.getLoc();
  Value empty = tensor::EmptyOp::create(builder, loc, shape, getElementTypeOrSelf(operand->get().getType()));
  SmallVector<AffineMap> maps{map.replaceDimsAndSymbols(places, {}, shape.size(), 0),
                              builder.getMultiDimIdentityMap(shape.size())};
  SmallVector<utils::IteratorType> parallel(shape.size(), utils::IteratorType::parallel);
  Value copy = linalg::GenericOp::create(builder, loc, empty.getType(), operand->get(), empty, maps, parallel,
                                         [](OpBuilder &b, Location loc, ValueRange args) {
                                           linalg::YieldOp::create(b, loc, args[0]);
                                         })
                   .getResult(0);
  SmallVector<AffineMap> changed = op.getIndexingMapsArray();
  changed[operand->getOperandNumber()] = AffineMap::get(map.getNumDims(), 0, loops, op.getContext());
  operand->set(copy);
  op.setIndexingMapsAttr(builder.getAffineMapArrayAttr(changed));
}

void costate::unfoldWindows(Value value) {
  if (auto sum = value.getDefiningOp<arith::AddFOp>()) {
    unfoldWindows(sum.getLhs());
    unfoldWindows(sum.getRhs());
    return;
  }
  auto op = value.getDefiningOp<linalg::GenericOp>();
  if (!op || op->getNumResults() != 1 || !op.hasPureTensorSemantics() ||
      llvm::is_contained(op.getStaticLoopRanges(), ShapedType::kDynamic))
    return;
  for (OpOperand *operand : op.getDpsInputOperands())
    if (!op.getMatchingIndexingMap(operand).isProjectedPermutation())
      unfoldOperand(op, operand);
  unfoldWindows(op.getOutputs()[0]);
}
