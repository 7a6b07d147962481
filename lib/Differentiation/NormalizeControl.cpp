//===- NormalizeControl.cpp - Structured control flow in the ops that have derivatives --------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "NormalizeControl.h"

#include "costate/Differentiation/Passes.h"

#include "mlir/Conversion/AffineToStandard/AffineToStandard.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/DialectConversion.h"

namespace costate {
#define GEN_PASS_DEF_LOWERCONTROL
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

static LogicalResult lowerAffine(func::FuncOp function) {
  bool any = function
                 .walk([](Operation *op) {
                   return isa<affine::AffineDialect>(op->getDialect()) ? WalkResult::interrupt()
                                                                       : WalkResult::advance();
                 })
                 .wasInterrupted();
  if (!any)
    return success();
  RewritePatternSet patterns(function.getContext());
  populateAffineToStdConversionPatterns(patterns);
  ConversionTarget target(*function.getContext());
  target.addLegalDialect<arith::ArithDialect, memref::MemRefDialect, scf::SCFDialect>();
  return applyPartialConversion(function, target, std::move(patterns));
}

static SmallVector<Value> cloneBody(OpBuilder &b, Block &block, IRMapping &mapping) {
  for (Operation &op : block.without_terminator())
    b.clone(op, mapping);
  return llvm::map_to_vector(block.getTerminator()->getOperands(),
                             [&](Value value) { return mapping.lookupOrDefault(value); });
}

/// A conditional for each case, in the else branch of the one before.
static void replaceSwitch(scf::IndexSwitchOp op) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  IRMapping mapping;
  SmallVector<Value> results;
  auto createFrom = [&](auto &&createFrom, OpBuilder &b, unsigned i) -> SmallVector<Value> {
    if (i == op.getNumCases())
      return cloneBody(b, op.getDefaultBlock(), mapping);
    Value equal = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, op.getArg(),
                                        arith::ConstantIndexOp::create(b, loc, op.getCases()[i]).getResult());
    auto conditional = scf::IfOp::create(
        b, loc, equal,
        [&](OpBuilder &inside, Location) {
          scf::YieldOp::create(inside, loc, cloneBody(inside, op.getCaseBlock(i), mapping));
        },
        [&](OpBuilder &inside, Location) {
          scf::YieldOp::create(inside, loc, createFrom(createFrom, inside, i + 1));
        });
    return llvm::to_vector_of<Value>(conditional.getResults());
  };
  op->replaceAllUsesWith(createFrom(createFrom, builder, 0));
  op.erase();
}

/// Iterations in the order of loops; what they reduce to is carried.
static void replaceParallel(scf::ParallelOp op) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto body = [&](OpBuilder &b, Location, ValueRange at, ValueRange carried) -> scf::ValueVector {
    IRMapping mapping;
    mapping.map(op.getInductionVars(), at);
    SmallVector<Value> operands = cloneBody(b, *op.getBody(), mapping);
    auto reduce = cast<scf::ReduceOp>(op.getBody()->getTerminator());
    scf::ValueVector next;
    for (auto [region, sum, operand] : llvm::zip_equal(reduce.getReductions(), carried, operands)) {
      IRMapping inner;
      inner.map(region.front().getArguments(), ValueRange{sum, operand});
      next.push_back(cloneBody(b, region.front(), inner).front());
    }
    return next;
  };
  scf::LoopNest nest = scf::buildLoopNest(builder, loc, op.getLowerBound(), op.getUpperBound(), op.getStep(),
                                          op.getInitVals(), body);
  op->replaceAllUsesWith(nest.results);
  op.erase();
}

/// Every iteration reads the shared outputs as they were before, and puts its slices into what is carried.
static void replaceForall(scf::ForallOp op) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto toValues = [&](ArrayRef<OpFoldResult> bounds) {
    return getValueOrCreateConstantIndexOp(builder, loc, bounds);
  };
  auto body = [&](OpBuilder &b, Location, ValueRange at, ValueRange carried) -> scf::ValueVector {
    IRMapping mapping;
    mapping.map(op.getInductionVars(), at);
    mapping.map(op.getRegionIterArgs(), op.getOutputs());
    for (Operation &inner : op.getBody()->without_terminator())
      b.clone(inner, mapping);
    scf::ValueVector next(carried.begin(), carried.end());
    for (Operation &inner : op.getTerminator().getYieldingOps()) {
      auto put = cast<tensor::ParallelInsertSliceOp>(inner);
      unsigned i = cast<BlockArgument>(put.getDest()).getArgNumber() - op.getRank();
      auto mapped = [&](SmallVector<OpFoldResult> values) {
        for (OpFoldResult &value : values)
          if (auto dynamic = dyn_cast<Value>(value))
            value = mapping.lookupOrDefault(dynamic);
        return values;
      };
      next[i] = tensor::InsertSliceOp::create(b, loc, mapping.lookupOrDefault(put.getSource()), next[i],
                                              mapped(put.getMixedOffsets()), mapped(put.getMixedSizes()),
                                              mapped(put.getMixedStrides()));
    }
    return next;
  };
  scf::LoopNest nest =
      scf::buildLoopNest(builder, loc, toValues(op.getMixedLowerBound()), toValues(op.getMixedUpperBound()),
                         toValues(op.getMixedStep()), op.getOutputs(), body);
  op->replaceAllUsesWith(nest.results);
  op.erase();
}

LogicalResult costate::normalizeControl(func::FuncOp function) {
  if (failed(lowerAffine(function)))
    return failure();
  function.walk([](Operation *op) { // inner ones first
    if (auto conditional = dyn_cast<scf::IndexSwitchOp>(op))
      replaceSwitch(conditional);
    else if (auto loop = dyn_cast<scf::ParallelOp>(op))
      replaceParallel(loop);
    else if (auto loop = dyn_cast<scf::ForallOp>(op);
             loop && llvm::all_of(loop.getTerminator().getYieldingOps(),
                                  [](Operation &inner) { return isa<tensor::ParallelInsertSliceOp>(inner); }))
      replaceForall(loop);
  });
  return success();
}

namespace {
struct LowerControl : costate::impl::LowerControlBase<LowerControl> {
  void runOnOperation() override {
    auto isControl = [](Operation *op) {
      return isa<affine::AffineForOp, affine::AffineIfOp, affine::AffineParallelOp>(op)
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    };
    func::FuncOp function = getOperation();
    if (function.walk(isControl).wasInterrupted() && failed(lowerAffine(function)))
      return signalPassFailure();
    function.walk([](Operation *op) {
      if (auto conditional = dyn_cast<scf::IndexSwitchOp>(op))
        replaceSwitch(conditional);
      else if (auto loop = dyn_cast<scf::ParallelOp>(op);
               loop && llvm::any_of(loop.getResultTypes(), llvm::IsaPred<TensorType>))
        replaceParallel(loop);
    });
  }
};
} // namespace
