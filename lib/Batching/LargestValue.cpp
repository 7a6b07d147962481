//===- LargestValue.cpp - How much room a point takes -----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "LargestValue.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

int64_t costate::largestPointwiseValue(func::FuncOp function, unsigned firstVarying) {
  Block &body = function.getBody().front();
  // What is only added up to a result is accumulated summand by summand.
  DenseSet<Value> accumulated;
  SmallVector<Value> work(body.getTerminator()->getOperands());
  while (!work.empty()) {
    Value value = work.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (!op || !value.hasOneUse() || !accumulated.insert(value).second)
      continue;
    if (isa<arith::AddFOp, tensor::ExpandShapeOp>(op))
      work.append(op->operand_begin(), op->operand_end());
    if (auto structured = dyn_cast<linalg::LinalgOp>(op))
      llvm::append_range(work, structured.getDpsInits());
  }
  DenseSet<Value> varying(body.args_begin() + firstVarying, body.args_end());
  int64_t largest = 0;
  for (Operation &op : body) {
    if (llvm::none_of(op.getOperands(), [&](Value operand) { return varying.contains(operand); }))
      continue;
    for (Value result : op.getResults()) {
      varying.insert(result);
      auto type = dyn_cast<RankedTensorType>(result.getType());
      if (type && type.hasStaticShape() && !accumulated.contains(result))
        largest = std::max(largest, type.getNumElements());
    }
  }
  return largest;
}
