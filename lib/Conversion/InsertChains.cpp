//===- InsertChains.cpp - Tensors put together from slices ------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "InsertChains.h"

#include "ParallelWrites.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

#include <set>

using namespace mlir;
using namespace costate;

namespace {

/// Whether no two slices of static places, without gaps, meet.
bool areDisjoint(ArrayRef<tensor::InsertSliceOp> slices, int64_t rank) {
  auto meet = [](tensor::InsertSliceOp a, tensor::InsertSliceOp b, int64_t dim) {
    return a.getStaticOffset(dim) < b.getStaticOffset(dim) + b.getStaticSize(dim) &&
           b.getStaticOffset(dim) < a.getStaticOffset(dim) + a.getStaticSize(dim);
  };
  // Where most begin at different places, few have to be compared.
  int64_t sweep = 0;
  size_t most = 0;
  for (int64_t dim = 0; dim < rank; ++dim) {
    std::set<int64_t> offsets;
    for (tensor::InsertSliceOp slice : slices)
      offsets.insert(slice.getStaticOffset(dim));
    if (offsets.size() > most) {
      sweep = dim;
      most = offsets.size();
    }
  }
  SmallVector<tensor::InsertSliceOp> sorted(slices);
  llvm::sort(sorted, [&](tensor::InsertSliceOp a, tensor::InsertSliceOp b) {
    return a.getStaticOffset(sweep) < b.getStaticOffset(sweep);
  });
  SmallVector<tensor::InsertSliceOp> open;
  for (tensor::InsertSliceOp slice : sorted) {
    llvm::erase_if(open, [&](tensor::InsertSliceOp other) { return !meet(slice, other, sweep); });
    for (tensor::InsertSliceOp other : open)
      if (llvm::all_of(llvm::seq(rank), [&](int64_t dim) { return meet(slice, other, dim); }))
        return false;
    open.push_back(slice);
  }
  return true;
}

/// The slices that cover a tensor which ends with the insertion of `last`, from the last to the first; empty
/// if they do not, or not for certain.
SmallVector<tensor::InsertSliceOp> coveringSlices(tensor::InsertSliceOp last) {
  SmallVector<tensor::InsertSliceOp> slices;
  RankedTensorType type = last.getDestType();
  if (!type.hasStaticShape() || type.getNumElements() == 0 ||
      llvm::any_of(last->getUsers(), [&](Operation *user) {
        auto next = dyn_cast<tensor::InsertSliceOp>(user);
        return next && next.getDest() == last.getResult();
      }))
    return {};
  // Slices without gaps that do not meet cover the start if their volumes do.
  int64_t volume = 0;
  for (tensor::InsertSliceOp op = last; op && volume < type.getNumElements();
       op = op.getDest().getDefiningOp<tensor::InsertSliceOp>()) {
    // What reads the slices before they are all there sees the start.
    if (op != last && !op->hasOneUse())
      return {};
    if (!op.hasUnitStride() || ShapedType::isDynamicShape(op.getStaticOffsets()) ||
        ShapedType::isDynamicShape(op.getStaticSizes()))
      return {};
    volume += ShapedType::getNumElements(op.getStaticSizes());
    slices.push_back(op);
  }
  if (volume != type.getNumElements() || !areDisjoint(slices, type.getRank()))
    return {};
  return slices;
}

/// Gives what is put together from slices its buffer.
class SlicePlacer {
public:
  explicit SlicePlacer(MLIRContext *context) : rewriter(context) {}

  void place(ArrayRef<tensor::InsertSliceOp> slices) {
    tensor::InsertSliceOp last = slices.front(), first = slices.back();
    // What computes a slice begins to do so in its view.
    SmallVector<OpOperand *> starts;
    Operation *earliest = first;
    DenseSet<OpOperand *> taken;
    for (tensor::InsertSliceOp slice : slices) {
      OpOperand *start = startOfSlice(slice, last);
      if (start && !taken.insert(start).second)
        start = nullptr;
      starts.push_back(start);
      if (start && start->getOwner()->isBeforeInBlock(earliest))
        earliest = start->getOwner();
    }

    Location loc = last.getLoc();
    RankedTensorType tensor = last.getDestType();
    auto type = MemRefType::get(tensor.getShape(), tensor.getElementType());
    Value buffer = takeDestination(last, type);
    bool isResult = bool(buffer);
    if (!isResult) {
      rewriter.setInsertionPoint(earliest);
      buffer = memref::AllocOp::create(rewriter, loc, type, rewriter.getI64IntegerAttr(bufferAlignment));
    }
    for (auto [placed, start] : llvm::zip_equal(slices, starts)) {
      tensor::InsertSliceOp slice = placed;
      MemRefType viewType = memref::SubViewOp::inferRankReducedResultType(
          slice.getSourceType().getShape(), type, slice.getStaticOffsets(), slice.getStaticSizes(),
          slice.getStaticStrides());
      rewriter.setInsertionPoint(start ? start->getOwner() : slice);
      Value view =
          memref::SubViewOp::create(rewriter, slice.getLoc(), viewType, buffer, slice.getMixedOffsets(),
                                    slice.getMixedSizes(), slice.getMixedStrides());
      if (start)
        start->set(bufferization::ToTensorOp::create(rewriter, slice.getLoc(), start->get().getType(), view,
                                                     /*restrict=*/true, /*writable=*/true));
      rewriter.setInsertionPoint(slice);
      bufferization::MaterializeInDestinationOp::create(rewriter, slice.getLoc(), Type(), slice.getSource(),
                                                        view, /*restrict=*/false, /*writable=*/true);
    }
    rewriter.setInsertionPoint(last);
    if (isResult)
      rewriter.eraseOp(last);
    else
      rewriter.replaceOpWithNewOp<bufferization::ToTensorOp>(last, tensor, buffer, /*restrict=*/true,
                                                             /*writable=*/true);
    for (tensor::InsertSliceOp slice : slices.drop_front())
      rewriter.eraseOp(slice);
  }

