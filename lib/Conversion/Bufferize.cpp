//===- Bufferize.cpp - Tensors of level 4 to buffers ------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEBUFFERIZE
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;

namespace {

/// Copies within one buffer layout become memcpy; all others are loops, lest they become library calls.
bool isContiguous(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  return type.areTrailingDimsContiguous(type.getRank());
}

struct CostateBufferize : costate::impl::CostateBufferizeBase<CostateBufferize> {
  void runOnOperation() override {
    ModuleOp module = getOperation();

    // What is inserted into a slice is best computed there.
    OpPassManager before(ModuleOp::getOperationName());
    before.addPass(bufferization::createEmptyTensorEliminationPass());
    bufferization::OneShotBufferizePassOptions options;
    options.bufferAlignment = 64;
    before.addPass(bufferization::createOneShotBufferizePass(options));
    // CSE first: only then does canonicalization see that a copy's source and target are the same subview.
    before.addPass(createCSEPass());
    before.addPass(createCanonicalizerPass());
    if (failed(runPipeline(before, module)))
      return signalPassFailure();

    IRRewriter rewriter(&getContext());
    module.walk([&](memref::CopyOp copy) {
      if (isContiguous(copy.getSource()) && isContiguous(copy.getTarget()))
        return;
      rewriter.setInsertionPoint(copy);
      rewriter.replaceOpWithNewOp<linalg::CopyOp>(copy, copy.getSource(), copy.getTarget());
    });
  }
};

} // namespace
