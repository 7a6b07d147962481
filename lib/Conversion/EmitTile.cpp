//===- EmitTile.cpp - Writes the loops of a register tile -------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "TileEmitter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace costate;

/// Loops of at most this many steps are written out, as long as nested ones are not more than so many copies.
static constexpr int64_t unrollLimit = 4, copiesLimit = 64;

TileEmitter::Values TileEmitter::loop(int64_t start, int64_t count, int64_t step, Values carried,
                                      function_ref<Values(Position, Values)> body) {
  if (count <= (carried.empty() ? 1 : unrollLimit) && copies * count <= copiesLimit) {
    llvm::SaveAndRestore nested(copies, copies * std::max<int64_t>(count, 1));
    for (int64_t i = 0; i < count; ++i)
      carried = body({Value(), start + i * step}, carried);
    return carried;
  }
  return loopBetween(index(start), index(start + count * step), carried, body, step);
}

TileEmitter::Values TileEmitter::loopBetween(Value start, Value end, Values carried,
                                             function_ref<Values(Position, Values)> body, int64_t step) {
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

Value TileEmitter::dynamicExtent(unsigned dim) {
  for (const TileOperand &operand : plan.operands)
    for (auto [n, expr] : llvm::enumerate(operand.map.getResults()))
      if (expr == getAffineDimExpr(dim, b.getContext()))
        return memref::DimOp::create(b, loc, operand.value, n);
  llvm_unreachable("a dimension that no operand walks along");
}

void TileEmitter::emitParallel(unsigned dim) {
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

void TileEmitter::emitLanes() {
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

void TileEmitter::forEachPoint(function_ref<void(ArrayRef<int64_t>)> body) {
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

void TileEmitter::emitBlock() {
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

TileEmitter::Values TileEmitter::emitReduction(unsigned dim, Values accumulators) {
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

TileEmitter::Values TileEmitter::emitLaneReduction(Values accumulators) {
  return loop(segment.start, segment.count, segment.vectors * segment.width, accumulators,
              [&](Position p, Values values) {
                position[plan.lane] = p;
                return emitTileStep(values);
              });
}

TileEmitter::Values TileEmitter::emitTileStep(Values accumulators) {
  Values results = emitPoints(accumulators);
  for (Value &result : results)
    result = broadcast(result);
  return results;
}

void costate::emitTile(OpBuilder &builder, const TilePlan &plan) { TileEmitter(builder, plan).emit(); }
