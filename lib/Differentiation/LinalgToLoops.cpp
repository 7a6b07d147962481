//===- LinalgToLoops.cpp - Linalg on tensors as loops over elements ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "LinalgToLoops.h"

#include "Activity.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace costate;

/// One iteration: what the outputs are after it.
static SmallVector<Value> iteration(OpBuilder &b, linalg::LinalgOp op, ValueRange at, ValueRange carried) {
  Location loc = op.getLoc();
  IRMapping mapping;
  auto place = [&](OpOperand *operand) {
    return *affine::expandAffineMap(b, loc, op.getMatchingIndexingMap(operand), at);
  };
  for (OpOperand &operand : op->getOpOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(&operand);
    Value whole = operand.get();
    if (op.isDpsInit(&operand))
      whole = carried[operand.getOperandNumber() - op.getNumDpsInputs()];
    if (!isa<RankedTensorType>(whole.getType()))
      mapping.map(argument, whole);
    else if (!argument.use_empty())
      mapping.map(argument, tensor::ExtractOp::create(b, loc, whole, place(&operand)));
  }
  for (Operation &inner : op.getBlock()->without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
      mapping.map(index.getResult(), at[index.getDim()]);
      continue;
    }
    // An index may be read in a region of the body, too.
    b.clone(inner, mapping)->walk([&](linalg::IndexOp index) {
      index.replaceAllUsesWith(at[index.getDim()]);
      index.erase();
    });
  }
  SmallVector<Value> next;
  for (auto [i, yielded] : llvm::enumerate(op.getBlock()->getTerminator()->getOperands()))
    next.push_back(tensor::InsertOp::create(b, loc, mapping.lookupOrDefault(yielded), carried[i],
                                            place(op.getDpsInitOperand(i))));
  return next;
}

/// Loops with one iteration for each element, which carry `outputs`.
static scf::ValueVector
createLoops(OpBuilder &builder, Location loc, ArrayRef<OpFoldResult> extents, ValueRange outputs,
            function_ref<SmallVector<Value>(OpBuilder &, ValueRange, ValueRange)> iteration) {
  SmallVector<Value> lower, upper, steps;
  for (OpFoldResult extent : extents) {
    lower.push_back(arith::ConstantIndexOp::create(builder, loc, 0));
    upper.push_back(getValueOrCreateConstantIndexOp(builder, loc, extent));
    steps.push_back(arith::ConstantIndexOp::create(builder, loc, 1));
  }
  return scf::buildLoopNest(
             builder, loc, lower, upper, steps, outputs,
             [&](OpBuilder &b, Location, ValueRange at, ValueRange carried) -> scf::ValueVector {
               SmallVector<Value> next = iteration(b, at, carried);
               return scf::ValueVector(next.begin(), next.end());
             })
      .results;
}

static void replaceByLoops(linalg::LinalgOp op) {
  OpBuilder builder(op);
  Location loc = op.getLoc();
  SmallVector<OpFoldResult> extents =
      llvm::map_to_vector(op.createLoopRanges(builder, loc), [](const Range &range) { return range.size; });
  SmallVector<Value> outputs(op.getDpsInits());
  op->replaceAllUsesWith(
      createLoops(builder, loc, extents, outputs, [&](OpBuilder &b, ValueRange at, ValueRange carried) {
        return iteration(b, op, at, carried);
      }));
  op->erase();
}

/// An elementwise op on tensors.
static void replaceByLoops(Operation *op) {
  OpBuilder builder(op);
  Location loc = op->getLoc();
  // The last operand is a tensor: the first of a selection may be a condition for all elements.
  SmallVector<OpFoldResult> extents = tensor::getMixedSizes(builder, loc, op->getOperands().back());
  SmallVector<Value> outputs;
  for (Type type : op->getResultTypes())
    outputs.push_back(tensor::EmptyOp::create(builder, loc, extents, getElementTypeOrSelf(type)));
  scf::ValueVector results =
      createLoops(builder, loc, extents, outputs, [&](OpBuilder &b, ValueRange at, ValueRange carried) {
        SmallVector<Value> operands, next;
        for (Value operand : op->getOperands())
          operands.push_back(isa<RankedTensorType>(operand.getType())
                                 ? tensor::ExtractOp::create(b, loc, operand, at).getResult()
                                 : operand);
        SmallVector<Type> types =
            llvm::map_to_vector(op->getResultTypes(), [](Type type) { return getElementTypeOrSelf(type); });
        Operation *scalar = clone(b, op, types, operands);
        for (auto [element, output] : llvm::zip_equal(scalar->getResults(), carried))
          next.push_back(tensor::InsertOp::create(b, loc, element, output, at));
        return next;
      });
  op->replaceAllUsesWith(results);
  op->erase();
}

static bool isDynamic(Type type) {
  auto shaped = dyn_cast<RankedTensorType>(type);
  return shaped && !shaped.hasStaticShape();
}

static bool takesDynamic(Operation *op) { return llvm::any_of(op->getOperandTypes(), isDynamic); }

static bool hasRule(Operation *op) {
  auto rule = dyn_cast<DifferentiableOpInterface>(op);
  return rule && rule.getRuleKind() != RuleKind::None;
}

void costate::lowerToLoops(func::FuncOp function, ValueRange sources) {
  ValueSet active(sources.begin(), sources.end());
  addDependents(function.getBody().front(), active, Dependence::Differentiable);
  SmallVector<Operation *> ops;
  function.walk([&](Operation *op) {
    if (!definesActive(*op, active))
      return;
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    bool ofTensors = linalgOp && linalgOp.hasPureTensorSemantics();
    // Sizes are read off loops, but off none of the other ops.
    bool elementwise = OpTrait::hasElementwiseMappableTraits(op) && takesDynamic(op);
    if (elementwise || (ofTensors && (!hasRule(op) || takesDynamic(op))))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
      replaceByLoops(linalgOp);
    else
      replaceByLoops(op);
  }
}
