//===- TileSets.cpp - Reductions over sets as loops over tiles
//--------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CountFlops.h"
#include "TileSize.h"
#include "costate/Batching/Passes.h"

#include "costate/Batching/Batcher.h"
#include "costate/Batching/StructuredBatching.h"
#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"

namespace costate {
#define GEN_PASS_DEF_TILESETSPASS
#include "costate/Batching/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {

/// The samples of one tile: the columns' slices and the lanes' weights.
class TileReader {
public:
  TileReader(OpBuilder &builder, Location loc, int64_t lanes) : builder(builder), loc(loc), lanes(lanes) {}

  /// Columns [first, first + lanes) of `column`, whose last dimension runs over the points.
  Value slice(Value column, Value first) const {
    auto type = cast<RankedTensorType>(column.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = lanes;
    return tensor::ExtractSliceOp::create(builder, loc, RankedTensorType::get(shape, type.getElementType()),
                                          column, offsets(type.getRank(), first),
                                          getAsIndexOpFoldResult(builder.getContext(), shape),
                                          SmallVector<OpFoldResult>(type.getRank(), builder.getIndexAttr(1)));
  }

  Value store(Value tile, Value dest, Value first) const {
    auto type = cast<RankedTensorType>(tile.getType());
    tensor::ParallelInsertSliceOp::create(builder, loc, tile, dest, offsets(type.getRank(), first),
                                          getAsIndexOpFoldResult(builder.getContext(), type.getShape()),
                                          SmallVector<OpFoldResult>(type.getRank(), builder.getIndexAttr(1)));
    return dest;
  }

  /// weight where the lane holds one of the `count` points, else zero.
  Value weights(Value weight, Value first, Value count) const {
    Type element = weight.getType();
    Value empty = tensor::EmptyOp::create(builder, loc, {lanes}, element);
    AffineMap map = builder.getMultiDimIdentityMap(1);
    return linalg::GenericOp::create(
               builder, loc, empty.getType(), ValueRange{}, empty, {map}, {utils::IteratorType::parallel},
               [&](OpBuilder &b, Location loc, ValueRange) {
                 Value lane = linalg::IndexOp::create(b, loc, 0);
                 Value point = arith::AddIOp::create(b, loc, first, lane);
                 Value valid = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::slt, point, count);
                 Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(element));
                 Value value = arith::SelectOp::create(b, loc, valid, weight, zero);
                 linalg::YieldOp::create(b, loc, value);
               })
        .getResult(0);
  }

private:
  SmallVector<OpFoldResult> offsets(int64_t rank, Value first) const {
    SmallVector<OpFoldResult> result(rank, builder.getIndexAttr(0));
    result.back() = first;
    return result;
  }

  OpBuilder &builder;
  Location loc;
  int64_t lanes;
};

/// Lowers the set ops of a module.
class SetTiler {
public:
  SetTiler(ModuleOp module, const TileSetsPassOptions &options) : module(module), options(options) {}

  LogicalResult lower(ReduceSetOp op);
  LogicalResult lower(MapSetOp op);

private:
  /// The points of a tile, and how many such tiles make one of the usual work.
  struct Tile {
    int64_t lanes, parts = 1;
  };
  FailureOr<Tile> tileOf(Operation *op, func::FuncOp callee, unsigned uniforms, Type element) const;
  FailureOr<func::FuncOp> calleeOf(Operation *op, StringRef name);

  ModuleOp module;
  TileSetsPassOptions options;
};

FailureOr<SetTiler::Tile> SetTiler::tileOf(Operation *op, func::FuncOp callee, unsigned uniforms,
                                           Type element) const {
  int64_t lanes = options.tile, parts = 1;
  if (auto attribute = op->getAttrOfType<IntegerAttr>("tile"))
    lanes = attribute.getInt();
  if (lanes == 0) {
    lanes = usualTile(element);
    if (options.valueBytes > 0)
      lanes = halveTile(callee, uniforms, element, lanes, options.valueBytes);
    if (options.fitCache) {
      int64_t usual = lanes;
      lanes = fitTile(callee, uniforms, element, usual);
      parts = usual / lanes;
    }
  }
  // Buffers are padded to multiples of 64 points, so a tile must never reach over such a multiple.
  if (lanes < 1 || 64 % lanes != 0)
    return op->emitOpError() << "has a tile of " << lanes << " points, but a tile must divide 64";
  return Tile{lanes, parts};
}

