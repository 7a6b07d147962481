//===- TilePlan.h - How one structured op is cut into register tiles
//--------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_TILEPLAN_H
#define COSTATE_LIB_CONVERSION_TILEPLAN_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace costate {

/// How an operand is read or written when the lanes of a vector walk along one loop dimension.
enum class LaneAccess {
  Uniform,    ///< The same element for every lane: one scalar, broadcast.
  Contiguous, ///< Neighbouring elements: one vector load or store.
  Gathered    ///< Anything else: one scalar load per lane.
};

struct TileOperand {
  mlir::Value value;
  mlir::AffineMap map;
  LaneAccess lane = LaneAccess::Uniform;
  bool isScalar = false; ///< Not a memref: the value itself.
  bool isOutput = false;
  bool isRead = true; ///< Outputs only: the body uses the old value.
};

/// A piece of the lane dimension: `count` steps of `vectors` vectors of `width` lanes from `start` on.
struct LaneSegment {
  int64_t start, count, vectors, width;
};

/// The register tile of a `linalg.generic` on memrefs and the order of its loops.
struct TilePlan {
  mlir::linalg::GenericOp op;
  llvm::SmallVector<int64_t> extents;
  llvm::SmallVector<bool> isReduction;
  llvm::SmallVector<TileOperand> operands; ///< Inputs, then outputs.
  unsigned numInputs = 0;
  unsigned lane = 0;               ///< The dimension along which vectors run.
  int64_t width = 1;               ///< Lanes of a full vector.
  int64_t vectors = 1;             ///< Vectors side by side along the lane dimension.
  llvm::SmallVector<int64_t> tile; ///< Extent of the register tile along each parallel dimension.
  int64_t chains = 1;              ///< Independent accumulator chains along the innermost reduction loop.
  bool opByOp = false;             ///< Emit each op of the body for all points before the next op.
  bool powerOfTwoTails = false;    ///< Tails of tiled dimensions are cut into powers of two.
  llvm::SmallVector<mlir::Operation *> combiners; ///< Per output, for reductions; null when not understood.

  bool lanesReduced() const { return isReduction[lane]; }
  bool hasReduction() const { return llvm::is_contained(isReduction, true); }
  mlir::Block *body() const { return mlir::linalg::GenericOp(op).getBody(); }
  llvm::SmallVector<LaneSegment> laneSegments() const;
};

/// The op by which the body folds a value into output `index`, if the old value flows through a chain of the
/// same commutative op (or of additions and subtractions) into the result; null otherwise.
mlir::Operation *findCombiner(mlir::linalg::LinalgOp op, unsigned index);

/// Chooses lane dimension and register tile for a machine with vectors of `vectorBits`. Fails if the op has
/// no form in vectors: dynamic extents, bodies that are not elementwise, outputs that no dimension walks
/// contiguously.
mlir::FailureOr<TilePlan> planTile(mlir::linalg::GenericOp op, int64_t vectorBits);

/// Writes the loops of the plan before its op; the caller erases the op.
void emitTile(mlir::OpBuilder &builder, const TilePlan &plan);

/// Adds the lanes of each accumulator, with `combine` for the sum of two vectors, by a tree of shuffles whose
/// shape depends on counts alone. `count` and the lanes are powers of two and count <= lanes. The lanes of
/// the result hold accumulator 0, 1, ... in order, each repeated lanes / count times.
mlir::Value reduceLanes(mlir::OpBuilder &builder, mlir::Location loc,
                        llvm::ArrayRef<mlir::Value> accumulators,
                        llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> combine);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_TILEPLAN_H
