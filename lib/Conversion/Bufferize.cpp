//===- Bufferize.cpp - Tensors of level 4 to buffers ------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEBUFFERIZE
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;

namespace {

/// Copies within one buffer layout become memcpy; all others are loops, lest they become library calls.
bool isContiguous(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  return type.areTrailingDimsContiguous(type.getRank());
}

/// Gives each op that starts from a filled tensor a fill of its own, and turns splat constants that are
/// started from into fills. Filling is cheaper than the copy that bufferization would make of a shared start,
/// and of a constant.
void privatizeInits(ModuleOp module) {
  IRRewriter rewriter(module.getContext());
  SmallVector<OpOperand *> inits;
  module.walk([&](DestinationStyleOpInterface op) {
    for (OpOperand &init : op.getDpsInitsMutable())
      inits.push_back(&init);
  });
  module.walk([&](LoopLikeOpInterface loop) {
    for (OpOperand &init : loop.getInitsMutable())
      inits.push_back(&init);
  });
  for (OpOperand *init : inits) {
    Operation *user = init->getOwner();
    Operation *producer = init->get().getDefiningOp();
    auto type = dyn_cast<RankedTensorType>(init->get().getType());
    if (!producer || !type || isa<linalg::FillOp>(user))
      continue;
    rewriter.setInsertionPoint(user);
    DenseElementsAttr constant;
    if (auto fill = dyn_cast<linalg::FillOp>(producer)) {
      if (fill->hasOneUse())
        continue;
      Value empty = tensor::EmptyOp::create(
          rewriter, fill.getLoc(), tensor::getMixedSizes(rewriter, fill.getLoc(), fill.getOutputs()[0]),
          type.getElementType());
      init->set(linalg::FillOp::create(rewriter, fill.getLoc(), fill.getInputs(), empty).getResult(0));
    } else if (matchPattern(producer, m_Constant(&constant)) && constant.isSplat()) {
      Value value =
          arith::ConstantOp::create(rewriter, producer->getLoc(), constant.getSplatValue<TypedAttr>());
      Value empty =
          tensor::EmptyOp::create(rewriter, producer->getLoc(), type.getShape(), type.getElementType());
      init->set(linalg::FillOp::create(rewriter, producer->getLoc(), value, empty).getResult(0));
    }
  }
}

/// Slices put together over a start that none of it shows through: the start need not hold anything.
void dropHiddenStarts(ModuleOp module) {
  IRRewriter rewriter(module.getContext());
  module.walk([&](tensor::InsertSliceOp last) {
    if (llvm::any_of(last->getUsers(), [&](Operation *user) {
          auto next = dyn_cast<tensor::InsertSliceOp>(user);
          return next && next.getDest() == last.getResult();
        }))
      return;
    // Slices without gaps that do not meet cover the start if their volumes do.
    SmallVector<tensor::InsertSliceOp> slices;
    RankedTensorType type = last.getDestType();
    int64_t volume = 0;
    for (tensor::InsertSliceOp op = last; op; op = op.getDest().getDefiningOp<tensor::InsertSliceOp>()) {
      // What reads the slices before they are all there sees the start.
      if (op != last && !op->hasOneUse())
        return;
      if (!op.hasUnitStride() || ShapedType::isDynamicShape(op.getStaticOffsets()) ||
          ShapedType::isDynamicShape(op.getStaticSizes()) || !type.hasStaticShape())
        return;
      for (tensor::InsertSliceOp other : slices) {
        FailureOr<bool> meet = ValueBoundsConstraintSet::areOverlappingSlices(
            op->getContext(), HyperrectangularSlice(op), HyperrectangularSlice(other));
        if (failed(meet) || *meet)
          return;
      }
      volume += ShapedType::getNumElements(op.getStaticSizes());
      slices.push_back(op);
      Value start = op.getDest();
      if (volume == type.getNumElements() && !start.getDefiningOp<tensor::EmptyOp>()) {
        rewriter.setInsertionPoint(op);
        op.getDestMutable().assign(
            tensor::EmptyOp::create(rewriter, op.getLoc(), type.getShape(), type.getElementType())
                .getResult());
        return;
      }
    }
  });
}

/// Says in tensors what is written to a buffer that is also read, so that the analysis orders the write after
/// the reads of the value that it overwrites; what reads it later still gets a copy. The copy of the buffer
/// to itself that is left goes away afterwards.
void exposeWrites(ModuleOp module) {
  IRRewriter rewriter(module.getContext());
  SmallVector<bufferization::MaterializeInDestinationOp> writes;
  module.walk([&](bufferization::MaterializeInDestinationOp write) { writes.push_back(write); });
  for (auto write : writes)
    for (Operation *user : write.getDest().getUsers()) {
      auto read = dyn_cast<bufferization::ToTensorOp>(user);
      if (!read || !read.getWritable() || read.getType() != write.getSource().getType())
        continue;
      auto isLate = [&](OpOperand &use) {
        Operation *ancestor = write->getBlock()->findAncestorOpInBlock(*use.getOwner());
        return ancestor && write->isBeforeInBlock(ancestor);
      };
      auto type = cast<RankedTensorType>(read.getType());
      if (type.hasStaticShape() && llvm::any_of(read->getUses(), isLate)) {
        rewriter.setInsertionPointAfter(read);
        Value copy = bufferization::AllocTensorOp::create(rewriter, read.getLoc(), type, ValueRange(),
                                                          read.getResult());
        read.getResult().replaceUsesWithIf(copy, isLate);
      }
      rewriter.setInsertionPoint(write);
      Value result = bufferization::MaterializeInDestinationOp::create(
                         rewriter, write.getLoc(), read.getType(), write.getSource(), read.getResult())
                         .getResult();
      write.getSourceMutable().assign(result);
      break;
    }
}

/// Whether what a loop yields is computed where `carried` is, as bufferization sees it.
bool isInPlace(Value yielded, Value carried) {
  Operation *op = nullptr;
  while (yielded != carried) {
    auto result = dyn_cast<OpResult>(yielded);
    if (!result)
      return false;
    op = result.getOwner();
    if (auto destination = dyn_cast<DestinationStyleOpInterface>(op))
      yielded = destination.getTiedOpOperand(result)->get();
    else if (auto insert = dyn_cast<tensor::InsertSliceOp>(op))
      yielded = insert.getDest();
    else if (auto insert = dyn_cast<tensor::InsertOp>(op))
      yielded = insert.getDest();
    else if (auto loop = dyn_cast<scf::ForOp>(op))
      yielded = loop.getInitArgs()[result.getResultNumber()];
    else if (auto loop = dyn_cast<scf::WhileOp>(op); loop && loop.getInits().size() == loop.getNumResults())
      yielded = loop.getInits()[result.getResultNumber()];
    else
      return false;
  }
  // What is carried must not be read any more once it is written to.
  return !op || llvm::all_of(carried.getUsers(), [&](Operation *user) {
    Operation *ancestor = op->getBlock()->findAncestorOpInBlock(*user);
    return ancestor && (ancestor == op || ancestor->isBeforeInBlock(op));
  });
}

/// Puts what a loop yields into the buffer that it carries, so that no iteration needs a new one. Where the
/// value can be computed there at once, `computeInPlace` removes the copy.
void carryInPlace(Operation *yield, unsigned position, Value carried) {
  OpOperand &yielded = yield->getOpOperand(position);
  if (!isa<RankedTensorType>(carried.getType()) || isInPlace(yielded.get(), carried))
    return;
  OpBuilder builder(yield);
  yielded.set(bufferization::MaterializeInDestinationOp::create(builder, yield->getLoc(), carried.getType(),
                                                                yielded.get(), carried)
                  .getResult());
}

void carryInPlace(ModuleOp module) {
  module.walk([&](scf::ForOp loop) {
    for (auto [i, carried] : llvm::enumerate(loop.getRegionIterArgs()))
      carryInPlace(loop.getBody()->getTerminator(), i, carried);
  });
  module.walk([&](scf::WhileOp loop) {
    for (auto [i, before] : llvm::enumerate(loop.getBeforeArguments()))
      for (auto [forwarded, after] :
           llvm::zip_equal(loop.getConditionOp().getArgs(), loop.getAfterArguments()))
        if (forwarded == before) {
          carryInPlace(loop.getYieldOp(), i, after);
          break;
        }
  });
}

/// Computes what is inserted into a slice, or leaves to a buffer that the function only writes, in its place.
LogicalResult computeInPlace(ModuleOp module) {
  bufferization::OneShotBufferizationOptions options;
  options.allowReturnAllocsFromLoops = true;
  bufferization::OneShotAnalysisState state(module, options);
  if (failed(bufferization::analyzeOp(module, state)))
    return failure();
  auto extract = [](RewriterBase &rewriter, SubsetInsertionOpInterface insertion, tensor::EmptyOp empty,
                    Operation *user) -> Value {
    // A buffer that is also read may still be needed when the first value is written; the analysis of tensors
    // does not see that, because the buffer would be entered a second time.
    if (auto leave = dyn_cast<bufferization::MaterializeInDestinationOp>(insertion.getOperation()))
      if (isa<BaseMemRefType>(leave.getDest().getType()) && !leave.getDest().hasOneUse())
        return Value();
    return bufferization::buildSubsetExtraction(rewriter, insertion, empty, user);
  };
  IRRewriter rewriter(module.getContext());
  return bufferization::eliminateEmptyTensors(rewriter, module, state, extract);
}

struct CostateBufferize : costate::impl::CostateBufferizeBase<CostateBufferize> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    exposeWrites(module);
    dropHiddenStarts(module);
    privatizeInits(module);

