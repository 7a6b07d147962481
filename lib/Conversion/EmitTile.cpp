//===- EmitTile.cpp - Writes the loops of a register tile
//-------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "TilePlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace costate;

namespace {
/// Loops of at most this many steps are written out.
constexpr int64_t unrollLimit = 4;

/// Where a loop dimension stands: a value plus a constant.
struct Position {
  Value base; ///< Null for zero.
  int64_t offset = 0;
};

class TileEmitter {
public:
  TileEmitter(OpBuilder &builder, const TilePlan &plan)
      : b(builder), plan(plan), loc(plan.op->getLoc()), position(plan.extents.size()), size(plan.tile),
        numOutputs(plan.operands.size() - plan.numInputs) {}

  void emit() { emitParallel(0); }

private:
  using Values = SmallVector<Value>;

  Value index(int64_t value) { return arith::ConstantIndexOp::create(b, loc, value); }
  Value add(Position p) {
    if (!p.base)
      return index(p.offset);
    return p.offset ? arith::AddIOp::create(b, loc, p.base, index(p.offset)).getResult() : p.base;
  }
  Type laneType(Type element) const {
    return width > 1 ? cast<Type>(VectorType::get(width, element)) : element;
  }
  Value broadcast(Value value) {
    if (width == 1 || isa<VectorType>(value.getType()))
      return value;
    return vector::BroadcastOp::create(b, loc, cast<VectorType>(laneType(value.getType())), value);
  }

  /// for (i = start; i < start + count * step; i += step), written out when short. The body gets the
  /// position.
  Values loop(int64_t start, int64_t count, int64_t step, Values carried,
              function_ref<Values(Position, Values)> body) {
    if (count <= (carried.empty() ? 1 : unrollLimit)) {
      for (int64_t i = 0; i < count; ++i)
        carried = body({Value(), start + i * step}, carried);
      return carried;
    }
    return loopBetween(index(start), index(start + count * step), carried, body, step);
  }

  Values loopBetween(Value start, Value end, Values carried, function_ref<Values(Position, Values)> body,
                     int64_t step = 1) {
    auto loop = scf::ForOp::create(b, loc, start, end, index(step), carried);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Values next = body({loop.getInductionVar(), 0}, Values(loop.getRegionIterArgs()));
    if (!carried.empty()) {
      b.setInsertionPointToEnd(loop.getBody());
      scf::YieldOp::create(b, loc, next);
    }
    return Values(loop.getResults());
  }

  /// The extent of a dimension that the shapes of buffers tell only when the program runs.
  Value dynamicExtent(unsigned dim) {
    for (const TileOperand &operand : plan.operands)
      for (auto [n, expr] : llvm::enumerate(operand.map.getResults()))
        if (expr == getAffineDimExpr(dim, b.getContext()))
          return memref::DimOp::create(b, loc, operand.value, n);
    llvm_unreachable("a dimension that no operand walks along");
  }

  /// Blocks along the parallel dimensions from `dim` on; the lanes come last.
  void emitParallel(unsigned dim) {
    if (dim == plan.extents.size()) {
      if (plan.lanesReduced())
        return emitReducedLanes();
      return emitLanes();
    }
    if (plan.isReduction[dim] || dim == plan.lane)
      return emitParallel(dim + 1);
    int64_t extent = plan.extents[dim], block = plan.tile[dim], rest = extent % block;
    auto blocks = [&](int64_t start, int64_t count, int64_t step) {
      size[dim] = step;
      loop(start, count, step, {}, [&](Position p, Values) {
        position[dim] = p;
        emitParallel(dim + 1);
        return Values();
      });
    };
    if (extent >= block)
      blocks(0, extent / block, block);
    if (!plan.powerOfTwoTails) {
      if (rest)
        blocks(extent - rest, 1, rest);
      return;
    }
    for (int64_t piece = block / 2; piece; piece /= 2)
      if (rest & piece) {
        blocks(extent - rest, 1, piece);
        rest -= piece;
      }
  }

  void emitLanes() {
    for (const LaneSegment &segment : plan.laneSegments()) {
      width = segment.width;
      vectors = segment.vectors;
      loop(segment.start, segment.count, vectors * width, {}, [&](Position p, Values) {
        position[plan.lane] = p;
        emitBlock();
        return Values();
      });
    }
  }

