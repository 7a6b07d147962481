//===- ThreadAccess.cpp - Which threads touch which elements ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ThreadAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace costate;

Distribution Distribution::of(linalg::LinalgOp op, int64_t threads) {
  Distribution result;
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  AffineMap output = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  for (AffineExpr expr : output.getResults())
    if (auto dim = dyn_cast<AffineDimExpr>(expr))
      if (iterators[dim.getPosition()] == utils::IteratorType::parallel &&
          !llvm::is_contained(result.parallel, dim.getPosition()))
        result.parallel.push_back(dim.getPosition());
  for (auto [i, iterator] : llvm::enumerate(iterators)) {
    if (iterator == utils::IteratorType::reduction)
      result.reduction.push_back(i);
    else if (!llvm::is_contained(result.parallel, i))
      result.parallel.insert(result.parallel.begin(), i);
  }
  if (!result.parallel.empty() && ranges[result.parallel.back()] == threads)
    result.lane = result.parallel.back();
  return result;
}

bool ThreadAccess::conflictsWith(const ThreadAccess &other) const {
  if (root != other.root || !(writes || other.writes))
    return false;
  return !(ownLane && other.ownLane && origin == other.origin);
}

Value costate::rootOf(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>()) {
    // A view of the workspace is a buffer of its own.
    if (isa<memref::ViewOp>(view))
      break;
    buffer = view.getViewSource();
  }
  return buffer;
}

/// Where the last dimension of a view begins in the last dimension of its root, or nothing if these differ.
static std::optional<OpFoldResult> lastOrigin(Value buffer) {
  OpFoldResult zero = IntegerAttr::get(IndexType::get(buffer.getContext()), 0);
  OpFoldResult origin = zero;
  while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>()) {
    if (isa<memref::ViewOp>(view))
      break;
    if (auto subview = dyn_cast<memref::SubViewOp>(*view)) {
      unsigned last = subview.getSourceType().getRank() - 1;
      if (subview.getDroppedDims().test(last) || getConstantIntValue(subview.getMixedStrides()[last]) != 1)
        return std::nullopt;
      OpFoldResult offset = subview.getMixedOffsets()[last];
      if (getConstantIntValue(offset) != 0) {
        if (origin != zero)
          return std::nullopt;
        origin = offset;
      }
    } else if (auto expand = dyn_cast<memref::ExpandShapeOp>(*view)) {
      if (expand.getReassociationIndices().empty() || expand.getReassociationIndices().back().size() != 1)
        return std::nullopt;
    } else if (auto collapse = dyn_cast<memref::CollapseShapeOp>(*view)) {
      if (collapse.getReassociationIndices().empty() || collapse.getReassociationIndices().back().size() != 1)
        return std::nullopt;
    } else if (isa<memref::ReinterpretCastOp>(*view)) {
      // Only the kernel's own casts of whole arguments are seen through, and these end at the argument.
      return isa<BlockArgument>(view.getViewSource()) ? std::optional(origin) : std::nullopt;
    } else if (!isa<memref::CastOp>(*view)) {
      return std::nullopt;
    }
    buffer = view.getViewSource();
  }
  return origin;
}

SmallVector<ThreadAccess> costate::accessesOf(Operation *op, int64_t threads) {
  SmallVector<ThreadAccess> result;
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    result.push_back({rootOf(load.getMemref()), /*writes=*/false, /*ownLane=*/false, {}});
  } else if (auto store = dyn_cast<memref::StoreOp>(op)) {
    result.push_back({rootOf(store.getMemref()), /*writes=*/true, /*ownLane=*/false, {}});
  } else if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
    Distribution distribution = Distribution::of(linalgOp, threads);
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isa<MemRefType>(operand.get().getType()))
        continue;
      ThreadAccess &access = result.emplace_back();
      access.root = rootOf(operand.get());
      access.writes = linalgOp.isDpsInit(&operand);
      AffineMap map = linalgOp.getMatchingIndexingMap(&operand);
      if (!distribution.lane || map.getNumResults() == 0)
        continue;
      AffineExpr lane = getAffineDimExpr(*distribution.lane, op->getContext());
      if (map.getResults().back() != lane)
        continue;
      if (std::optional<OpFoldResult> origin = lastOrigin(operand.get())) {
        access.ownLane = true;
        access.origin = *origin;
      }
    }
    // What the body reads by itself may be anywhere.
    op->walk([&](memref::LoadOp load) {
      result.push_back({rootOf(load.getMemref()), /*writes=*/false, /*ownLane=*/false, {}});
    });
  }
  return result;
}
