//===- VerifyLevel.cpp - What each level of the IR forbids ------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Pipelines/Passes.h"
#include "costate/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEVERIFYLEVEL
#include "costate/Pipelines/Passes.h.inc"
} // namespace costate

using namespace mlir;

/// The costate ops that are left below the problem, and the last level that holds them. All others end with
/// level 1.
static unsigned lastLevelOf(Operation *op) {
  if (isa<costate::YieldOp>(op)) // goes with what it is the end of
    return lastLevelOf(op->getParentOp());
  return llvm::StringSwitch<unsigned>(op->getName().stripDialect())
      .Cases({"diff", "derive", "call"}, 2)
      .Cases({"root", "fixed_point", "krylov_solve", "linear_solve", "lu", "lu_solve"}, 2)
      .Cases({"custom_derivative", "custom_call"}, 2)
      .Cases({"reduce_set", "map_set"}, 3)
      .Default(1);
}

/// Level 5 is the LLVM dialect, and kernels: NVVM in a gpu.module until it is embedded.
static bool belongsToLevel5(Operation *op) {
  return isa_and_nonnull<LLVM::LLVMDialect>(op->getDialect()) || isa<gpu::GPUModuleOp>(op) ||
         (isa_and_nonnull<NVVM::NVVMDialect>(op->getDialect()) && op->getParentOfType<gpu::GPUModuleOp>());
}

/// A function for others of the module, which is inlined on the way to level 4.
static bool isInlinedBelowLevel4(func::FuncOp function) {
  return function.isPrivate() && !function.isExternal() && !function->hasAttr("costate.entry");
}

/// A call of what a library exports, which is inlined as well: the interface of C is for others.
static bool callsExported(func::CallOp call) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
  return callee && callee.isPublic() && !callee.isExternal();
}

/// The functions that call each other from `function` back to it, or none.
static SmallVector<func::FuncOp> findCycle(func::FuncOp function) {
  DenseMap<Operation *, func::FuncOp> callers; // of each function that it reaches, the first found
  SmallVector<func::FuncOp> reached = {function};
  for (size_t i = 0; i < reached.size(); ++i) {
    func::FuncOp caller = reached[i];
    caller.walk([&](func::CallOp call) {
      auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
      if (callee && callers.insert({callee, caller}).second && callee != function)
        reached.push_back(callee);
    });
  }
  SmallVector<func::FuncOp> cycle;
  for (func::FuncOp at = callers.lookup(function); at;
       at = at == function ? func::FuncOp() : callers.lookup(at))
    cycle.insert(cycle.begin(), at);
  return cycle;
}

static std::string whyNotInlined(func::FuncOp function) {
  SmallVector<func::FuncOp> cycle = findCycle(function);
  if (cycle.empty())
    return "pointwise functions are inlined into tiles";
  std::string path;
  for (func::FuncOp caller : cycle)
    path += ("@" + caller.getName() + " -> ").str();
  return "it calls itself, and what is recursive cannot be inlined: " + path + "@" + function.getName().str();
}

unsigned costate::detectLevel(ModuleOp module) {
  // A module without ops may become anything.
  unsigned level = module.getBody()->empty() ? 1 : 5;
  module.walk([&](Operation *op) {
    if (isa<ModuleOp>(op))
      return;
    if (isa_and_nonnull<CostateDialect>(op->getDialect()))
      level = std::min(level, lastLevelOf(op));
    else if (auto function = dyn_cast<func::FuncOp>(op); function && isInlinedBelowLevel4(function))
      level = std::min(level, 3u);
    else if (auto call = dyn_cast<func::CallOp>(op); call && callsExported(call))
      level = std::min(level, 3u);
    else if (!belongsToLevel5(op))
      level = std::min(level, 4u);
  });
  return level;
}

namespace {

struct CostateVerifyLevel : costate::impl::CostateVerifyLevelBase<CostateVerifyLevel> {
  using CostateVerifyLevelBase::CostateVerifyLevelBase;

  void runOnOperation() override {
    bool failed = false;
    auto reject = [&](Operation *op, const Twine &why) {
      op->emitOpError() << "is not allowed at level " << level.getValue() << ": " << why;
      failed = true;
    };
    markAllAnalysesPreserved();
    getOperation().walk([&](Operation *op) {
      if (level < 5 && isa<LLVM::LLVMDialect>(op->getDialect()))
        reject(op, "the LLVM dialect belongs to level 5");
      else if (isa_and_nonnull<costate::CostateDialect>(op->getDialect()) && level > lastLevelOf(op))
        reject(op, "a pass before should have resolved it");
      else if (auto function = dyn_cast<func::FuncOp>(op);
               function && level == 4 && isInlinedBelowLevel4(function) && !function.getNoInline())
        reject(op, whyNotInlined(function));
      else if (level == 5 && !isa<ModuleOp>(op) && !belongsToLevel5(op))
        reject(op, "only the LLVM dialect is left, and NVVM in a gpu.module");
    });
    if (failed)
      signalPassFailure();
  }
};

} // namespace
