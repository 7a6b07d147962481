//===- DecomposeAggregates.cpp - Aggregated ops as the ops they stand for ---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "DecomposeAggregates.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace costate {
#define GEN_PASS_DEF_DECOMPOSEAGGREGATES
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

void costate::decomposeAggregates(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  SmallVector<linalg::AggregatedOpInterface> ops;
  function.walk([&](linalg::AggregatedOpInterface op) {
    if (llvm::all_of(op->getResultTypes(), llvm::IsaPred<RankedTensorType>))
      ops.push_back(op);
  });
  for (linalg::AggregatedOpInterface op : ops) {
    rewriter.setInsertionPoint(op);
    // What cannot be decomposed stays, and is an error where something is to be done with it.
    if (FailureOr<SmallVector<Value>> values = op.decomposeOperation(rewriter); succeeded(values))
      rewriter.replaceOp(op, *values);
  }
}

namespace {
struct DecomposeAggregates : costate::impl::DecomposeAggregatesBase<DecomposeAggregates> {
  void runOnOperation() override { decomposeAggregates(getOperation()); }
};
} // namespace
