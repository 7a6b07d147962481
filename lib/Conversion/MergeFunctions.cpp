//===- MergeFunctions.cpp - Equal functions become one ----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// The step and the gradient of a problem without multipliers do the same to every point. What they share is
// compiled once.
//
//===------------------------------------------------------------------------------------------------------===//
#include "EqualFunctions.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace costate {
#define GEN_PASS_DEF_MERGEFUNCTIONS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// Whether nothing outside of the module can see it.
static bool isInternal(FunctionOpInterface function) {
  if (auto lowered = dyn_cast<LLVM::LLVMFuncOp>(function.getOperation()))
    return lowered.getLinkage() == LLVM::Linkage::Internal || lowered.getLinkage() == LLVM::Linkage::Private;
  return function.isPrivate();
}

namespace {
struct MergeFunctions : costate::impl::MergeFunctionsBase<MergeFunctions> {
  void runOnOperation() override {
    // Callers of what was merged may be equal now.
    bool changed = false;
    while (merge())
      changed = true;
    if (!changed)
      markAllAnalysesPreserved();
  }

  bool merge() {
    SymbolTableCollection tables;
    SymbolUserMap users(tables, getOperation());
    DenseMap<size_t, SmallVector<FunctionOpInterface>> kept; // By hash.
    bool changed = false;
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<FunctionOpInterface>())) {
      if (function.isExternal() || !isInternal(function))
        continue;
      SmallVector<FunctionOpInterface> &similar = kept[hashFunction(function)];
      auto *equal =
          llvm::find_if(similar, [&](FunctionOpInterface other) { return areEqual(other, function); });
      if (equal == similar.end()) {
        similar.push_back(function);
        continue;
      }
      users.replaceAllUsesWith(function, equal->getNameAttr());
      function->erase();
      changed = true;
    }
    return changed;
  }
};
} // namespace
