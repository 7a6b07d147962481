//===- Bufferize.cpp - Tensors of level 4 to buffers ------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CarriedTensors.h"
#include "InsertChains.h"
#include "ParallelWrites.h"
#include "SharedReads.h"
#include "WrittenBuffers.h"
#include "costate/Conversion/Passes.h"
#include "costate/Differentiation/Canonicalizer.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
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
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEBUFFERIZE
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

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

/// Gives each op that does not read what it starts from a place of its own. Where that is, follows from where
/// the value goes.
void separateInits(ModuleOp module) {
  OpBuilder builder(module.getContext());
  module.walk([&](linalg::LinalgOp op) {
    if (!op.hasPureTensorSemantics())
      return;
    builder.setInsertionPoint(op);
    for (OpOperand &init : op.getDpsInitsMutable()) {
      auto type = cast<RankedTensorType>(init.get().getType());
      // What a map leaves out keeps what was there.
      if (op.payloadUsesValueFromOperand(&init) || !op.getMatchingIndexingMap(&init).isProjectedPermutation())
        continue;
      if (init.get().getDefiningOp<tensor::EmptyOp>() && init.get().hasOneUse())
        continue;
      init.set(tensor::EmptyOp::create(builder, op.getLoc(),
                                       tensor::getMixedSizes(builder, op.getLoc(), init.get()),
                                       type.getElementType()));
    }
  });
}

/// Enters buffers that are only read anew for each reader, lest the analysis of bufferization compare all
/// readers of a tensor with each other.
void separateReaders(func::FuncOp function) {
  OpBuilder builder(function.getContext());
  function.walk([&](bufferization::ToTensorOp read) {
    if (read.getWritable() || !read.getRestrict())
      return;
    builder.setInsertionPointAfter(read);
    bool isEntered = false;
    for (OpOperand &use : llvm::make_early_inc_range(read->getUses())) {
      auto op = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
      if (op ? !op.isDpsInput(&use) : !isa<tensor::ExtractOp, tensor::ExtractSliceOp>(use.getOwner()))
        continue;
      if (isEntered)
        use.set(builder.clone(*read)->getResult(0));
      isEntered = true;
    }
  });
}

/// Whether `late` may run after `op` has, as long as the blocks around both are not entered again.
bool runsAfter(Operation *late, Operation *op) {
  for (; op; op = op->getParentOp())
    if (Operation *ancestor = op->getBlock() ? op->getBlock()->findAncestorOpInBlock(*late) : nullptr)
      return op->isBeforeInBlock(ancestor);
  return false;
}

/// Computes what is inserted into a slice, or goes to a buffer, in its place.
LogicalResult computeInPlace(func::FuncOp function) {
  bufferization::OneShotBufferizationOptions options;
  bufferization::OneShotAnalysisState state(function, options);
  // As if everything could be in place: which can, the analysis of bufferization says.
  function.walk([&](bufferization::BufferizableOpInterface op) {
    for (OpOperand &operand : op->getOpOperands())
      if (isa<RankedTensorType>(operand.get().getType()))
        state.bufferizeInPlace(operand);
    for (OpResult result : op->getResults())
      if (isa<RankedTensorType>(result.getType()))
        for (bufferization::AliasingOpOperand alias : state.getAliasingOpOperands(result))
          if (alias.relation == bufferization::BufferRelation::Equivalent && alias.isDefinite)
            state.unionEquivalenceClasses(result, alias.opOperand->get());
  });
  // A value that is read after a write that must be in place cannot be there.
  bufferization::OneShotAnalysisState certain(function, options);
  auto extract = [&](RewriterBase &rewriter, SubsetInsertionOpInterface insertion, tensor::EmptyOp empty,
                     Operation *user) -> Value {
    if (isa<bufferization::MaterializeInDestinationOp>(insertion)) {
      // The write reads what an `scf.while` leaves, which is not known to be in the buffer that it started
      // from.
      bool isReadLater = isa<scf::WhileOp>(user);
      // A branch may make it one buffer with what is read at any time.
      auto read = [&](Value value) {
        isReadLater |= llvm::any_of(value.getUses(), [&](OpOperand &use) {
          return isYieldedByBranch(use) || runsAfter(use.getOwner(), insertion);
        });
      };
      for (OpOperand &operand : user->getOpOperands())
        if (operand.get() == empty)
          for (bufferization::AliasingValue alias : certain.getAliasingValues(operand))
            certain.applyOnAliases(alias.value, read);
      if (isReadLater)
        return {};
    }
    return bufferization::buildSubsetExtraction(rewriter, insertion, empty, user);
  };
  IRRewriter rewriter(function.getContext());
  return bufferization::eliminateEmptyTensors(rewriter, function, state, extract);
}

