//===- BatchFunction.cpp - Functions of many samples at once ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "BatchFunction.h"

#include "costate/Batching/Batcher.h"
#include "costate/Batching/StructuredBatching.h"
#include "costate/Differentiation/Differentiation.h"

using namespace mlir;
using namespace costate;

FailureOr<func::FuncOp> costate::batchFunction(func::FuncOp function, const BitVector &varying,
                                               int64_t lanes) {
  IRRewriter rewriter(function.getContext());
  generalizeNamedOps(function);
  rewriter.setInsertionPoint(function);
  auto result =
      func::FuncOp::create(rewriter, function.getLoc(), function.getName(), function.getFunctionType());
  result.setPrivate();
  Block *body = result.addEntryBlock();
  rewriter.setInsertionPointToEnd(body);
  Batcher batcher(rewriter, lanes);
  for (BlockArgument argument : function.getArguments()) {
    BlockArgument batched = body->getArgument(argument.getArgNumber());
    bool varies = varying[argument.getArgNumber()];
    if (varies)
      batched.setType(batcher.varyingType(argument.getType()));
    batcher.map(argument, batched, varies);
  }
  Block &source = function.getBody().front();
  LogicalResult status = batcher.batchBody(source);
  SmallVector<Value> results;
  if (succeeded(status))
    for (Value value : source.getTerminator()->getOperands())
      results.push_back(batcher.lookupVarying(value));
  func::ReturnOp::create(rewriter, function.getLoc(), results);
  function.erase();
  if (failed(status)) {
    result.erase();
    return failure();
  }
  result.setFunctionType(FunctionType::get(result.getContext(), body->getArgumentTypes(),
                                           body->getTerminator()->getOperandTypes()));
  simplifyFunction(result);
  return result;
}
