//===- Activity.cpp - Which values depend on given ones ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Activity.h"
#include "ExprBuilder.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace costate;

SmallVector<Value> costate::capturedBy(Operation *op) {
  SetVector<Value> captured;
  if (op->getNumRegions() > 0)
    getUsedValuesDefinedAbove(op->getRegions(), captured);
  return captured.takeVector();
}

bool costate::definesActive(Operation &op, const ValueSet &active) {
  return llvm::any_of(op.getResults(), [&](Value result) { return active.contains(result); });
}

bool costate::takesActive(Operation &op, const ValueSet &active, Dependence dependence) {
  if (isa<ShapedDimOpInterface, tensor::RankOp>(op))
    return false;
  auto rule = dyn_cast<DifferentiableOpInterface>(op);
  bool byRule = rule && dependence == Dependence::Differentiable && rule.getRuleKind() != RuleKind::None;
  if (byRule && rule.getRuleKind() == RuleKind::Zero)
    return false;
  for (unsigned i = 0; i < op.getNumOperands(); ++i)
    if (active.contains(op.getOperand(i)) && (!byRule || rule.isDifferentiable(i)))
      return true;
  return llvm::any_of(capturedBy(&op), [&](Value value) { return active.contains(value); });
}

/// Adds each target whose source is in the set.
static void propagate(ValueRange sources, ValueRange targets, ValueSet &active) {
  for (auto [source, target] : llvm::zip_equal(sources, targets))
    if (active.contains(source))
      active.insert(target);
}

static void addOfLoop(scf::ForOp loop, ValueSet &active, Dependence dependence) {
  Block &body = *loop.getBody();
  OperandRange yielded = body.getTerminator()->getOperands();
  propagate(loop.getInitArgs(), loop.getRegionIterArgs(), active);
  for (size_t before = 0; before != active.size();) {
    before = active.size();
    addDependents(body, active, dependence);
    propagate(yielded, loop.getRegionIterArgs(), active);
  }
  propagate(yielded, loop.getResults(), active);
  propagate(loop.getRegionIterArgs(), loop.getResults(), active); // of no iteration
}

static void addOfLoop(scf::WhileOp loop, ValueSet &active, Dependence dependence) {
  auto forwarded = loop.getConditionOp().getArgs();
  propagate(loop.getInits(), loop.getBeforeArguments(), active);
  for (size_t before = 0; before != active.size();) {
    before = active.size();
    addDependents(*loop.getBeforeBody(), active, dependence);
    propagate(forwarded, loop.getAfterArguments(), active);
    addDependents(*loop.getAfterBody(), active, dependence);
    propagate(loop.getYieldOp().getOperands(), loop.getBeforeArguments(), active);
  }
  propagate(forwarded, loop.getResults(), active);
}

bool costate::isDecidedByBody(Operation &op) {
  auto structured = dyn_cast<linalg::LinalgOp>(op);
  auto rule = dyn_cast<DifferentiableOpInterface>(op);
  return structured && op.getNumRegions() == 1 && !op.getRegion(0).empty() &&
         structured.hasPureTensorSemantics() && (!rule || rule.getRuleKind() == RuleKind::None);
}

static void addOfBody(linalg::LinalgOp op, ValueSet &active) {
  Block &body = *op.getBlock();
  auto enter = [&](OpOperand &operand) {
    if (active.contains(operand.get()))
      active.insert(op.getMatchingBlockArgument(&operand));
  };
  llvm::for_each(op->getOpOperands(), enter);
  OperandRange yielded = body.getTerminator()->getOperands();
  for (size_t before = 0; before != active.size();) {
    before = active.size();
    addDependents(body, active, Dependence::Differentiable);
    propagate(yielded, op.getRegionOutputArgs(), active);
  }
  propagate(yielded, op->getResults(), active);
}

void costate::addDependents(Operation &op, ValueSet &active, Dependence dependence) {
  if (!takesActive(op, active, dependence))
    return;
  if (dependence == Dependence::Differentiable && isDecidedByBody(op))
    return addOfBody(cast<linalg::LinalgOp>(op), active);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return addOfLoop(loop, active, dependence);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return addOfLoop(loop, active, dependence);
  if (auto conditional = dyn_cast<scf::IfOp>(op)) {
    for (Region &region : conditional->getRegions()) {
      if (region.empty())
        continue;
      addDependents(region.front(), active, dependence);
      propagate(region.front().getTerminator()->getOperands(), conditional.getResults(), active);
    }
    return;
  }
  for (Value result : op.getResults())
    if (dependence == Dependence::Any || hasTangent(result.getType()))
      active.insert(result);
}

void costate::addDependents(Block &block, ValueSet &active, Dependence dependence) {
  for (Operation &op : block.without_terminator())
    addDependents(op, active, dependence);
}
