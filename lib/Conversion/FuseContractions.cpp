//===- FuseContractions.cpp - Chains of accumulating contractions become one ----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Sums.h"
#include "costate/Conversion/Passes.h"

namespace costate {
#define GEN_PASS_DEF_FUSECONTRACTIONS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// More inputs than this would not fit the address registers of one loop.
static constexpr int64_t maxInputs = 12;

/// `second` accumulates onto the result of `first`: one op with the inputs of both.
static linalg::GenericOp fuse(IRRewriter &rewriter, linalg::LinalgOp first, linalg::LinalgOp second,
                              ArrayRef<AffineExpr> dims) {
  SmallVector<Value> inputs(first.getDpsInputs());
  llvm::append_range(inputs, second.getDpsInputs());
  SmallVector<AffineMap> maps;
  for (OpOperand *input : first.getDpsInputOperands())
    maps.push_back(
        first.getMatchingIndexingMap(input).replaceDimsAndSymbols(dims, {}, second.getNumLoops(), 0));
  for (OpOperand *input : second.getDpsInputOperands())
    maps.push_back(second.getMatchingIndexingMap(input));
  maps.push_back(second.getMatchingIndexingMap(second.getDpsInitOperand(0)));
  rewriter.setInsertionPoint(second);
  int64_t firstInputs = first.getNumDpsInputs(), secondInputs = second.getNumDpsInputs();
  Value init = first.getDpsInits()[0];
  auto fused = linalg::GenericOp::create(
      rewriter, rewriter.getFusedLoc({first.getLoc(), second.getLoc()}), TypeRange(init.getType()), inputs,
      init, maps, second.getIteratorTypesArray(), [&](OpBuilder &b, Location loc, ValueRange arguments) {
        Value accumulated = arguments.back();
        auto inlineBody = [&](linalg::LinalgOp op, ValueRange values) {
          IRMapping map;
          map.map(op.getBlock()->getArguments().drop_back(), values);
          map.map(op.getBlock()->getArguments().back(), accumulated);
          for (Operation &inner : op.getBlock()->without_terminator())
            b.clone(inner, map);
          accumulated = map.lookupOrDefault(op.getBlock()->getTerminator()->getOperand(0));
        };
        inlineBody(first, arguments.take_front(firstInputs));
        inlineBody(second, arguments.slice(firstInputs, secondInputs));
        linalg::YieldOp::create(b, loc, accumulated);
      });
  rewriter.replaceOp(second, fused->getResults());
  rewriter.eraseOp(first);
  return fused;
}

namespace {
struct FuseContractions : costate::impl::FuseContractionsBase<FuseContractions> {
  void runOnOperation() override {
    SmallVector<Operation *> sums;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (isSum(op))
        sums.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (Operation *op : sums) {
      auto second = cast<linalg::LinalgOp>(op);
      auto first = dyn_cast_or_null<linalg::LinalgOp>(second.getDpsInits()[0].getDefiningOp());
      if (!isSum(first) || first->getBlock() != op->getBlock() || !first->hasOneUse() ||
          first.getNumDpsInputs() + second.getNumDpsInputs() > maxInputs)
        continue;
      // The next link of the chain finds the fused op as the definition of its init.
      if (auto dims = alignDimensions(first, second))
        fuse(rewriter, first, second, *dims);
    }
  }
};
} // namespace
