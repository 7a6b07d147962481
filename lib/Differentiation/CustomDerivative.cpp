//===- CustomDerivative.cpp - Derivatives that the program states -----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Differentiation/CustomDerivative.h"

#include "Prepare.h"

#include "mlir/IR/IRMapping.h"

#include "costate/Differentiation/CustomDerivativeInterface.cpp.inc"

using namespace mlir;
using namespace costate;

FailureOr<SmallVector<Value>> costate::inlineDifferentiable(OpBuilder &builder, func::FuncOp function,
                                                            ValueRange arguments) {
  FailureOr<func::FuncOp> copy = prepare(function, /*wrt=*/{}, "costate_inlined");
  if (failed(copy))
    return failure();
  Block &body = copy->getBody().front();
  IRMapping mapping;
  mapping.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  SmallVector<Value> results = llvm::map_to_vector(
      body.getTerminator()->getOperands(), [&](Value value) { return mapping.lookupOrDefault(value); });
  copy->erase();
  return results;
}