  /// Calls `body` with the offsets of every point of the register tile, in row-major order; the vectors come
  /// last.
  void forEachPoint(function_ref<void(ArrayRef<int64_t>)> body) {
    SmallVector<int64_t> offsets(size.size(), 0);
    std::function<void(unsigned)> walk = [&](unsigned dim) {
      if (dim == size.size()) {
        for (int64_t v = 0; v < vectors; ++v) {
          offsets[plan.lane] = v * width;
          body(offsets);
        }
        offsets[plan.lane] = 0;
        return;
      }
      int64_t extent = plan.isReduction[dim] || dim == plan.lane ? 1 : size[dim];
      for (int64_t i = 0; i < extent; ++i) {
        offsets[dim] = i;
        walk(dim + 1);
      }
      offsets[dim] = 0;
    };
    walk(0);
  }

  /// One register tile with lanes in parallel: old values, the reduction loops, new values.
  void emitBlock() {
    Values accumulators;
    if (!plan.hasReduction()) {
      // All loads come before all stores, so that an operand may be updated in place.
      accumulators = emitPoints({});
    } else {
      forEachPoint([&](ArrayRef<int64_t> offsets) {
        for (unsigned o = 0; o < numOutputs; ++o) {
          const TileOperand &output = plan.operands[plan.numInputs + o];
          accumulators.push_back(output.isRead ? broadcast(load(output, offsets)) : zero(output));
        }
      });
      unsigned chain = accumulators.size();
      for (int64_t i = 1; i < plan.chains; ++i)
        for (unsigned j = 0; j < chain; ++j)
          accumulators.push_back(zero(plan.operands[plan.numInputs + j % numOutputs]));
      accumulators = emitReduction(0, accumulators);
      for (; accumulators.size() > chain; accumulators.pop_back()) {
        Value &to = accumulators[(accumulators.size() - 1) % chain];
        to = contracted(arith::AddFOp::create(b, loc, to, accumulators.back()));
      }
    }
    unsigned next = 0;
    forEachPoint([&](ArrayRef<int64_t> offsets) {
      for (unsigned o = 0; o < numOutputs; ++o)
        store(broadcast(accumulators[next++]), plan.operands[plan.numInputs + o], offsets);
    });
  }

  /// The loops over the reduction dimensions from `dim` on; the lanes, if they are reduced, come innermost.
  Values emitReduction(unsigned dim, Values accumulators) {
    while (dim < plan.extents.size() && (!plan.isReduction[dim] || dim == plan.lane))
      ++dim;
    if (dim == plan.extents.size())
      return plan.lanesReduced() ? emitLaneReduction(accumulators) : emitTileStep(accumulators);
    bool innermost = true;
    for (unsigned d = dim + 1; d < plan.extents.size(); ++d)
      innermost &= !plan.isReduction[d];
    int64_t chains = innermost ? plan.chains : 1, extent = plan.extents[dim], rest = extent % chains;
    if (ShapedType::isDynamic(extent))
      return loopBetween(index(0), dynamicExtent(dim), accumulators, [&](Position p, Values values) {
        position[dim] = p;
        return emitReduction(dim + 1, values);
      });
    unsigned chain = accumulators.size() / chains;
    auto step = [&](Position p, Values values, int64_t count) {
      for (int64_t i = 0; i < count; ++i) {
        position[dim] = {p.base, p.offset + i};
        Values part = emitReduction(dim + 1, Values(ArrayRef<Value>(values).slice(i * chain, chain)));
        std::copy(part.begin(), part.end(), values.begin() + i * chain);
      }
      return values;
    };
    accumulators = loop(0, extent / chains, chains, accumulators,
                        [&](Position p, Values values) { return step(p, values, chains); });
    return rest ? step({Value(), extent - rest}, accumulators, rest) : accumulators;
  }

  Values emitLaneReduction(Values accumulators) {
    return loop(segment.start, segment.count, segment.vectors * segment.width, accumulators,
                [&](Position p, Values values) {
                  position[plan.lane] = p;
                  return emitTileStep(values);
                });
  }

  /// One step of the reduction for every accumulator of the tile.
  Values emitTileStep(Values accumulators) {
    Values results = emitPoints(accumulators);
    for (Value &result : results)
      result = broadcast(result);
    return results;
  }

  /// Lanes as a reduction: vectors of partial sums, then one tree for up to `width` of them.
  void emitReducedLanes() {
    for (const LaneSegment &piece : plan.laneSegments()) {
      segment = piece;
      width = segment.width;
      vectors = segment.vectors;
      Values accumulators;
      forEachPoint([&](ArrayRef<int64_t>) {
        for (unsigned o = 0; o < numOutputs; ++o)
          accumulators.push_back(neutral(o));
      });
      accumulators = emitReduction(0, accumulators);
      for (unsigned o = 0; o < numOutputs; ++o)
        finishReducedLanes(o, accumulators);
    }
  }

