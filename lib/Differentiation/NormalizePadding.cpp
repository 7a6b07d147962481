//===- NormalizePadding.cpp - Padding by other than constants ---------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "NormalizePadding.h"
#include "CutPadding.h"
#include "StaticLoops.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace costate;

bool costate::isPaddedByConstant(tensor::PadOp op) {
  return matchPattern(op.getBody()->getTerminator()->getOperand(0), m_Constant());
}

/// Where the element of the source is that comes to `at`, and whether there is one.
static std::pair<SmallVector<Value>, Value> placeInSource(OpBuilder &builder, tensor::PadOp op,
                                                          ValueRange at) {
  Location loc = op.getLoc();
  SmallVector<Value> places;
  Value inside = arith::ConstantIntOp::create(builder, loc, /*value=*/1, /*width=*/1);
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  for (auto [index, low, extent] : llvm::zip_equal(at, op.getMixedLowPad(), op.getSourceType().getShape())) {
    Value place =
        arith::SubIOp::create(builder, loc, index, getValueOrCreateConstantIndexOp(builder, loc, low));
    Value end = arith::ConstantIndexOp::create(builder, loc, extent);
    for (auto [predicate, bound] :
         {std::pair(arith::CmpIPredicate::sge, zero), std::pair(arith::CmpIPredicate::slt, end)})
      inside = arith::AndIOp::create(builder, loc, inside,
                                     arith::CmpIOp::create(builder, loc, predicate, place, bound));
    places.push_back(place);
  }
  return {places, inside};
}

Value costate::padByElements(OpBuilder &builder, tensor::PadOp op, Value start, bool sourceIsThere) {
  Location loc = op.getLoc();
  auto body = [&](OpBuilder &b, ValueRange at, Value carried) -> Value {
    auto [places, inside] = placeInSource(b, op, at);
    auto keep = [&, places = places](OpBuilder &inner, Location loc) {
      Value next = carried;
      if (!sourceIsThere) {
        Value element = tensor::ExtractOp::create(inner, loc, op.getSource(), places);
        next = tensor::InsertOp::create(inner, loc, element, carried, at);
      }
      scf::YieldOp::create(inner, loc, next);
    };
    // What the body reads may be there for the padding only.
    auto pad = [&](OpBuilder &inner, Location loc) {
      IRMapping mapping;
      mapping.map(op.getBody()->getArguments(), at);
      for (Operation &nested : op.getBody()->without_terminator())
        inner.clone(nested, mapping);
      Value element = mapping.lookupOrDefault(op.getBody()->getTerminator()->getOperand(0));
      Value next = tensor::InsertOp::create(inner, loc, element, carried, at);
      scf::YieldOp::create(inner, loc, next);
    };
    return scf::IfOp::create(b, loc, inside, keep, pad).getResult(0);
  };
  return loopOver(builder, loc, op.getResultType().getShape(), start, body);
}

void costate::normalizePadding(Operation *function) {
  cutPadding(function);
  SmallVector<tensor::PadOp> ops;
  function->walk([&](tensor::PadOp op) {
    bool isStatic = op.getSourceType().hasStaticShape() && op.getResultType().hasStaticShape();
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
    rewriter.replaceOp(op, value ? whole : padByElements(rewriter, op, whole, /*sourceIsThere=*/true));
  }
}
