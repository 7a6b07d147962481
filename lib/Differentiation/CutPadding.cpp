//===- CutPadding.cpp - Padding by less than nothing ------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CutPadding.h"
#include "NormalizePadding.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/IR/PatternMatch.h"

#include <limits>

namespace costate {
#define GEN_PASS_DEF_CUTPADDING
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

static bool mayCut(tensor::PadOp op) {
  auto isPlain = [](int64_t amount) {
    return amount >= 0;
  }; // what is not constant is marked by a negative one
  return !llvm::all_of(op.getStaticLow(), isPlain) || !llvm::all_of(op.getStaticHigh(), isPlain);
}

/// Whether it is known which part of the source is left, and that there is some.
static bool leavesSlice(tensor::PadOp op) {
  auto cutBy = [](OpFoldResult amount) {
    std::optional<int64_t> value = getConstantIntValue(amount);
    return value ? std::max<int64_t>(-*value, 0) : int64_t(std::numeric_limits<int32_t>::max());
  };
  for (auto [low, high, extent] :
       llvm::zip_equal(op.getMixedLowPad(), op.getMixedHighPad(), op.getSourceType().getShape()))
    if (cutBy(low) + cutBy(high) >= extent)
      return false;
  return true;
}

namespace {
/// Index arithmetic, folded where it is constant.
class IndexBuilder {
public:
  IndexBuilder(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  Value constant(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }
  Value value(OpFoldResult amount) { return getValueOrCreateConstantIndexOp(builder, loc, amount); }
  Value add(Value a, Value b) { return builder.createOrFold<arith::AddIOp>(loc, a, b); }
  Value sub(Value a, Value b) { return builder.createOrFold<arith::SubIOp>(loc, a, b); }
  Value least(Value a, Value b) { return builder.createOrFold<arith::MinSIOp>(loc, a, b); }
  Value greatest(Value a, Value b) { return builder.createOrFold<arith::MaxSIOp>(loc, a, b); }

private:
  OpBuilder &builder;
  Location loc;
};
} // namespace

/// What is cut is not there to be padded: a slice, padded by amounts of which none is negative.
static Value padSlice(IRRewriter &rewriter, tensor::PadOp op) {
  Location loc = op.getLoc();
  IndexBuilder index(rewriter, loc);
  Value zero = index.constant(0);
  SmallVector<OpFoldResult> begins, sizes, lows, highs;
  for (auto [dimension, amounts] :
       llvm::enumerate(llvm::zip_equal(op.getMixedLowPad(), op.getMixedHighPad()))) {
    Value low = index.value(std::get<0>(amounts)), high = index.value(std::get<1>(amounts));
    Value extent = rewriter.createOrFold<tensor::DimOp>(loc, op.getSource(), dimension);
    Value total = index.add(index.add(low, extent), high);
    Value begin = index.least(index.greatest(index.sub(zero, low), zero), extent);
    Value cut = index.least(index.greatest(index.sub(zero, high), zero), extent);
    Value size = index.greatest(index.sub(index.sub(extent, cut), begin), zero);
    Value before = index.least(index.greatest(low, zero), total);
    begins.push_back(getAsOpFoldResult(begin));
    sizes.push_back(getAsOpFoldResult(size));
    lows.push_back(getAsOpFoldResult(before));
    highs.push_back(getAsOpFoldResult(index.sub(index.sub(total, before), size)));
  }
  SmallVector<OpFoldResult> strides(begins.size(), rewriter.getIndexAttr(1));
  Value slice = tensor::ExtractSliceOp::create(rewriter, loc, op.getSource(), begins, sizes, strides);
  auto padded = tensor::PadOp::create(rewriter, loc, op.getResultType(), slice, lows, highs, op.getNofold());
  rewriter.inlineRegionBefore(op.getRegion(), padded.getRegion(), padded.getRegion().end());
  return padded;
}

void costate::cutPadding(Operation *root) {
  SmallVector<tensor::PadOp> ops;
  root->walk([&](tensor::PadOp op) {
    if (mayCut(op))
      ops.push_back(op);
  });
  IRRewriter rewriter(root->getContext());
  for (tensor::PadOp op : ops) {
    rewriter.setInsertionPoint(op);
    RankedTensorType type = op.getResultType();
    bool isStatic = op.getSourceType().hasStaticShape() && type.hasStaticShape();
    if (isStatic && !leavesSlice(op)) {
      Value start = tensor::EmptyOp::create(rewriter, op.getLoc(), type.getShape(), type.getElementType());
      rewriter.replaceOp(op, padByElements(rewriter, op, start, /*sourceIsThere=*/false));
    } else {
      rewriter.replaceOp(op, padSlice(rewriter, op));
    }
  }
}

namespace {
struct CutPadding : costate::impl::CutPaddingBase<CutPadding> {
  void runOnOperation() override { cutPadding(getOperation()); }
};
} // namespace
