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

/// From the beginning to the returns of a function, denormal arguments and results count as zero: a product
/// with a denormal number takes a hundred times as long as any other.
void flushDenormals(LLVM::LLVMFuncOp function) {
  constexpr int64_t flushToZero = 0x8000, denormalsAreZero = 0x40;
  Location loc = function.getLoc();
  auto builder = OpBuilder::atBlockBegin(&function.front());
  Type i32 = builder.getI32Type();
  Value one = LLVM::ConstantOp::create(builder, loc, i32, 1);
  auto createPlace = [&]() -> Value {
    return LLVM::AllocaOp::create(builder, loc, LLVM::LLVMPointerType::get(builder.getContext()), i32, one);
  };
  auto call = [&](StringRef intrinsic, Value place) {
    LLVM::CallIntrinsicOp::create(builder, loc, builder.getStringAttr(intrinsic), place);
  };
  Value before = createPlace(), during = createPlace();
  call("llvm.x86.sse.stmxcsr", before);
  Value state = LLVM::LoadOp::create(builder, loc, i32, before);
  Value bits = LLVM::ConstantOp::create(builder, loc, i32, flushToZero | denormalsAreZero);
  LLVM::StoreOp::create(builder, loc, LLVM::OrOp::create(builder, loc, state, bits), during);
  call("llvm.x86.sse.ldmxcsr", during);
  function.walk([&](LLVM::ReturnOp last) {
    builder.setInsertionPoint(last);
    call("llvm.x86.sse.ldmxcsr", before);
  });
}

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
      if (exported && flushDenormals)
        ::flushDenormals(function);
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
