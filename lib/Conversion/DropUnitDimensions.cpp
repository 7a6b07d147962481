//===- DropUnitDimensions.cpp - Loops of one step go ------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

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
