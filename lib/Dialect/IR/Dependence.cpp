//===- Dependence.cpp - Which values depend on an argument ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Dependence.h"

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace costate;

/// Every value that `value` is computed from, itself included, within the function.
static SetVector<Value> backwardSlice(Value value) {
  SetVector<Value> seen;
  seen.insert(value);
  SmallVector<Value> worklist{value};
  auto visit = [&](Value next) {
    if (seen.insert(next))
      worklist.push_back(next);
  };
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    Operation *op = next.getDefiningOp();
    if (!op) {
      // An argument of a nested region takes its values from the op around it.
      op = cast<BlockArgument>(next).getOwner()->getParentOp();
      if (!op || isa<FunctionOpInterface>(op))
        continue;
    }
    op->walk([&](Operation *nested) { llvm::for_each(nested->getOperands(), visit); });
  }
  return seen;
}

bool costate::dependsOn(Value value, ValueRange inputs) {
  SetVector<Value> slice = backwardSlice(value);
  return llvm::any_of(inputs, [&](Value input) { return slice.contains(input); });
}

Operation *costate::findCorner(Value value, ValueRange inputs, SymbolTableCollection &symbols) {
  auto isReached = [&](Value operand) { return dependsOn(operand, inputs); };
  for (Value next : backwardSlice(value)) {
    Operation *op = next.getDefiningOp();
    if (!op)
      continue;
    if (auto dense = dyn_cast<DenseOp>(op))
      if (dense.getActivation() == Activation::relu && isReached(dense.getInput()))
        return op;
    if (auto conv = dyn_cast<ConvOp>(op))
      if (conv.getActivation() == Activation::relu && isReached(conv.getInput()))
        return op;
    if (auto pool = dyn_cast<PoolOp>(op))
      if (pool.getKind() == Pooling::max && isReached(pool.getInput()))
        return op;
    if (!isa<CallOp, func::CallOp>(op))
      continue;
    auto symbol = isa<CallOp>(op) ? cast<CallOp>(op).getCalleeAttr() : cast<func::CallOp>(op).getCalleeAttr();
    auto callee = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(op, symbol);
    // A function that calls itself is refused where functions are lowered; here it only must not loop.
    if (!callee || callee.isExternal() || callee->isAncestor(op))
      continue;
    SmallVector<Value> reached;
    for (auto [operand, argument] : llvm::zip(op->getOperands(), callee.getArguments()))
      if (isReached(operand))
        reached.push_back(argument);
    if (reached.empty())
      continue;
    Operation *terminator = callee.getFunctionBody().front().getTerminator();
    for (Value result : terminator->getOperands())
      if (Operation *corner = findCorner(result, reached, symbols))
        return corner;
  }
  return nullptr;
}
