//===- VectorizeTiles.cpp - Structured ops on memrefs to register tiles
//-----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "EmitTranspose.h"
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
    for (linalg::LinalgOp op : ops)
      if (failed(lower(rewriter, op)))
        return signalPassFailure();
  }

  LogicalResult lower(IRRewriter &rewriter, linalg::LinalgOp op) {
    rewriter.setInsertionPoint(op);
    if (auto transpose = dyn_cast<linalg::TransposeOp>(op.getOperation());
        transpose && emitTranspose(rewriter, transpose, vectorBits)) {
      rewriter.eraseOp(op);
      return success();
    }
    auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
    if (!generic)
      if (auto generalized = linalg::generalizeNamedOp(rewriter, op); succeeded(generalized))
        generic = *generalized;
    if (generic) {
      op = generic;
      rewriter.setInsertionPoint(op);
      if (auto plan = planTile(generic, vectorBits); succeeded(plan)) {
        emitTile(rewriter, *plan);
        rewriter.eraseOp(op);
        return success();
      }
    }
    // No form in vectors: one point at a time.
    if (failed(linalg::linalgOpToLoops(rewriter, op)))
      return op.emitError("costate-vectorize-tiles: cannot be written as loops");
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace
