//===- TileEmitter.h - What writes the loops of a register tile ---------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_TILEEMITTER_H
#define COSTATE_LIB_CONVERSION_TILEEMITTER_H

#include "TilePlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <map>

namespace costate {

/// Where a loop dimension stands: a value plus a constant.
struct Position {
  mlir::Value base; ///< Null for zero.
  int64_t offset = 0;
};

/// Writes the loops of a register tile: the loops themselves (EmitTile.cpp), the sums of lanes that end
/// reductions along them (EmitLaneSums.cpp), the body at each point (EmitTileBody.cpp), and loads and stores
/// (EmitTileAccess.cpp).
class TileEmitter {
public:
  TileEmitter(mlir::OpBuilder &builder, const TilePlan &plan)
      : b(builder), plan(plan), loc(plan.op->getLoc()), position(plan.extents.size()), size(plan.tile),
        numOutputs(plan.operands.size() - plan.numInputs) {}

  void emit() { emitParallel(0); }

private:
  using Values = mlir::SmallVector<mlir::Value>;

  mlir::Value index(int64_t value) { return mlir::arith::ConstantIndexOp::create(b, loc, value); }
  mlir::Value add(Position p) {
    if (!p.base)
      return index(p.offset);
    return p.offset ? mlir::arith::AddIOp::create(b, loc, p.base, index(p.offset)).getResult() : p.base;
  }
  mlir::Type laneType(mlir::Type element) const {
    return width > 1 ? mlir::cast<mlir::Type>(mlir::VectorType::get(width, element)) : element;
  }
  mlir::Value broadcast(mlir::Value value) {
    if (width == 1 || mlir::isa<mlir::VectorType>(value.getType()))
      return value;
    return mlir::vector::BroadcastOp::create(b, loc, mlir::cast<mlir::VectorType>(laneType(value.getType())),
                                             value);
  }

  /// for (i = start; i < start + count * step; i += step), written out when short. The body gets the
  /// position.
  Values loop(int64_t start, int64_t count, int64_t step, Values carried,
              llvm::function_ref<Values(Position, Values)> body);

  Values loopBetween(mlir::Value start, mlir::Value end, Values carried,
                     llvm::function_ref<Values(Position, Values)> body, int64_t step = 1);

  /// The extent of a dimension that the shapes of buffers tell only when the program runs.
  mlir::Value dynamicExtent(unsigned dim);

  /// Blocks along the parallel dimensions from `dim` on; the lanes come last.
  void emitParallel(unsigned dim);

  void emitLanes();

  /// Calls `body` with the offsets of every point of the register tile, in row-major order; the vectors come
  /// last.
  void forEachPoint(llvm::function_ref<void(mlir::ArrayRef<int64_t>)> body);

  /// One register tile with lanes in parallel: old values, the reduction loops, new values.
  void emitBlock();

  /// The loops over the reduction dimensions from `dim` on; the lanes, if they are reduced, come innermost.
  Values emitReduction(unsigned dim, Values accumulators);

  Values emitLaneReduction(Values accumulators);

  /// One step of the reduction for every accumulator of the tile.
  Values emitTileStep(Values accumulators);

  /// Lanes as a reduction: vectors of partial sums, then one tree for up to `width` of them.
  void emitReducedLanes();

  void finishReducedLanes(unsigned output, const Values &accumulators);

  /// How many of the points from `first` on lie next to each other in the output, as a power of two.
  int64_t contiguousRun(const TileOperand &output, mlir::ArrayRef<mlir::SmallVector<int64_t>> points,
                        size_t first, size_t end);

  /// The body at every point of the tile; `accumulators` are the old values of the outputs in a reduction,
  /// else they are loaded. Point by point, which keeps few intermediate values, or op by op, which keeps few
  /// loads.
  Values emitPoints(mlir::ArrayRef<mlir::Value> accumulators);

  /// The value of a body at one point. Operands are loaded when first asked for.
  mlir::Value lookup(mlir::Value value, mlir::IRMapping &map, mlir::ArrayRef<int64_t> offsets);

  void emitOp(mlir::Operation &op, mlir::IRMapping &map, mlir::ArrayRef<int64_t> offsets);

  /// x * y + z and z - x * y as one FMA when the product has no other use.
  bool emitFMA(mlir::Operation &op, mlir::IRMapping &map, mlir::ArrayRef<int64_t> offsets);

  /// The one use is an addition or subtraction in the body that takes this product first.
  bool onlyInFMA(mlir::arith::MulFOp mul);

  /// Lets the code generator fuse what stays separate here.
  mlir::Value contracted(mlir::Value value);

  mlir::Value zero(const TileOperand &operand);

  mlir::Value neutral(unsigned output);

  mlir::Value emitCombiner(unsigned output, mlir::Value x, mlir::Value y);

  mlir::Value expand(mlir::AffineExpr expr, mlir::ArrayRef<int64_t> offsets);

  Values indices(const TileOperand &operand, mlir::ArrayRef<int64_t> offsets);

  mlir::Value read(const TileOperand &operand, mlir::ArrayRef<int64_t> offsets, bool asVector);

  /// Loads an operand at one point: once for all points of a step that agree in the dimensions it depends on.
  mlir::Value load(const TileOperand &operand, mlir::ArrayRef<int64_t> offsets, bool cache = false,
                   unsigned number = 0);

  void store(mlir::Value value, const TileOperand &operand, mlir::ArrayRef<int64_t> offsets);

  mlir::OpBuilder &b;
  const TilePlan &plan;
  mlir::Location loc;
  mlir::SmallVector<Position> position; ///< Of the tile's first point, per dimension.
  mlir::SmallVector<int64_t> size;      ///< Of the tile at hand; smaller in tails.
  unsigned numOutputs;
  int64_t width = 1, vectors = 1; ///< Of the lane segment at hand.
  int64_t copies = 1;             ///< Of what is written here, by the loops around it that are written out.
  LaneSegment segment{};
  std::map<mlir::SmallVector<int64_t>, mlir::Value> loads;
};

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_TILEEMITTER_H
