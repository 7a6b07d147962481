//===- StructuredBatching.h - Batching of linalg ops --------------------------------------------*- C++
//-*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_BATCHING_STRUCTUREDBATCHING_H
#define COSTATE_BATCHING_STRUCTUREDBATCHING_H

#include "costate/Batching/Batcher.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace costate {

/// Makes generic ops of the structured ops below `root` that are not yet what can take one more loop: a
/// contraction, a fill or a generic op.
void generalizeNamedOps(mlir::Operation *root);

/// Gives `op` one more loop, over the lanes and innermost, in every varying operand and in the results.
mlir::LogicalResult batchStructured(mlir::linalg::LinalgOp op, Batcher &batcher);

/// Whether a result that starts from `value` starts from zero.
bool isZeroInit(mlir::Value value);

/// A tensor of `type`, whose last dimension are lanes, that is one where the flat place in the others is the
/// number of the lane plus `first`, and zero elsewhere. It is computed, so that it takes no code, unless it
/// is small.
mlir::Value unitLanes(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType type,
                      int64_t first);

/// Adds the sum over the lanes of `value`, a varying value of the sample's code, to `accumulator`, which has
/// the shape of `value`. A sum of contractions is accumulated contraction by contraction, with the lanes as
/// one more reduction, so that no product is formed for each lane.
mlir::Value accumulateOverLanes(mlir::Value value, mlir::Value accumulator, Batcher &batcher);

/// The same for any value, a uniform one included, as one sum of its lanes.
mlir::Value sumOverLanes(mlir::Value value, mlir::Value accumulator, Batcher &batcher);

/// The greater of `accumulator` and the greatest lane of `value`, elementwise.
mlir::Value maximumOverLanes(mlir::Value value, mlir::Value accumulator, Batcher &batcher);

} // namespace costate

#endif // COSTATE_BATCHING_STRUCTUREDBATCHING_H
