//===- SharedReads.cpp - What the iterations of an scf.forall read of what they write ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "SharedReads.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

static bool areSame(tensor::ExtractSliceOp read, tensor::ParallelInsertSliceOp write) {
  return read.getMixedOffsets() == write.getMixedOffsets() && read.getMixedSizes() == write.getMixedSizes() &&
         read.getMixedStrides() == write.getMixedStrides();
}

void costate::readSharedOutputsFromOutside(scf::ForallOp forall) {
  for (auto [shared, before] : llvm::zip_equal(forall.getRegionIterArgs(), forall.getOutputs())) {
    SmallVector<tensor::ParallelInsertSliceOp> writes;
    for (OpOperand &use : shared.getUses())
      if (auto write = dyn_cast<tensor::ParallelInsertSliceOp>(use.getOwner());
          write && &write.getDestMutable() == &use)
        writes.push_back(write);
    shared.replaceUsesWithIf(before, [&](OpOperand &use) {
      if (auto write = dyn_cast<tensor::ParallelInsertSliceOp>(use.getOwner()))
        return &write.getDestMutable() != &use;
      auto read = dyn_cast<tensor::ExtractSliceOp>(use.getOwner());
      return !read || writes.size() != 1 || !areSame(read, writes.front());
    });
  }
}
