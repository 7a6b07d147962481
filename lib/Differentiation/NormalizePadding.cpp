//===- NormalizePadding.cpp - Padding by other than constants ---------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "NormalizePadding.h"
#include "StaticLoops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace costate;

bool costate::isPaddedByConstant(tensor::PadOp op) {
  return matchPattern(op.getBody()->getTerminator()->getOperand(0), m_Constant());
}

/// Whether the element at `at` is one of the source, between the paddings.
static Value isInside(OpBuilder &builder, Location loc, tensor::PadOp op, ValueRange at) {
  Value inside = arith::ConstantIntOp::create(builder, loc, /*value=*/1, /*width=*/1);
  for (auto [index, low, extent] : llvm::zip_equal(at, op.getStaticLow(), op.getSourceType().getShape())) {
    Value first = arith::ConstantIndexOp::create(builder, loc, low);
    Value end = arith::ConstantIndexOp::create(builder, loc, low + extent);
    for (auto [predicate, bound] :
         {std::pair(arith::CmpIPredicate::sge, first), std::pair(arith::CmpIPredicate::slt, end)})
      inside = arith::AndIOp::create(builder, loc, inside,
                                     arith::CmpIOp::create(builder, loc, predicate, index, bound));
  }
  return inside;
}

/// Each element of the padding as the body computes it, from its indices.
static Value padInLoop(IRRewriter &rewriter, Location loc, tensor::PadOp op, Value start) {
  return loopOver(rewriter, loc, op.getResultType().getShape(), start,
                  [&](OpBuilder &b, ValueRange at, Value carried) -> Value {
                    // What the body reads may be there for the padding only.
                    auto keep = [&](OpBuilder &inner, Location loc) {
                      scf::YieldOp::create(inner, loc, carried);
                    };
                    auto pad = [&](OpBuilder &inner, Location loc) {
                      IRMapping mapping;
                      mapping.map(op.getBody()->getArguments(), at);
                      for (Operation &nested : op.getBody()->without_terminator())
                        inner.clone(nested, mapping);
                      Value element = mapping.lookupOrDefault(op.getBody()->getTerminator()->getOperand(0));
                      Value next = tensor::InsertOp::create(inner, loc, element, carried, at);
                      scf::YieldOp::create(inner, loc, next);
                    };
                    return scf::IfOp::create(b, loc, isInside(b, loc, op, at), keep, pad).getResult(0);
                  });
}

void costate::normalizePadding(Operation *function) {
  SmallVector<tensor::PadOp> ops;
  function->walk([&](tensor::PadOp op) {
    bool isStatic = op.getSourceType().hasStaticShape() && op.getResultType().hasStaticShape() &&
                    !ShapedType::isDynamicShape(op.getStaticLow());
    if (isStatic && !isPaddedByConstant(op))
      ops.push_back(op);
  });
  IRRewriter rewriter(function->getContext());
  for (tensor::PadOp op : ops) {
    rewriter.setInsertionPoint(op);
    Location loc = op.getLoc();
    RankedTensorType type = op.getResultType();
    Value value = op.getConstantPaddingValue(), start;
    if (value)
      start = tensor::SplatOp::create(rewriter, loc, type, value);
    else
      start = tensor::EmptyOp::create(rewriter, loc, type.getShape(), type.getElementType());
    SmallVector<OpFoldResult> strides(type.getRank(), rewriter.getIndexAttr(1));
    Value whole = tensor::InsertSliceOp::create(
        rewriter, loc, op.getSource(), start, op.getMixedLowPad(),
        getAsIndexOpFoldResult(rewriter.getContext(), op.getSourceType().getShape()), strides);
    rewriter.replaceOp(op, value ? whole : padInLoop(rewriter, loc, op, whole));
  }
}