  void finishReducedLanes(unsigned output, const Values &accumulators) {
    auto combine = [&](Value x, Value y) { return emitCombiner(output, x, y); };
    // First the vectors side by side of one point, pairwise.
    SmallVector<Value> sums;
    SmallVector<SmallVector<int64_t>> points;
    int64_t side = vectors;
    vectors = 1;
    forEachPoint([&](ArrayRef<int64_t> offsets) { points.emplace_back(offsets); });
    for (size_t p = 0; p < points.size(); ++p) {
      SmallVector<Value> row;
      for (int64_t v = 0; v < side; ++v)
        row.push_back(accumulators[(p * side + v) * numOutputs + output]);
      while (row.size() > 1) {
        SmallVector<Value> half;
        for (size_t i = 0; i + 1 < row.size(); i += 2)
          half.push_back(combine(row[i], row[i + 1]));
        if (row.size() % 2)
          half.push_back(row.back());
        row = half;
      }
      sums.push_back(row.front());
    }
    const TileOperand &operand = plan.operands[plan.numInputs + output];
    int64_t group = std::min<int64_t>(llvm::bit_floor(sums.size()), width), lanes = width;
    for (size_t begin = 0; begin < sums.size(); begin += group) {
      while (begin + group > sums.size())
        group /= 2;
      Value packed = reduceLanes(b, loc, ArrayRef<Value>(sums).slice(begin, group), combine);
      for (size_t i = 0; i < static_cast<size_t>(group);) {
        int64_t run = contiguousRun(operand, points, begin + i, begin + group);
        width = run;
        Value part = packed;
        if (lanes > 1)
          part = run > 1
                     ? vector::ExtractStridedSliceOp::create(b, loc, packed, (int64_t)i, run, 1).getResult()
                     : vector::ExtractOp::create(b, loc, packed, (int64_t)i).getResult();
        if (operand.isRead)
          part = combine(read(operand, points[begin + i], run > 1), part);
        store(part, operand, points[begin + i]);
        i += run;
      }
      width = lanes;
    }
    vectors = side;
  }

  /// How many of the points from `first` on lie next to each other in the output, as a power of two.
  int64_t contiguousRun(const TileOperand &output, ArrayRef<SmallVector<int64_t>> points, size_t first,
                        size_t end) {
    auto type = cast<MemRefType>(output.value.getType());
    unsigned rank = output.map.getNumResults();
    if (rank == 0 || !type.isLastDimUnitStride())
      return 1;
    auto last = dyn_cast<AffineDimExpr>(output.map.getResult(rank - 1));
    if (!last)
      return 1;
    size_t count = 1;
    for (; first + count < end; ++count) {
      SmallVector<int64_t> expected = points[first];
      expected[last.getPosition()] += count;
      if (points[first + count] != expected)
        break;
    }
    return llvm::bit_floor(count);
  }

  /// The body at every point of the tile; `accumulators` are the old values of the outputs in a reduction,
  /// else they are loaded. Point by point, which keeps few intermediate values, or op by op, which keeps few
  /// loads.
  Values emitPoints(ArrayRef<Value> accumulators) {
    Block *body = plan.body();
    loads.clear();
    SmallVector<SmallVector<int64_t>> points;
    forEachPoint([&](ArrayRef<int64_t> offsets) { points.emplace_back(offsets); });
    SmallVector<IRMapping> maps(points.size());
    if (!accumulators.empty())
      for (size_t p = 0; p < points.size(); ++p)
        for (unsigned o = 0; o < numOutputs; ++o)
          maps[p].map(body->getArgument(plan.numInputs + o), accumulators[p * numOutputs + o]);
    if (plan.opByOp) {
      for (Operation &op : body->without_terminator())
        for (size_t p = 0; p < points.size(); ++p)
          emitOp(op, maps[p], points[p]);
    } else {
      for (size_t p = 0; p < points.size(); ++p)
        for (Operation &op : body->without_terminator())
          emitOp(op, maps[p], points[p]);
    }
    Values results;
    for (size_t p = 0; p < points.size(); ++p)
      for (Value value : body->getTerminator()->getOperands())
        results.push_back(lookup(value, maps[p], points[p]));
    return results;
  }

  /// The value of a body at one point. Operands are loaded when first asked for.
  Value lookup(Value value, IRMapping &map, ArrayRef<int64_t> offsets) {
    auto argument = dyn_cast<BlockArgument>(value);
    if (argument && argument.getOwner() == plan.body() && !map.contains(value)) {
      unsigned number = argument.getArgNumber();
      map.map(value, load(plan.operands[number], offsets, /*cache=*/true, number));
    }
    return map.lookupOrDefault(value);
  }

