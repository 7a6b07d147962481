//===- EmitLaneSums.cpp - Ends reductions along lanes -----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "TileEmitter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace costate;

void TileEmitter::emitReducedLanes() {
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

void TileEmitter::finishReducedLanes(unsigned output, const Values &accumulators) {
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
        part = run > 1 ? vector::ExtractStridedSliceOp::create(b, loc, packed, (int64_t)i, run, 1).getResult()
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

int64_t TileEmitter::contiguousRun(const TileOperand &output, ArrayRef<SmallVector<int64_t>> points,
                                   size_t first, size_t end) {
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

Value TileEmitter::neutral(unsigned output) {
  Operation *combiner = plan.combiners[output];
  Type element = combiner->getResult(0).getType();
  // Zero serves additions and subtractions.
  TypedAttr value = isa<arith::AddFOp, arith::SubFOp, arith::AddIOp, arith::SubIOp>(combiner)
                        ? b.getZeroAttr(element)
                        : *arith::getNeutralElement(combiner);
  return broadcast(arith::ConstantOp::create(b, loc, value));
}

Value TileEmitter::emitCombiner(unsigned output, Value x, Value y) {
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
