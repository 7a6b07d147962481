//===- ExactSquareRoots.cpp - Correctly rounded square roots on a GPU ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/GPU/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEEXACTSQUAREROOTS
#include "costate/Conversion/GPU/Passes.h.inc"
} // namespace costate

using namespace mlir;

namespace {

struct CostateExactSquareRoots : costate::impl::CostateExactSquareRootsBase<CostateExactSquareRoots> {
  void runOnOperation() override {
    // The conversion to NVVM knows only libdevice's function for a square root, so this comes after it.
    IRRewriter rewriter(&getContext());
    getOperation().walk([&](LLVM::CallOp op) {
      if (op.getCallee() != "__nv_sqrtf" && op.getCallee() != "__nv_sqrt")
        return;
      rewriter.setInsertionPoint(op);
      rewriter.replaceOpWithNewOp<LLVM::SqrtOp>(op, op.getArgOperands()[0]);
    });
    for (StringRef name : {"__nv_sqrtf", "__nv_sqrt"})
      if (Operation *declaration = SymbolTable::lookupSymbolIn(getOperation(), name))
        declaration->erase();
  }
};

} // namespace