  void emitOp(Operation &op, IRMapping &map, ArrayRef<int64_t> offsets) {
    if (auto indexOp = dyn_cast<linalg::IndexOp>(op)) {
      unsigned dim = indexOp.getDim();
      Value value = add({position[dim].base, position[dim].offset + offsets[dim]});
      if (dim == plan.lane && width > 1)
        value = arith::AddIOp::create(
            b, loc, broadcast(value),
            vector::StepOp::create(b, loc, cast<VectorType>(laneType(b.getIndexType()))));
      map.map(op.getResult(0), value);
      return;
    }
    if (emitFMA(op, map, offsets))
      return;
    SmallVector<Value> operands;
    for (Value operand : op.getOperands())
      operands.push_back(lookup(operand, map, offsets));
    bool inVectors = llvm::any_of(operands, [](Value v) { return isa<VectorType>(v.getType()); });
    Operation *copy = b.clone(op, map);
    if (inVectors) {
      for (auto [i, operand] : llvm::enumerate(operands)) {
        OpBuilder::InsertionGuard guard(b);
        b.setInsertionPoint(copy);
        copy->setOperand(i, broadcast(operand));
      }
      for (Value result : copy->getResults())
        result.setType(laneType(result.getType()));
    }
    for (Value result : copy->getResults())
      contracted(result);
  }

  /// x * y + z and z - x * y as one FMA when the product has no other use.
  bool emitFMA(Operation &op, IRMapping &map, ArrayRef<int64_t> offsets) {
    if (auto mul = dyn_cast<arith::MulFOp>(op); mul && onlyInFMA(mul))
      return true;
    if (!isa<arith::AddFOp, arith::SubFOp>(op))
      return false;
    // The accumulator stays an addend: a chain of FMAs is as short as a chain can be.
    int side = -1;
    for (int i : {0, 1})
      if (auto mul = op.getOperand(i).getDefiningOp<arith::MulFOp>(); mul && onlyInFMA(mul) && side < 0)
        side = i;
    if (side < 0)
      return false;
    auto mul = op.getOperand(side).getDefiningOp<arith::MulFOp>();
    Value x = lookup(mul.getLhs(), map, offsets), y = lookup(mul.getRhs(), map, offsets),
          z = lookup(op.getOperand(1 - side), map, offsets);
    bool inVectors =
        isa<VectorType>(x.getType()) || isa<VectorType>(y.getType()) || isa<VectorType>(z.getType());
    if (inVectors)
      x = broadcast(x), y = broadcast(y), z = broadcast(z);
    if (isa<arith::SubFOp>(op)) {
      if (side == 1)
        x = arith::NegFOp::create(b, loc, x);
      else
        z = arith::NegFOp::create(b, loc, z);
    }
    map.map(op.getResult(0), math::FmaOp::create(b, loc, x, y, z).getResult());
    return true;
  }

  /// The one use is an addition or subtraction in the body that takes this product first.
  bool onlyInFMA(arith::MulFOp mul) {
    if (!mul->hasOneUse() || mul->getBlock() != plan.body())
      return false;
    Operation *user = *mul->getUsers().begin();
    if (!isa<arith::AddFOp, arith::SubFOp>(user))
      return false;
    auto first = user->getOperand(0).getDefiningOp<arith::MulFOp>();
    bool firstFuses = first && first->hasOneUse() && first->getBlock() == plan.body();
    return mul->getResult(0) == user->getOperand(0) || !firstFuses;
  }

  /// Lets the code generator fuse what stays separate here.
  Value contracted(Value value) {
    if (auto op = value.getDefiningOp<arith::ArithFastMathInterface>())
      op->setAttr(op.getFastMathAttrName(),
                  arith::FastMathFlagsAttr::get(b.getContext(), op.getFastMathFlagsAttr().getValue() |
                                                                    arith::FastMathFlags::contract));
    return value;
  }

  Value zero(const TileOperand &operand) {
    return arith::ConstantOp::create(b, loc,
                                     b.getZeroAttr(laneType(getElementTypeOrSelf(operand.value.getType()))));
  }

  Value neutral(unsigned output) {
    Operation *combiner = plan.combiners[output];
    Type element = combiner->getResult(0).getType();
    // Zero serves additions and subtractions.
    TypedAttr value = isa<arith::AddFOp, arith::SubFOp, arith::AddIOp, arith::SubIOp>(combiner)
                          ? b.getZeroAttr(element)
                          : *arith::getNeutralElement(combiner);
    return broadcast(arith::ConstantOp::create(b, loc, value));
  }

