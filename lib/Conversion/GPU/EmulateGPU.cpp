//===- EmulateGPU.cpp - Kernels run by loops on the CPU ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/GPU/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEEMULATEGPU
#include "costate/Conversion/GPU/Passes.h.inc"
} // namespace costate

using namespace mlir;

namespace {

struct CostateEmulateGPU : costate::impl::CostateEmulateGPUBase<CostateEmulateGPU> {
  using CostateEmulateGPUBase::CostateEmulateGPUBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<gpu::LaunchFuncOp> launches;
    module.walk([&](gpu::LaunchFuncOp op) { launches.push_back(op); });
    for (gpu::LaunchFuncOp launch : launches)
      emulate(launch);
    for (auto kernels : llvm::make_early_inc_range(module.getOps<gpu::GPUModuleOp>()))
      kernels.erase();
    // The device is there: the other branch goes.
    SmallVector<func::CallOp> queries;
    module.walk([&](func::CallOp op) {
      if (op.getCallee() == "costate_gpu_ready")
        queries.push_back(op);
    });
    for (func::CallOp query : queries) {
      OpBuilder builder(query);
      query.getResult(0).replaceAllUsesWith(
          arith::ConstantIntOp::create(builder, query.getLoc(), builder.getI1Type(), 1).getResult());
      query.erase();
    }
    if (Operation *declaration = module.lookupSymbol("costate_gpu_ready"))
      declaration->erase();
    module->removeAttr(gpu::GPUDialect::getContainerModuleAttrName());
  }

  void emulate(gpu::LaunchFuncOp launch) {
    auto kernel = SymbolTable::lookupNearestSymbolFrom<gpu::GPUFuncOp>(launch, launch.getKernelAttr());
    OpBuilder builder(launch);
    Location loc = launch.getLoc();
    auto index = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
    Value blocks = launch.getGridSizeX();
    Value slice = index(launch->getAttrOfType<IntegerAttr>("costate.workspace_bytes").getInt());
    Value bytes = arith::MulIOp::create(builder, loc, blocks, slice);
    Value memory =
        memref::AllocOp::create(builder, loc, MemRefType::get({ShapedType::kDynamic}, builder.getI8Type()),
                                bytes, builder.getI64IntegerAttr(128));
    Value workspace =
        memref::ReinterpretCastOp::create(builder, loc, cast<MemRefType>(kernel.getArgument(1).getType()),
                                          memory, 0, ArrayRef<int64_t>{}, ArrayRef<int64_t>{});
    auto loop = scf::ForOp::create(builder, loc, index(0), blocks, index(1));
    IRMapping mapping;
    for (auto [argument, operand] : llvm::zip(kernel.getArguments(), launch.getKernelOperands()))
      mapping.map(argument, operand);
    mapping.map(kernel.getArgument(1), workspace);
    {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPoint(loop.getBody()->getTerminator());
      for (Operation &op : kernel.getBody().front().without_terminator()) {
        if (auto block = dyn_cast<gpu::BlockIdOp>(op))
          mapping.map(block.getResult(), loop.getInductionVar());
        else
          builder.clone(op, mapping);
      }
    }
    SmallVector<scf::ParallelOp> phases;
    loop.walk([&](scf::ParallelOp phase) { phases.push_back(phase); });
    for (scf::ParallelOp phase : phases)
      serialize(phase);
    memref::DeallocOp::create(builder, loc, memory);
    launch.erase();
  }

  void serialize(scf::ParallelOp phase) {
    OpBuilder builder(phase);
    Location loc = phase.getLoc();
    Value upper = phase.getUpperBound()[0], one = phase.getStep()[0];
    auto loop = scf::ForOp::create(builder, loc, phase.getLowerBound()[0], upper, one);
    builder.setInsertionPoint(loop.getBody()->getTerminator());
    Value thread = loop.getInductionVar();
    if (reverse)
      thread = arith::SubIOp::create(builder, loc, arith::SubIOp::create(builder, loc, upper, one), thread);
    phase.getInductionVars()[0].replaceAllUsesWith(thread);
    phase.getBody()->getTerminator()->erase();
    loop.getBody()->getOperations().splice(loop.getBody()->getTerminator()->getIterator(),
                                           phase.getBody()->getOperations());
    phase.erase();
  }
};

} // namespace
