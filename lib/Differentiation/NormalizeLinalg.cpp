//===- NormalizeLinalg.cpp - Linalg in the few ops that have rules ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Differentiation/Differentiation.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace costate;

namespace costate {
#define GEN_PASS_DEF_NORMALIZELINALG
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

namespace {
struct NormalizeLinalg : costate::impl::NormalizeLinalgBase<NormalizeLinalg> {
  void runOnOperation() override {
    if (failed(normalizeLinalg(getOperation())))
      signalPassFailure();
  }
};
} // namespace

/// A named contraction (matmul, matvec, dot, …) of plain floats as linalg.contract.
static void contractNamed(linalg::LinalgOp op, IRRewriter &rewriter) {
  rewriter.setInsertionPoint(op);
  auto contract = linalg::ContractOp::create(rewriter, op.getLoc(), op->getResultTypes(), op.getDpsInputs(),
                                             op.getDpsInits(), op.getIndexingMaps());
  rewriter.replaceOp(op, contract);
}

LogicalResult costate::normalizeLinalg(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  SmallVector<linalg::LinalgOp> ops;
  function.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
  for (linalg::LinalgOp op : ops) {
    if (!op.hasPureTensorSemantics())
      continue;
    if (isa<linalg::ContractionOpInterface>(op.getOperation()) && !isa<linalg::ContractOp>(op.getOperation()))
      contractNamed(op, rewriter);
  }
  return success();
}