    // Elementwise arithmetic on tensors has no bufferization of its own.
    OpPassManager elementwise(ModuleOp::getOperationName());
    elementwise.addNestedPass<func::FuncOp>(createConvertElementwiseToLinalgPass());
    if (failed(runPipeline(elementwise, module)))
      return signalPassFailure();
    carryInPlace(module);
    if (failed(computeInPlace(module)))
      return signalPassFailure();

    OpPassManager bufferize(ModuleOp::getOperationName());
    bufferization::OneShotBufferizePassOptions options;
    options.bufferAlignment = 64;
    bufferize.addPass(bufferization::createOneShotBufferizePass(options));
    // CSE first: only then does canonicalization see that a copy's source and target are the same subview.
    bufferize.addPass(createCSEPass());
    bufferize.addPass(createCanonicalizerPass());
    if (failed(runPipeline(bufferize, module)))
      return signalPassFailure();

    IRRewriter rewriter(&getContext());
    module.walk([&](memref::CopyOp copy) {
      if (isContiguous(copy.getSource()) && isContiguous(copy.getTarget()))
        return;
      rewriter.setInsertionPoint(copy);
      rewriter.replaceOpWithNewOp<linalg::CopyOp>(copy, copy.getSource(), copy.getTarget());
    });
  }
};

} // namespace
