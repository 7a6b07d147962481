//===- VerifyLinear.cpp - Proves that ops are linear, before they are transposed --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "VerifyLinear.h"
#include "ExprBuilder.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace costate;

static bool takesActive(Operation *op, const ValueSet &active) {
  auto isActive = [&](Value value) { return active.contains(value); };
  if (llvm::any_of(op->getOperands(), isActive))
    return true;
  if (op->getNumRegions() == 0)
    return false;
  SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  return llvm::any_of(captured, isActive);
}

void costate::addDependents(Block &block, ValueSet &active) {
  for (Operation &op : block.without_terminator()) {
    if (!takesActive(&op, active))
      continue;
    if (auto conditional = dyn_cast<scf::IfOp>(op)) {
      for (Region &region : conditional->getRegions()) {
        if (region.empty())
          continue;
        addDependents(region.front(), active);
        for (auto [yielded, result] :
             llvm::zip_equal(region.front().getTerminator()->getOperands(), conditional.getResults()))
          if (active.contains(yielded))
            active.insert(result);
      }
      continue;
    }
    for (Value result : op.getResults())
      if (hasTangent(result.getType()))
        active.insert(result);
  }
}

/// Every operand in which the op is linear has to be active or zero: it is affine otherwise.
static LogicalResult verifyOp(DifferentiableOpInterface op, const ValueSet &active) {
  auto vanishes = [&](Value value) { return active.contains(value) || isZeroValue(value); };
  for (unsigned i = 0; i < op->getNumOperands(); ++i)
    if (!op.isDifferentiable(i) && active.contains(op->getOperand(i)))
      return failure();
  switch (op.getRuleKind()) {
  case RuleKind::Linear:
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      if (op.isDifferentiable(i) && !vanishes(op->getOperand(i)))
        return failure();
    return success();
  case RuleKind::Bilinear: {
    Value lhs = op->getOperand(0), rhs = op->getOperand(1);
    if (active.contains(lhs) && active.contains(rhs))
      return failure();
    if (!vanishes(lhs) && !vanishes(rhs))
      return failure();
    return success(op->getNumOperands() < 3 || vanishes(op->getOperand(2)));
  }
  default:
    return failure();
  }
}

LogicalResult costate::verifyLinear(Block &block, const ValueSet &active) {
  bool failed = false;
  for (Operation &op : block.without_terminator()) {
    if (auto conditional = dyn_cast<scf::IfOp>(op)) {
      for (Region &region : conditional->getRegions()) {
        if (region.empty())
          continue;
        failed |= mlir::failed(verifyLinear(region.front(), active));
        for (auto [yielded, result] :
             llvm::zip_equal(region.front().getTerminator()->getOperands(), conditional.getResults()))
          if (active.contains(result) && !active.contains(yielded) && !isZeroValue(yielded)) {
            region.front().getTerminator()->emitOpError()
                << "yields a value that is not linear in what is transposed";
            failed = true;
          }
      }
      continue;
    }
    if (llvm::none_of(op.getResults(), [&](Value result) { return active.contains(result); }))
      continue;
    auto rule = dyn_cast<DifferentiableOpInterface>(op);
    if (!rule || mlir::failed(verifyOp(rule, active))) {
      op.emitOpError() << "is not linear in what is transposed";
      failed = true;
    }
  }
  return failure(failed);
}
