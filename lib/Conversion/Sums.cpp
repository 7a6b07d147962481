//===- Sums.cpp - Contractions as sums over an iteration space --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Sums.h"

#include "TilePlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace costate;

bool costate::isSum(linalg::LinalgOp op) {
  if (!op || !op.hasPureTensorSemantics() || op.getNumDpsInits() != 1 || op.getNumReductionLoops() == 0 ||
      op.hasDynamicShape() || op.hasIndexSemantics())
    return false;
  return isa_and_present<arith::AddFOp, arith::SubFOp>(findCombiner(op, 0));
}

std::optional<SmallVector<AffineExpr>> costate::alignDimensions(linalg::LinalgOp from, linalg::LinalgOp to) {
  AffineMap fromOut = from.getMatchingIndexingMap(from.getDpsInitOperand(0));
  AffineMap toOut = to.getMatchingIndexingMap(to.getDpsInitOperand(0));
  if (from.getNumLoops() != to.getNumLoops() || !fromOut.isProjectedPermutation() ||
      !toOut.isProjectedPermutation())
    return std::nullopt;
  SmallVector<AffineExpr> result(from.getNumLoops());
  for (auto [f, t] : llvm::zip(fromOut.getResults(), toOut.getResults()))
    result[cast<AffineDimExpr>(f).getPosition()] = t;
  SmallVector<unsigned> fromReduced, toReduced;
  from.getReductionDims(fromReduced);
  to.getReductionDims(toReduced);
  if (fromReduced.size() != toReduced.size())
    return std::nullopt;
  for (auto [f, t] : llvm::zip(fromReduced, toReduced))
    result[f] = getAffineDimExpr(t, from->getContext());
  SmallVector<int64_t> fromExtents = from.getStaticLoopRanges(), toExtents = to.getStaticLoopRanges();
  for (auto [dim, expr] : llvm::enumerate(result))
    if (!expr || fromExtents[dim] != toExtents[cast<AffineDimExpr>(expr).getPosition()])
      return std::nullopt;
  return result;
}
