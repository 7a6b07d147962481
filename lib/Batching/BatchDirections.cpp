//===- BatchDirections.cpp - Directions of derivatives as a dimension of tensors --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/Passes.h"

#include "costate/Batching/Batcher.h"
#include "costate/Batching/StructuredBatching.h"
#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace costate {
#define GEN_PASS_DEF_BATCHDIRECTIONSPASS
#include "costate/Batching/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// Whether the components follow each other.
static bool areConsecutive(ArrayRef<int64_t> components) {
  for (auto [i, component] : llvm::enumerate(components))
    if (component != components.front() + static_cast<int64_t>(i))
      return false;
  return true;
}

/// The unit vectors of the components side by side: the last dimension runs over the directions.
static Value unitDirections(OpBuilder &builder, DirectionOp op) {
  auto vector = cast<RankedTensorType>(op.getType());
  ArrayRef<int64_t> components = op.getComponents();
  int64_t size = vector.getNumElements(), count = components.size();
  Type element = vector.getElementType();
  SmallVector<int64_t> shape(vector.getShape());
  shape.push_back(count);
  auto type = RankedTensorType::get(shape, element);
  if (areConsecutive(components))
    return unitLanes(builder, op.getLoc(), type, components.front());
  SmallVector<Attribute> values(size * count, builder.getFloatAttr(element, 0.0));
  for (auto [direction, component] : llvm::enumerate(components))
    values[component * count + direction] = builder.getFloatAttr(element, 1.0);
  return arith::ConstantOp::create(builder, op.getLoc(), DenseElementsAttr::get(type, values));
}

/// A matrix times unit vectors of components that follow each other: these columns of the matrix, the lanes.
/// Null for every other op.
static Value selectColumns(OpBuilder &builder, Operation &op, DirectionOp directions) {
  auto product = dyn_cast<linalg::ContractOp>(op);
  if (!product || product.getInputs()[1] != directions.getResult() || !isZeroInit(product.getOutputs()[0]))
    return {};
  AffineExpr row, column;
  bindDims(builder.getContext(), row, column);
  auto map = [&](ArrayRef<AffineExpr> results) {
    return AffineMap::get(2, 0, results, builder.getContext());
  };
  SmallVector<AffineMap> maps{map({row, column}), map(column), map(row)};
  Value matrix = product.getInputs()[0];
  ArrayRef<int64_t> components = directions.getComponents();
  if (!areConsecutive(components) || matrix == directions || product.getIndexingMapsArray() != ArrayRef(maps))
    return {};
  auto type = cast<RankedTensorType>(matrix.getType());
  int64_t rows = type.getDimSize(0), count = components.size();
  if (count == type.getDimSize(1))
    return matrix;
  auto pair = [&](int64_t a, int64_t b) {
    return SmallVector<OpFoldResult>{builder.getIndexAttr(a), builder.getIndexAttr(b)};
  };
  return tensor::ExtractSliceOp::create(builder, op.getLoc(), type.clone({rows, count}), matrix,
                                        pair(0, components.front()), pair(rows, count), pair(1, 1));
}

namespace {
struct BatchDirections : costate::impl::BatchDirectionsPassBase<BatchDirections> {
  void runOnOperation() override {
    SmallVector<DirectionOp> directions;
    getOperation().walk([&](DirectionOp op) { directions.push_back(op); });
    if (directions.empty())
      return markAllAnalysesPreserved();
    for (DirectionOp op : directions) {
      auto function = op->getParentOfType<func::FuncOp>();
      if (!function) {
        op.emitOpError() << "is in no func.func; run costate-lower-networks before";
        return signalPassFailure();
      }
      generalizeNamedOps(function);
      if (failed(batch(op)))
        return signalPassFailure();
    }
  }

private:
  static bool isSumOver(Operation *op, DirectionOp directions) {
    auto sum = dyn_cast<SumDirectionsOp>(op);
    return sum && sum.getDirection() == directions.getResult();
  }

  /// Gives what is computed from `directions`, up to sums over them, one more dimension.
  LogicalResult batch(DirectionOp directions) {
    SmallVector<Operation *> work{directions};
    DenseSet<Operation *> varying{directions};
    while (!work.empty())
      for (Operation *user : work.pop_back_val()->getUsers()) {
        if (isSumOver(user, directions))
          continue;
        if (user->hasTrait<OpTrait::IsTerminator>() || user->getBlock() != directions->getBlock())
          return user->emitOpError() << "uses a value that differs from direction to direction";
        if (varying.insert(user).second)
          work.push_back(user);
      }
    OpBuilder builder(directions);
    Batcher batcher(builder, directions.getComponents().size());
    Value unit = unitDirections(builder, directions);
    batcher.map(directions.getResult(), unit, /*varying=*/true);
    SmallVector<Operation *> done;
    for (Operation &op : llvm::make_early_inc_range(*directions->getBlock())) {
      builder.setInsertionPoint(&op);
      if (isSumOver(&op, directions)) {
        auto sum = cast<SumDirectionsOp>(op);
        Value zero = arith::ConstantOp::create(builder, op.getLoc(), builder.getZeroAttr(sum.getType()));
        sum.replaceAllUsesWith(sumOverLanes(sum.getValue(), zero, batcher));
      } else if (!varying.contains(&op) || &op == directions) {
        continue;
      } else if (Value columns = selectColumns(builder, op, directions)) {
        batcher.map(op.getResult(0), columns, /*varying=*/true);
      } else if (failed(batcher.batch(&op))) {
        return failure();
      }
      done.push_back(&op);
    }
    for (Operation *op : llvm::reverse(done))
      op->erase();
    directions.erase();
    if (unit.use_empty())
      unit.getDefiningOp()->erase();
    return success();
  }
};
} // namespace
