//===- NormalizeMoves.cpp - Gathers and scatters as loops, reshapes without a shape -----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "NormalizeMoves.h"
#include "StaticLoops.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace costate {
#define GEN_PASS_DEF_NORMALIZEMOVES
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// Goes over the tuples of `indices`, from `start` on. Of each tuple, `move` gets the slice of `dense`, a
/// tensor of this shape, that has the indices along `dims` and is whole along the others, and the slice of
/// the other tensor, of this rank, that belongs to the tuple; and what is carried.
static Value
overTuples(IRRewriter &rewriter, Location loc, Value indices, ArrayRef<int64_t> dims, ArrayRef<int64_t> dense,
           int64_t otherRank, ArrayRef<int64_t> other, Value start,
           function_ref<Value(OpBuilder &, RankedTensorType, ArrayRef<OpFoldResult>, ArrayRef<OpFoldResult>,
                              ArrayRef<OpFoldResult>, ArrayRef<OpFoldResult>, Value)>
               move) {
  ArrayRef<int64_t> batch = cast<RankedTensorType>(indices.getType()).getShape().drop_back();
  SmallVector<int64_t> slice;
  for (auto [d, extent] : llvm::enumerate(dense))
    if (!llvm::is_contained(dims, static_cast<int64_t>(d)))
      slice.push_back(extent);
  auto sliceType = RankedTensorType::get(slice, cast<RankedTensorType>(start.getType()).getElementType());
  return loopOver(rewriter, loc, batch, start, [&](OpBuilder &b, ValueRange at, Value carried) {
    SmallVector<OpFoldResult> denseOffsets(dense.size(), b.getIndexAttr(0)),
        denseSizes = getAsIndexOpFoldResult(b.getContext(), dense),
        otherOffsets(otherRank, b.getIndexAttr(0)),
        otherSizes = getAsIndexOpFoldResult(b.getContext(), other);
    for (auto [position, dim] : llvm::enumerate(dims)) {
      SmallVector<Value> element(at);
      element.push_back(arith::ConstantIndexOp::create(b, loc, position));
      Value index = tensor::ExtractOp::create(b, loc, indices, element);
      if (!index.getType().isIndex())
        index = arith::IndexCastOp::create(b, loc, b.getIndexType(), index);
      denseOffsets[dim] = index;
      denseSizes[dim] = b.getIndexAttr(1);
    }
    for (auto [d, position] : llvm::enumerate(at)) {
      otherOffsets[d] = position;
      otherSizes[d] = b.getIndexAttr(1);
    }
    return move(b, sliceType, denseOffsets, denseSizes, otherOffsets, otherSizes, carried);
  });
}

static SmallVector<OpFoldResult> ones(OpBuilder &builder, size_t count) {
  return SmallVector<OpFoldResult>(count, builder.getIndexAttr(1));
}

/// Puts the slice of `from` in its place in `to`.
static Value moveSlice(OpBuilder &b, Location loc, RankedTensorType slice, Value from,
                       ArrayRef<OpFoldResult> fromOffsets, ArrayRef<OpFoldResult> fromSizes, Value to,
                       ArrayRef<OpFoldResult> toOffsets, ArrayRef<OpFoldResult> toSizes) {
  Value part = tensor::ExtractSliceOp::create(b, loc, slice, from, fromOffsets, fromSizes,
                                              ones(b, fromOffsets.size()));
  return tensor::InsertSliceOp::create(b, loc, part, to, toOffsets, toSizes, ones(b, toOffsets.size()));
}

/// `tensor.reshape` to a shape that its type says: all dimensions collapsed, then expanded.
static Value reshape(OpBuilder &builder, tensor::ReshapeOp op) {
  auto source = cast<RankedTensorType>(op.getSource().getType());
  auto type = cast<RankedTensorType>(op.getType());
  // A tensor without dimensions cannot be expanded from one with one.
  bool throughScalar = source.getRank() == 0 || type.getRank() == 0;
  auto flat = RankedTensorType::get(throughScalar ? ArrayRef<int64_t>() : source.getNumElements(),
                                    type.getElementType());
  auto groups = [&](int64_t rank) {
    SmallVector<ReassociationIndices> all;
    if (!throughScalar)
      all.push_back(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
    return all;
  };
  Value value = op.getSource();
  if (source.getRank() != flat.getRank())
    value = tensor::CollapseShapeOp::create(builder, op.getLoc(), flat, value, groups(source.getRank()));
  if (type.getRank() != flat.getRank())
    value = tensor::ExpandShapeOp::create(builder, op.getLoc(), type, value, groups(type.getRank()));
  return value;
}

void costate::normalizeMoves(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    auto isStatic = [](Type type) { return cast<RankedTensorType>(type).hasStaticShape(); };
    if (auto reshape = dyn_cast<tensor::ReshapeOp>(op)) {
      auto isRanked = llvm::IsaPred<RankedTensorType>;
      if (isRanked(reshape.getSource().getType()) && isRanked(reshape.getType()) &&
          isStatic(reshape.getSource().getType()) && isStatic(reshape.getType()))
        ops.push_back(op);
    } else if (isa<tensor::GatherOp, tensor::ScatterOp>(op) &&
               llvm::all_of(op->getOperandTypes(), isStatic)) {
      ops.push_back(op);
    }
  });
  for (Operation *op : ops) {
    rewriter.setInsertionPoint(op);
    Location loc = op->getLoc();
    Value result;
    if (auto reshaped = dyn_cast<tensor::ReshapeOp>(op)) {
      result = reshape(rewriter, reshaped);
    } else if (auto gather = dyn_cast<tensor::GatherOp>(op)) {
      RankedTensorType type = gather.getResultType();
      Value start = tensor::EmptyOp::create(rewriter, loc, type.getShape(), type.getElementType());
      result = overTuples(rewriter, loc, gather.getIndices(), gather.getGatherDims(),
                          gather.getSourceType().getShape(), type.getRank(), type.getShape(), start,
                          [&](OpBuilder &b, RankedTensorType slice, auto denseOffsets, auto denseSizes,
                              auto otherOffsets, auto otherSizes, Value carried) {
                            return moveSlice(b, loc, slice, gather.getSource(), denseOffsets, denseSizes,
                                             carried, otherOffsets, otherSizes);
                          });
    } else {
      auto scatter = cast<tensor::ScatterOp>(op);
      RankedTensorType source = scatter.getSourceType();
      result =
          overTuples(rewriter, loc, scatter.getIndices(), scatter.getScatterDims(),
                     scatter.getDestType().getShape(), source.getRank(), source.getShape(), scatter.getDest(),
                     [&](OpBuilder &b, RankedTensorType slice, auto denseOffsets, auto denseSizes,
                         auto otherOffsets, auto otherSizes, Value carried) {
                       return moveSlice(b, loc, slice, scatter.getSource(), otherOffsets, otherSizes, carried,
                                        denseOffsets, denseSizes);
                     });
    }
    rewriter.replaceOp(op, result);
  }
}

namespace {
struct NormalizeMoves : costate::impl::NormalizeMovesBase<NormalizeMoves> {
  void runOnOperation() override { normalizeMoves(getOperation()); }
};
} // namespace