FailureOr<func::FuncOp> SetTiler::calleeOf(Operation *op, StringRef name) {
  auto callee = module.lookupSymbol<func::FuncOp>(name);
  if (!callee || callee.isExternal())
    return op->emitOpError() << "cannot be tiled: @" << name << " has no body";
  if (!callee.getBody().hasOneBlock())
    return op->emitOpError() << "cannot be tiled: @" << name << " has branches between blocks";
  return callee;
}

/// Batches the body of `callee` for one tile.
LogicalResult batchCallee(func::FuncOp callee, Batcher &batcher, ValueRange uniforms,
                          ArrayRef<Value> samples) {
  for (auto [argument, value] : llvm::zip(callee.getArguments(), uniforms))
    batcher.map(argument, value, false);
  for (auto [argument, value] : llvm::zip(callee.getArguments().drop_front(uniforms.size()), samples))
    batcher.map(argument, value, true);
  return batcher.batchBody(callee.getBody().front());
}

RankedTensorType accumulatorType(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return tensor;
  return RankedTensorType::get({}, type);
}

/// The slice of a tensor of partial results that belongs to one chunk.
struct ChunkSlice {
  ChunkSlice(OpBuilder &builder, RankedTensorType type, OpFoldResult chunk) {
    offsets.assign(type.getRank() + 1, builder.getIndexAttr(0));
    offsets[0] = chunk;
    sizes.push_back(builder.getIndexAttr(1));
    llvm::append_range(sizes, getAsIndexOpFoldResult(builder.getContext(), type.getShape()));
    strides.assign(type.getRank() + 1, builder.getIndexAttr(1));
  }
  SmallVector<OpFoldResult> offsets, sizes, strides;
};

