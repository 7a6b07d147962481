//===- DropUnitDimensions.cpp - Loops of one step go ------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/BitVector.h"

namespace costate {
#define GEN_PASS_DEF_DROPUNITDIMENSIONS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// The slice is the whole tensor, but for dimensions of extent one.
template <typename SliceOp> static bool isWhole(SliceOp op, RankedTensorType type) {
  return type.hasStaticShape() && op.hasUnitStride() && op.hasZeroOffset() &&
         llvm::equal(op.getStaticSizes(), type.getShape());
}

/// The loops of `op` that may go. Of a window, 3·i + k, an input keeps all its elements: if i is one step
/// only, k alone would have to be as long as the input, which upstream takes for granted.
static SmallVector<unsigned> droppable(Operation *op) {
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return llvm::to_vector(llvm::seq<unsigned>(0, pad.getSourceType().getRank()));
  auto generic = dyn_cast<linalg::GenericOp>(op);
  if (!generic)
    return {};
  SmallVector<int64_t> extents = generic.getStaticLoopRanges();
  BitVector kept(generic.getNumLoops());
  for (OpOperand &operand : generic->getOpOperands()) {
    AffineMap map = generic.getMatchingIndexingMap(&operand);
    for (auto [dim, place] : llvm::enumerate(map.getResults())) {
      if (isa<AffineDimExpr, AffineConstantExpr>(place))
        continue;
      SmallVector<Attribute> last;
      Builder builder(op->getContext());
      for (int64_t extent : extents)
        last.push_back(builder.getIndexAttr(ShapedType::isDynamic(extent) ? 0 : extent - 1));
      SmallVector<Attribute> reach;
      bool isFull = succeeded(AffineMap::get(map.getNumDims(), 0, place).constantFold(last, reach)) &&
                    cast<IntegerAttr>(reach[0]).getInt() + 1 == generic.getShape(&operand)[dim];
      if (!isFull)
        place.walk([&](AffineExpr part) {
          if (auto loop = dyn_cast<AffineDimExpr>(part))
            kept.set(loop.getPosition());
        });
    }
  }
  kept.flip();
  return llvm::to_vector_of<unsigned>(kept.set_bits());
}

namespace {
/// Slices that change nothing but the rank are reshapes, which cancel.
struct WholeExtract : OpRewritePattern<tensor::ExtractSliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::ExtractSliceOp op, PatternRewriter &rewriter) const override {
    RankedTensorType type = op.getSourceType(), result = op.getType();
    auto groups = getReassociationIndicesForReshape(type, result);
    if (!isWhole(op, type) || type.getRank() == result.getRank() || !groups)
      return failure();
    rewriter.replaceOpWithNewOp<tensor::CollapseShapeOp>(op, result, op.getSource(), *groups);
    return success();
  }
};

struct WholeInsert : OpRewritePattern<tensor::InsertSliceOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(tensor::InsertSliceOp op, PatternRewriter &rewriter) const override {
    RankedTensorType type = op.getSourceType(), result = op.getType();
    auto groups = getReassociationIndicesForReshape(type, result);
    if (!isWhole(op, result) || type.getRank() == result.getRank() || !groups)
      return failure();
    rewriter.replaceOpWithNewOp<tensor::ExpandShapeOp>(op, result, op.getSource(), *groups);
    return success();
  }
};

struct DropUnitDimensions : costate::impl::DropUnitDimensionsBase<DropUnitDimensions> {
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    RewritePatternSet elementwise(context);
    linalg::populateElementwiseToLinalgConversionPatterns(elementwise);
    (void)applyPatternsGreedily(getOperation(), std::move(elementwise));

    // Dimensions are dropped from generic ops only. Fills follow reshapes of their results by themselves.
    SmallVector<linalg::LinalgOp> named;
    getOperation()->walk([&](linalg::LinalgOp op) {
      if (!isa<linalg::GenericOp, linalg::FillOp>(op.getOperation()) && op.hasPureTensorSemantics() &&
          llvm::is_contained(op.getStaticLoopRanges(), 1))
        named.push_back(op);
    });
    IRRewriter rewriter(context);
    for (linalg::LinalgOp op : named) {
      rewriter.setInsertionPoint(op);
      (void)linalg::generalizeNamedOp(rewriter, op);
    }
    RewritePatternSet patterns(context);
    linalg::ControlDropUnitDims options;
    options.controlFn = droppable;
    linalg::populateFoldUnitExtentDimsPatterns(patterns, options);
    linalg::populateFoldUnitExtentDimsCanonicalizationPatterns(patterns, options);
    linalg::FillOp::getCanonicalizationPatterns(patterns, context);
    patterns.add<WholeExtract, WholeInsert>(context);
    tensor::CollapseShapeOp::getCanonicalizationPatterns(patterns, context);
    tensor::ExpandShapeOp::getCanonicalizationPatterns(patterns, context);
    (void)applyPatternsGreedily(getOperation(), std::move(patterns));
  }
};
} // namespace
