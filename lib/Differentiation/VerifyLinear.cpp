//===- VerifyLinear.cpp - Proves that ops are linear, before they are transposed --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "VerifyLinear.h"
#include "ExprBuilder.h"
#include "costate/Differentiation/CustomDerivative.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"
#include "costate/Differentiation/ImplicitFunction.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace costate;

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
  case RuleKind::Solve:
    return success(!active.contains(op->getOperand(0)) && vanishes(op->getOperand(1)));
  default:
    return failure();
  }
}

/// The solution of a linear equation is linear in the right side, and in nothing else.
static bool isLinearSolve(Operation *op, const ValueSet &active) {
  auto implicit = dyn_cast<ImplicitFunctionInterface>(op);
  return implicit && implicit.getEquationKind() == EquationKind::Linear &&
         active.contains(op->getOperand(0)) &&
         llvm::none_of(capturedBy(op), [&](Value value) { return active.contains(value); });
}

/// A pushforward is linear in its last operands, all of which have to be active or zero.
static bool isPushforward(Operation *op, const ValueSet &active) {
  auto custom = dyn_cast<CustomDerivativeInterface>(op);
  std::optional<unsigned> first = custom ? custom.getFirstTangent() : std::nullopt;
  if (!first)
    return false;
  OperandRange operands = op->getOperands();
  return llvm::none_of(operands.take_front(*first), [&](Value value) { return active.contains(value); }) &&
         llvm::all_of(operands.drop_front(*first),
                      [&](Value value) { return active.contains(value) || isZeroValue(value); });
}

/// Where a region gives back what is active, it has to give an active value or zero.
static LogicalResult verifyForwarded(Operation *terminator, ValueRange forwarded, ValueRange targets,
                                     const ValueSet &active) {
  for (auto [value, target] : llvm::zip_equal(forwarded, targets))
    if (active.contains(target) && !active.contains(value) && !isZeroValue(value))
      return terminator->emitOpError() << "yields a value that is not linear in what is transposed";
  return success();
}

/// What branch is taken, or how often, is no linear function.
static LogicalResult verifyControl(Operation &op, const ValueSet &active) {
  auto loop = dyn_cast<scf::ForOp>(op);
  OperandRange control = op.getOperands().take_front(loop ? loop.getNumControlOperands() : 1);
  if (llvm::any_of(control, [&](Value value) { return active.contains(value); }))
    return op.emitOpError() << "is not linear in what is transposed: "
                            << (loop ? "its bounds depend" : "its condition depends") << " on it";
  return success();
}

static LogicalResult verifyInits(Operation *loop, ValueRange inits, ValueRange arguments,
                                 const ValueSet &active) {
  for (auto [i, init] : llvm::enumerate(inits))
    if (active.contains(arguments[i]) && !active.contains(init) && !isZeroValue(init))
      return loop->emitOpError() << "begins with a value at " << i
                                 << " that is not linear in what is transposed";
  return success();
}

LogicalResult costate::verifyLinear(Block &block, const ValueSet &active) {
  bool failed = false;
  for (Operation &op : block.without_terminator()) {
    if (auto conditional = dyn_cast<scf::IfOp>(op)) {
      failed |= mlir::failed(verifyControl(op, active));
      for (Region &region : conditional->getRegions()) {
        if (region.empty())
          continue;
        Operation *yield = region.front().getTerminator();
        failed |= mlir::failed(verifyLinear(region.front(), active));
        failed |=
            mlir::failed(verifyForwarded(yield, yield->getOperands(), conditional.getResults(), active));
      }
      continue;
    }
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      Operation *yield = loop.getBody()->getTerminator();
      failed |= mlir::failed(verifyControl(op, active));
      failed |= mlir::failed(verifyInits(loop, loop.getInitArgs(), loop.getRegionIterArgs(), active));
      failed |= mlir::failed(verifyLinear(*loop.getBody(), active));
      failed |= mlir::failed(verifyForwarded(yield, yield->getOperands(), loop.getRegionIterArgs(), active));
      continue;
    }
    if (!takesActive(op, active))
      continue;
    if (isLinearSolve(&op, active) || isPushforward(&op, active))
      continue;
    auto rule = dyn_cast<DifferentiableOpInterface>(op);
    if (!rule || mlir::failed(verifyOp(rule, active))) {
      op.emitOpError() << "is not linear in what is transposed";
      failed = true;
    }
  }
  return failure(failed);
}
