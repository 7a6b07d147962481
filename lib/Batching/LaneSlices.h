//===- LaneSlices.h - Slices of batched tensors ------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_LANESLICES_H
#define COSTATE_LIB_BATCHING_LANESLICES_H

#include "costate/Batching/Batcher.h"

namespace costate {

/// Offsets, sizes or strides of a slice, with those of the lanes behind them.
inline mlir::SmallVector<mlir::OpFoldResult> withLanes(mlir::ArrayRef<mlir::OpFoldResult> values,
                                                       Batcher &batcher, int64_t last) {
  mlir::SmallVector<mlir::OpFoldResult> result;
  for (mlir::OpFoldResult value : values)
    result.push_back(mlir::isa<mlir::Value>(value)
                         ? mlir::OpFoldResult(batcher.lookup(mlir::cast<mlir::Value>(value)))
                         : value);
  result.push_back(batcher.getBuilder().getIndexAttr(last));
  return result;
}

inline mlir::SmallVector<mlir::OpFoldResult> elementSizes(size_t rank, Batcher &batcher) {
  mlir::SmallVector<mlir::OpFoldResult> sizes(rank, batcher.getBuilder().getIndexAttr(1));
  sizes.push_back(batcher.getBuilder().getIndexAttr(batcher.getLanes()));
  return sizes;
}

inline mlir::SmallVector<mlir::OpFoldResult> unitStrides(size_t rank, Batcher &batcher) {
  return mlir::SmallVector<mlir::OpFoldResult>(rank + 1, batcher.getBuilder().getIndexAttr(1));
}

} // namespace costate

#endif // COSTATE_LIB_BATCHING_LANESLICES_H