/// Says in tensors in which buffers values are to be.
LogicalResult place(func::FuncOp function) {
  carryInPlace(function, writeInParallel);
  exposeWrites(function, writeInParallel);
  separateReaders(function);
  placeSlices(function);
  return computeInPlace(function);
}

/// Runs what may fail, without a word.
LogicalResult quietly(MLIRContext *context, function_ref<LogicalResult()> run) {
  ScopedDiagnosticHandler silence(context, [](Diagnostic &) { return success(); });
  return run();
}

/// Begins again with the functions of `unplaced`, and with copies in those that bufferization refuses
/// otherwise.
LogicalResult placeAgain(ModuleOp module, ModuleOp unplaced) {
  bufferization::OneShotBufferizationOptions options;
  options.allowReturnAllocsFromLoops = true;
  for (auto [function, original] :
       llvm::zip_equal(module.getOps<func::FuncOp>(), unplaced.getOps<func::FuncOp>())) {
    if (function.isExternal())
      continue;
    Region copy;
    IRMapping mapping;
    original.getBody().cloneInto(&copy, mapping);
    function.getBody().takeBody(copy);
    if (failed(place(function)))
      return failure();
    bufferization::OneShotAnalysisState state(function, options);
    auto analyze = [&] { return bufferization::analyzeOp(function, state); };
    if (succeeded(quietly(function.getContext(), analyze)))
      continue;
    function.getBody().takeBody(original.getBody());
    carryInPlace(function, writeApart);
    exposeWrites(function, writeApart);
  }
  return success();
}

struct CostateBufferize : costate::impl::CostateBufferizeBase<CostateBufferize> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    OpPassManager control(ModuleOp::getOperationName());
    control.addNestedPass<func::FuncOp>(createLowerControl());
    if (failed(runPipeline(control, module)))
      return signalPassFailure();
    dropHiddenStarts(module);
    privatizeInits(module);

    // Elementwise arithmetic on tensors has no bufferization of its own.
    OpPassManager elementwise(ModuleOp::getOperationName());
    elementwise.addNestedPass<func::FuncOp>(createConvertElementwiseToLinalgPass());
    if (failed(runPipeline(elementwise, module)))
      return signalPassFailure();
    module.walk(readSharedOutputsFromOutside);
    separateInits(module);
    OwningOpRef<ModuleOp> unplaced = module.clone();
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal() && failed(place(function)))
        return signalPassFailure();

    OpPassManager bufferize(ModuleOp::getOperationName());
    bufferization::OneShotBufferizePassOptions options;
    options.bufferAlignment = 64;
    options.allowReturnAllocsFromLoops = true;
    bufferize.addPass(bufferization::createOneShotBufferizePass(options));
    auto run = [&] { return runPipeline(bufferize, module); };
    if (failed(quietly(&getContext(), run)) && (failed(placeAgain(module, *unplaced)) || failed(run())))
      return signalPassFailure();
    // CSE first: only then does canonicalization see that a copy's source and target are the same subview.
    OpPassManager simplify(ModuleOp::getOperationName());
    simplify.addPass(createCSEPass());
    simplify.addPass(createSoundCanonicalizerPass());
    if (failed(runPipeline(simplify, module)))
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