LogicalResult SetTiler::lower(ReduceSetOp op) {
  FailureOr<func::FuncOp> callee = calleeOf(op, op.getCallee());
  if (failed(callee))
    return failure();
  FailureOr<Tile> tile = tileOf(op, *callee, op.getUniforms().size(), op.getWeight().getType());
  if (failed(tile))
    return failure();
  StringRef entry = op->getParentOfType<func::FuncOp>().getName();
  remark::analysis(op.getLoc(), remark::RemarkOpts::name("set").category("flops").function(entry))
      << (entry + " of @" + op.getCallee() + ": " + Twine(countContractionFlops(*callee)) +
          " floating-point operations in contractions for each point, in tiles of " + Twine(tile->lanes))
             .str();

  OpBuilder builder(op);
  Location loc = op.getLoc();
  auto constant = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
  Value one = constant(1), laneCount = constant(tile->lanes);
  Value tiles = arith::CeilDivSIOp::create(builder, loc, op.getCount(), laneCount);
  // A chunk pays for its own partial sums: it takes two tiles, and four where that leaves four chunks. Tiles
  // that are small because little is computed for a point count as parts of a usual one.
  auto chunksOf = [&](int64_t tilesEach) -> Value {
    return arith::CeilDivSIOp::create(builder, loc, tiles, constant(tilesEach * tile->parts));
  };
  Value few = arith::MinSIOp::create(builder, loc, chunksOf(2), constant(4));
  Value wanted = arith::MaxSIOp::create(builder, loc, chunksOf(4), few);
  Value active = arith::MinSIOp::create(builder, loc, wanted, constant(options.chunks));

  SmallVector<RankedTensorType> types;
  SmallVector<Value> partials;
  for (Type type : op.getResultTypes()) {
    types.push_back(accumulatorType(type));
    SmallVector<int64_t> shape{options.chunks};
    llvm::append_range(shape, types.back().getShape());
    partials.push_back(tensor::EmptyOp::create(builder, loc, shape, types.back().getElementType()));
  }

  auto forall =
      scf::ForallOp::create(builder, loc, ArrayRef<OpFoldResult>{builder.getIndexAttr(0)},
                            ArrayRef<OpFoldResult>{OpFoldResult(active)},
                            ArrayRef<OpFoldResult>{builder.getIndexAttr(1)}, partials, std::nullopt);
  {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(forall.getTerminator());
    Value chunk = forall.getInductionVars()[0];
    // Chunk c runs the tiles [c·tiles/active, (c+1)·tiles/active).
    auto bound = [&](Value index) -> Value {
      return arith::DivSIOp::create(builder, loc, arith::MulIOp::create(builder, loc, index, tiles), active);
    };
    Value first = bound(chunk), last = bound(arith::AddIOp::create(builder, loc, chunk, one));
    SmallVector<Value> inits;
    Value floatZero = arith::ConstantOp::create(builder, loc, builder.getZeroAttr(op.getWeight().getType()));
    for (auto [partial, type] : llvm::zip(forall.getRegionIterArgs(), types)) {
      ChunkSlice slice(builder, type, chunk);
      Value slot = tensor::ExtractSliceOp::create(builder, loc, type, partial, slice.offsets, slice.sizes,
                                                  slice.strides);
      inits.push_back(linalg::FillOp::create(builder, loc, floatZero, slot).getResult(0));
    }
    auto loop = scf::ForOp::create(builder, loc, first, last, one, inits);
    {
      OpBuilder::InsertionGuard inner(builder);
      builder.setInsertionPointToEnd(loop.getBody());
      TileReader reader(builder, loc, tile->lanes);
      Value point = arith::MulIOp::create(builder, loc, loop.getInductionVar(), laneCount);
      SmallVector<Value> samples;
      for (Value column : op.getColumns())
        samples.push_back(reader.slice(column, point));
      samples.push_back(reader.weights(op.getWeight(), point, op.getCount()));
      Batcher batcher(builder, tile->lanes);
      if (failed(batchCallee(*callee, batcher, op.getUniforms(), samples)))
        return failure();
      SmallVector<Value> sums;
      auto terminator = callee->getBody().front().getTerminator();
      for (auto [i, value] : llvm::enumerate(terminator->getOperands()))
        sums.push_back(op.getCombineOf(i) == Combine::sum
                           ? accumulateOverLanes(value, loop.getRegionIterArgs()[i], batcher)
                           : maximumOverLanes(value, loop.getRegionIterArgs()[i], batcher));
      scf::YieldOp::create(builder, loc, sums);
    }
    builder.setInsertionPointToStart(forall.getTerminator().getBody());
    for (auto [value, partial, type] : llvm::zip(loop.getResults(), forall.getRegionIterArgs(), types)) {
      ChunkSlice slice(builder, type, chunk);
      tensor::ParallelInsertSliceOp::create(builder, loc, value, partial, slice.offsets, slice.sizes,
                                            slice.strides);
    }
  }

  // The partial results combine in the order of the chunks.
  SmallVector<Value> totals;
  for (auto [i, type] : llvm::enumerate(types)) {
    ChunkSlice slice(builder, type, builder.getIndexAttr(0));
    slice.sizes[0] = active;
    SmallVector<int64_t> shape{ShapedType::kDynamic};
    llvm::append_range(shape, type.getShape());
    Type element = type.getElementType();
    Value ofChunks =
        tensor::ExtractSliceOp::create(builder, loc, RankedTensorType::get(shape, element),
                                       forall.getResult(i), slice.offsets, slice.sizes, slice.strides);
    bool sum = op.getCombineOf(i) == Combine::sum;
    auto neutral = builder.getFloatAttr(
        element, sum ? APFloat::getZero(cast<FloatType>(element).getFloatSemantics())
                     : APFloat::getInf(cast<FloatType>(element).getFloatSemantics(), /*Negative=*/true));
    Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), element);
    Value start = arith::ConstantOp::create(builder, loc, neutral);
    Value init = linalg::FillOp::create(builder, loc, start, empty).getResult(0);
    AffineMap all = builder.getMultiDimIdentityMap(shape.size());
    SmallVector<utils::IteratorType> iterators(shape.size(), utils::IteratorType::parallel);
    iterators[0] = utils::IteratorType::reduction;
    totals.push_back(linalg::GenericOp::create(
                         builder, loc, type, ofChunks, init, {all, all.dropResult(0)}, iterators,
                         [&](OpBuilder &b, Location loc, ValueRange args) {
                           Value value = sum ? Value(arith::AddFOp::create(b, loc, args[1], args[0]))
                                             : Value(arith::MaximumFOp::create(b, loc, args[1], args[0]));
                           linalg::YieldOp::create(b, loc, value);
                         })
                         .getResult(0));
  }
  for (auto [result, total] : llvm::zip(op.getResults(), totals)) {
    Value value = total;
    if (!isa<RankedTensorType>(result.getType()))
      value = tensor::ExtractOp::create(builder, loc, total, ValueRange{});
    result.replaceAllUsesWith(value);
  }
  op.erase();
  return success();
}

