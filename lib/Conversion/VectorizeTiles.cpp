//===- VectorizeTiles.cpp - Structured ops on memrefs to register tiles
//-----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "EmitTranspose.h"
#include "SumsFromZero.h"
#include "TilePlan.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace costate {
#define GEN_PASS_DEF_VECTORIZETILES
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// A copy as a generic op: it takes the same path as everything else and calls nothing.
static void generalizeCopy(IRRewriter &rewriter, memref::CopyOp copy) {
  auto type = cast<MemRefType>(copy.getTarget().getType());
  AffineMap map = rewriter.getMultiDimIdentityMap(type.getRank());
  SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::parallel);
  rewriter.setInsertionPoint(copy);
  rewriter.replaceOpWithNewOp<linalg::GenericOp>(
      copy, ValueRange{copy.getSource()}, ValueRange{copy.getTarget()}, ArrayRef<AffineMap>{map, map},
      iterators,
      [](OpBuilder &b, Location loc, ValueRange values) { linalg::YieldOp::create(b, loc, values[0]); });
}

namespace {
struct VectorizeTiles : costate::impl::VectorizeTilesBase<VectorizeTiles> {
  using VectorizeTilesBase::VectorizeTilesBase;

  void runOnOperation() override {
    Operation *root = getOperation();
    if (vectorBits != 128 && vectorBits != 256 && vectorBits != 512) {
      root->emitError("costate-vectorize-tiles: vector-bits is ")
          << vectorBits.getValue() << "; expected 128, 256 or 512";
      return signalPassFailure();
    }
    IRRewriter rewriter(&getContext());
    root->walk([&](memref::CopyOp copy) {
      if (isa<MemRefType>(copy.getSource().getType()) && isa<MemRefType>(copy.getTarget().getType()))
        generalizeCopy(rewriter, copy);
    });
    SmallVector<linalg::LinalgOp> ops;
    root->walk([&](linalg::LinalgOp op) {
      if (op.hasPureBufferSemantics())
        ops.push_back(op);
    });
    // Sums that start from zero start from registers.
    DenseMap<Operation *, linalg::FillOp> fills;
    for (linalg::LinalgOp op : ops)
      if (auto fill = dyn_cast<linalg::FillOp>(op.getOperation()))
        if (linalg::LinalgOp sums = findSumsOnto(fill))
          fills[sums] = fill;
    DenseSet<Operation *> delayed;
    for (auto &[sums, fill] : fills)
      delayed.insert(fill);
    for (linalg::LinalgOp op : ops) {
      if (delayed.contains(op))
        continue;
      lower(rewriter, op, fills.lookup(op));
    }
  }

  /// `start` fills what the op adds to with zero, or is null.
  void lower(IRRewriter &rewriter, linalg::LinalgOp op, linalg::FillOp start = nullptr) {
    rewriter.setInsertionPoint(op);
    if (auto transpose = dyn_cast<linalg::TransposeOp>(op.getOperation());
        transpose && emitTranspose(rewriter, transpose, vectorBits)) {
      rewriter.eraseOp(op);
      return;
    }
    auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
    if (!generic)
      if (auto generalized = linalg::generalizeNamedOp(rewriter, op); succeeded(generalized))
        generic = *generalized;
    FailureOr<TilePlan> plan = failure();
    if (generic) {
      op = generic;
      plan = planTile(generic, vectorBits);
    }
    // With the lanes reduced in several pieces, each piece adds to what the one before stored.
    bool fromRegisters =
        start && succeeded(plan) && (!plan->lanesReduced() || plan->laneSegments().size() == 1);
    if (fromRegisters) {
      plan->operands[plan->numInputs].isRead = false;
      rewriter.eraseOp(start);
    } else if (start) {
      lower(rewriter, start);
    }
    rewriter.setInsertionPoint(op);
    if (succeeded(plan)) {
      emitTile(rewriter, *plan);
      rewriter.eraseOp(op);
      return;
    }
    // No form in vectors: one point at a time.
    [[maybe_unused]] auto loops = linalg::linalgOpToLoops(rewriter, op);
    assert(succeeded(loops) && "an op on buffers can be written as loops");
    rewriter.eraseOp(op);
  }
};
} // namespace