  Value emitCombiner(unsigned output, Value x, Value y) {
    Operation *combiner = plan.combiners[output];
    if (isa<arith::AddFOp, arith::SubFOp>(combiner))
      return contracted(arith::AddFOp::create(b, loc, x, y));
    if (isa<arith::AddIOp, arith::SubIOp>(combiner))
      return arith::AddIOp::create(b, loc, x, y);
    OperationState state(loc, combiner->getName());
    state.addOperands({x, y});
    state.addTypes(x.getType());
    state.addAttributes(combiner->getAttrs());
    return b.create(state)->getResult(0);
  }

  Value expand(AffineExpr expr, ArrayRef<int64_t> offsets) {
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      Position p = position[dim.getPosition()];
      return add({p.base, p.offset + offsets[dim.getPosition()]});
    }
    if (auto constant = dyn_cast<AffineConstantExpr>(expr))
      return index(constant.getValue());
    auto binary = cast<AffineBinaryOpExpr>(expr);
    Value left = expand(binary.getLHS(), offsets), right = expand(binary.getRHS(), offsets);
    switch (expr.getKind()) {
    case AffineExprKind::Add:
      return arith::AddIOp::create(b, loc, left, right);
    case AffineExprKind::Mul:
      return arith::MulIOp::create(b, loc, left, right);
    case AffineExprKind::FloorDiv:
      return arith::FloorDivSIOp::create(b, loc, left, right);
    case AffineExprKind::CeilDiv:
      return arith::CeilDivSIOp::create(b, loc, left, right);
    default: // Loop indices and moduli are not negative.
      return arith::RemUIOp::create(b, loc, left, right);
    }
  }

  Values indices(const TileOperand &operand, ArrayRef<int64_t> offsets) {
    Values result;
    for (AffineExpr expr : operand.map.getResults())
      result.push_back(expand(expr, offsets));
    return result;
  }

  Value read(const TileOperand &operand, ArrayRef<int64_t> offsets, bool asVector) {
    if (operand.isScalar)
      return operand.value;
    Type element = cast<MemRefType>(operand.value.getType()).getElementType();
    if (asVector && width > 1)
      return vector::LoadOp::create(b, loc, cast<VectorType>(laneType(element)), operand.value,
                                    indices(operand, offsets));
    return memref::LoadOp::create(b, loc, operand.value, indices(operand, offsets));
  }

  /// Loads an operand at one point: once for all points of a step that agree in the dimensions it depends on.
  Value load(const TileOperand &operand, ArrayRef<int64_t> offsets, bool cache = false, unsigned number = 0) {
    SmallVector<int64_t> key{number};
    for (unsigned d = 0; d < offsets.size(); ++d)
      key.push_back(!operand.isScalar && operand.map.isFunctionOfDim(d) ? offsets[d] : 0);
    if (cache)
      if (auto it = loads.find(key); it != loads.end())
        return it->second;
    Value value;
    if (operand.lane == LaneAccess::Gathered && width > 1) {
      Values elements;
      SmallVector<int64_t> at(offsets);
      for (int64_t i = 0; i < width; ++i, ++at[plan.lane])
        elements.push_back(read(operand, at, false));
      value =
          vector::FromElementsOp::create(b, loc, cast<VectorType>(laneType(elements[0].getType())), elements);
    } else {
      value = read(operand, offsets, operand.lane == LaneAccess::Contiguous);
    }
    if (cache)
      loads[key] = value;
    return value;
  }

  void store(Value value, const TileOperand &operand, ArrayRef<int64_t> offsets) {
    if (isa<VectorType>(value.getType()))
      vector::StoreOp::create(b, loc, value, operand.value, indices(operand, offsets));
    else
      memref::StoreOp::create(b, loc, value, operand.value, indices(operand, offsets));
  }

  OpBuilder &b;
  const TilePlan &plan;
  Location loc;
  SmallVector<Position> position; ///< Of the tile's first point, per dimension.
  SmallVector<int64_t> size;      ///< Of the tile at hand; smaller in tails.
  unsigned numOutputs;
  int64_t width = 1, vectors = 1; ///< Of the lane segment at hand.
  LaneSegment segment{};
  std::map<SmallVector<int64_t>, Value> loads;
};
} // namespace

void costate::emitTile(OpBuilder &builder, const TilePlan &plan) { TileEmitter(builder, plan).emit(); }
