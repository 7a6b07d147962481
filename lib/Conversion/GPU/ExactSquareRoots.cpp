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
    SmallVector<LLVM::LLVMFuncOp> replaced;
    for (StringRef name : {"__nv_sqrtf", "__nv_sqrt", "__nv_rsqrtf", "__nv_rsqrt"})
      if (auto function = getOperation().lookupSymbol<LLVM::LLVMFuncOp>(name))
        replaced.push_back(function);
    getOperation().walk([&](LLVM::CallOp op) {
      StringRef name = op.getCallee().value_or("");
      if (!llvm::is_contained({"__nv_sqrtf", "__nv_sqrt", "__nv_rsqrtf", "__nv_rsqrt"}, name))
        return;
      rewriter.setInsertionPoint(op);
      Type type = op.getResult().getType();
      Value root = LLVM::SqrtOp::create(rewriter, op.getLoc(), op.getArgOperands()[0]);
      if (name.starts_with("__nv_r")) {
        Value one = LLVM::ConstantOp::create(rewriter, op.getLoc(), type, rewriter.getFloatAttr(type, 1.0));
        root = LLVM::FDivOp::create(rewriter, op.getLoc(), one, root);
      }
      rewriter.replaceOp(op, root);
    });
    for (LLVM::LLVMFuncOp function : replaced)
      function.erase();
  }
};

} // namespace
