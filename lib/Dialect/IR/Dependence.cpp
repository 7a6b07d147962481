//===- Dependence.cpp - Which values depend on an argument ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Dependence.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
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