  static constexpr int64_t bufferAlignment = 64;

private:
  /// The buffer of the function that the whole goes to, if nothing else is ever there; the whole is then no
  /// longer written to it.
  Value takeDestination(tensor::InsertSliceOp last, MemRefType type) {
    using Write = bufferization::MaterializeInDestinationOp;
    auto write = last->hasOneUse() ? dyn_cast<Write>(*last->user_begin()) : Write();
    if (!write || !write->getNumResults() || !write->hasOneUse() || write->getBlock() != last->getBlock())
      return {};
    auto entered = write.getDest().getDefiningOp<bufferization::ToTensorOp>();
    auto leave = dyn_cast<Write>(*write->user_begin());
    if (!entered || !entered->hasOneUse() || !leave || leave.getDest() != entered.getBuffer())
      return {};
    Value buffer = entered.getBuffer();
    if (buffer.getType() != type || !isa<BlockArgument>(buffer) ||
        !llvm::all_of(buffer.getUsers(), [&](Operation *user) { return user == entered || user == leave; }))
      return {};
    rewriter.eraseOp(leave);
    rewriter.eraseOp(write);
    rewriter.eraseOp(entered);
    return buffer;
  }

  /// The operand that a slice begins to be computed from, if that holds nothing and nothing that happens
  /// after `last` touches what is computed: the analysis of bufferization does not know that the whole is in
  /// the same buffer.
  OpOperand *startOfSlice(tensor::InsertSliceOp slice, tensor::InsertSliceOp last) {
    OpOperand *start = nullptr;
    Value value = slice.getSource();
    while (!value.getDefiningOp<tensor::EmptyOp>()) {
      auto result = dyn_cast<OpResult>(value);
      if (!result || result.getOwner()->getBlock() != last->getBlock())
        return nullptr;
      for (OpOperand &use : value.getUses())
        if (&use != start && !isReadBefore(use, last))
          return nullptr;
      start = startOf(result);
      if (!start)
        return nullptr;
      value = start->get();
    }
    return start;
  }

  /// Whether a use reads a value, no later than an op runs, and gives its buffer to no other value.
  bool isReadBefore(OpOperand &use, Operation *op) {
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*use.getOwner());
    return ancestor && !op->isBeforeInBlock(ancestor) && !state.bufferizesToMemoryWrite(use) &&
           state.getAliasingValues(use).getNumAliases() == 0;
  }

  IRRewriter rewriter;
  bufferization::BufferizationOptions options;
  bufferization::AnalysisState state{options};
};

} // namespace

void costate::dropHiddenStarts(Operation *root) {
  IRRewriter rewriter(root->getContext());
  root->walk([&](tensor::InsertSliceOp last) {
    SmallVector<tensor::InsertSliceOp> slices = coveringSlices(last);
    if (slices.empty() || slices.back().getDest().getDefiningOp<tensor::EmptyOp>())
      return;
    tensor::InsertSliceOp first = slices.back();
    rewriter.setInsertionPoint(first);
    first.getDestMutable().assign(tensor::EmptyOp::create(rewriter, first.getLoc(),
                                                          last.getDestType().getShape(),
                                                          last.getDestType().getElementType())
                                      .getResult());
  });
}

void costate::placeSlices(Operation *root) {
  // Few slices may be computed where the whole goes, which bufferization sees.
  constexpr size_t many = 24;
  SmallVector<SmallVector<tensor::InsertSliceOp>> chains;
  root->walk([&](tensor::InsertSliceOp last) {
    SmallVector<tensor::InsertSliceOp> slices = coveringSlices(last);
    if (slices.size() >= many)
      chains.push_back(std::move(slices));
  });
  SlicePlacer placer(root->getContext());
  for (ArrayRef<tensor::InsertSliceOp> slices : chains)
    placer.place(slices);
}