LogicalResult SetTiler::lower(MapSetOp op) {
  if (op.getNumResults() == 0) {
    op.erase();
    return success();
  }
  FailureOr<func::FuncOp> callee = calleeOf(op, op.getCallee());
  if (failed(callee))
    return failure();
  FailureOr<Tile> tile =
      tileOf(op, *callee, op.getUniforms().size(), getElementTypeOrSelf(op.getResultTypes()[0]));
  if (failed(tile))
    return failure();
  OpBuilder builder(op);
  Location loc = op.getLoc();
  Value laneCount = arith::ConstantIndexOp::create(builder, loc, tile->lanes);
  Value tiles = arith::CeilDivSIOp::create(builder, loc, op.getCount(), laneCount);
  auto forall =
      scf::ForallOp::create(builder, loc, ArrayRef<OpFoldResult>{builder.getIndexAttr(0)},
                            ArrayRef<OpFoldResult>{OpFoldResult(tiles)},
                            ArrayRef<OpFoldResult>{builder.getIndexAttr(1)}, op.getDests(), std::nullopt);
  builder.setInsertionPoint(forall.getTerminator());
  TileReader reader(builder, loc, tile->lanes);
  Value point = arith::MulIOp::create(builder, loc, forall.getInductionVars()[0], laneCount);
  SmallVector<Value> samples;
  for (Value column : op.getColumns())
    samples.push_back(reader.slice(column, point));
  Batcher batcher(builder, tile->lanes);
  if (failed(batchCallee(*callee, batcher, op.getUniforms(), samples)))
    return failure();
  SmallVector<Value> tiled;
  for (Value value : callee->getBody().front().getTerminator()->getOperands())
    tiled.push_back(batcher.lookupVarying(value));
  builder.setInsertionPointToStart(forall.getTerminator().getBody());
  for (auto [value, dest] : llvm::zip(tiled, forall.getRegionIterArgs()))
    reader.store(value, dest, point);
  op->replaceAllUsesWith(forall.getResults());
  op.erase();
  return success();
}

struct TileSets : costate::impl::TileSetsPassBase<TileSets> {
  using TileSetsPassBase::TileSetsPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (chunks < 1) {
      module.emitError() << "the number of chunks must be positive, but is " << chunks.getValue();
      return signalPassFailure();
    }
    generalizeNamedOps(module);
    TileSetsPassOptions options;
    options.tile = tile;
    options.chunks = chunks;
    options.valueBytes = valueBytes;
    options.fitCache = fitCache;
    SetTiler tiler(module, options);
    SmallVector<Operation *> sets;
    module.walk([&](Operation *op) {
      if (isa<ReduceSetOp, MapSetOp>(op))
        sets.push_back(op);
    });
    for (Operation *op : sets) {
      auto reduce = dyn_cast<ReduceSetOp>(op);
      if (failed(reduce ? tiler.lower(reduce) : tiler.lower(cast<MapSetOp>(op))))
        return signalPassFailure();
    }
    // Pointwise functions have done their work.
    bool changed = true;
    while (changed) {
      changed = false;
      for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
        if (function.isPrivate() && !function.isExternal() &&
            SymbolTable::symbolKnownUseEmpty(function, module)) {
          function.erase();
          changed = true;
        }
    }
  }
};

} // namespace
