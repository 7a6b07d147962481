//===- FinalizeLLVM.cpp - What the target and the memory plan let LLVM assume -----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Exported.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEFINALIZELLVM
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {

bool isCostateAttr(NamedAttribute attr) { return attr.getName().getValue().starts_with("costate."); }

struct CostateFinalizeLLVM : costate::impl::CostateFinalizeLLVMBase<CostateFinalizeLLVM> {
  using CostateFinalizeLLVMBase::CostateFinalizeLLVMBase;

  void runOnOperation() override {
    OpBuilder builder(&getContext());
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>()) {
      bool exported = function->hasAttr(kExportedAttr);
      removeCostateAttrs(function);
      if (function.isExternal())
        continue;
      if (!exported && !function.getName().starts_with("costate_entry_"))
        function.setLinkage(LLVM::Linkage::Internal);
      function.setNoUnwind(true);
      if (!cpu.empty())
        function.setTargetCpu(cpu);
      if (!features.empty())
        function.setTargetFeaturesAttr(LLVM::TargetFeaturesAttr::get(&getContext(), features));
      // Register tiles are made for this width; the code generator must not halve it.
      function.setPreferVectorWidth(std::to_string(vectorBits));
      if (!fma)
        function.walk([&](LLVM::FMAOp op) {
          builder.setInsertionPoint(op);
          op.replaceAllUsesWith(
              LLVM::FMulAddOp::create(builder, op.getLoc(), op.getType(), op->getOperands()).getResult());
          op.erase();
        });
    }
    removeCostateAttrs(getOperation());
  }

  static void removeCostateAttrs(Operation *op) {
    for (NamedAttribute attr : llvm::to_vector(op->getDiscardableAttrs()))
      if (isCostateAttr(attr))
        op->removeAttr(attr.getName());
  }
};

} // namespace
