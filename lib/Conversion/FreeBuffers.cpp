//===- FreeBuffers.cpp - The buffers of exported functions, on the heap -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Exported.h"
#include "ReuseBuffers.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace costate {
#define GEN_PASS_DEF_FREEBUFFERS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {

/// The most that one buffer may take of the stack.
constexpr unsigned kStackBytes = 1024;

struct FreeBuffers : costate::impl::FreeBuffersBase<FreeBuffers> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (llvm::none_of(module.getOps<func::FuncOp>(),
                      [](func::FuncOp function) { return function->hasAttr(kExportedAttr); }))
      return;
    // Where the program says that it is done with a buffer, it is freed or reused as all others are.
    module.walk([](memref::DeallocOp free) {
      if (free.getMemref().getDefiningOp<memref::AllocOp>())
        free.erase();
    });
    for (auto function : module.getOps<func::FuncOp>())
      if (!function.isExternal())
        reuseBuffers(function);
    OpPassManager manager(ModuleOp::getOperationName());
    // A buffer that each iteration needs is allocated once.
    manager.addNestedPass<func::FuncOp>(bufferization::createBufferHoistingPass());
    manager.addNestedPass<func::FuncOp>(bufferization::createBufferLoopHoistingPass());
    bufferization::PromoteBuffersToStackPassOptions stack;
    stack.maxAllocSizeInBytes = kStackBytes;
    manager.addNestedPass<func::FuncOp>(bufferization::createPromoteBuffersToStackPass(stack));
    bufferization::buildBufferDeallocationPipeline(manager);
    if (failed(runPipeline(manager, module)))
      signalPassFailure();
  }
};

} // namespace
