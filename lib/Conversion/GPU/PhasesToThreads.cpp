//===- PhasesToThreads.cpp - Phases run by the threads of a block, with barriers --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Conversion/GPU/Passes.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEPHASESTOTHREADS
#include "costate/Conversion/GPU/Passes.h.inc"
} // namespace costate

using namespace mlir;

namespace {

struct CostatePhasesToThreads : costate::impl::CostatePhasesToThreadsBase<CostatePhasesToThreads> {
  void runOnOperation() override {
    for (auto kernel : getOperation().getOps<gpu::GPUFuncOp>()) {
      OpBuilder builder = OpBuilder::atBlockBegin(&kernel.getBody().front());
      thread = gpu::ThreadIdOp::create(builder, kernel.getLoc(), gpu::Dimension::x);
      (void)lower(kernel.getBody().front(), /*read=*/false);
    }
  }

  /// `read` says whether threads may have read memory since the last barrier, on entry and as the result.
  bool lower(Block &block, bool read) {
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (isa<memref::LoadOp>(op)) {
        read = true;
      } else if (auto phase = dyn_cast<scf::ParallelOp>(op)) {
        inlinePhase(phase, read);
        read = false;
      } else if (op.getNumRegions() != 0) {
        // A loop's second iteration follows its first; which region ran last is not known.
        bool loads = read;
        op.walk([&](memref::LoadOp load) { loads |= !load->getParentOfType<scf::ParallelOp>(); });
        for (Region &region : op.getRegions())
          for (Block &nested : region)
            lower(nested, loads);
        read = loads;
      }
    }
    return read;
  }

  void inlinePhase(scf::ParallelOp phase, bool read) {
    OpBuilder builder(phase);
    if (read)
      gpu::BarrierOp::create(builder, phase.getLoc());
    phase.getInductionVars()[0].replaceAllUsesWith(thread);
    Block *body = phase.getBody();
    body->getTerminator()->erase();
    phase->getBlock()->getOperations().splice(phase->getIterator(), body->getOperations());
    gpu::BarrierOp::create(builder, phase.getLoc());
    phase.erase();
  }

  Value thread;
};

} // namespace
