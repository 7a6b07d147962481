//===- HorizontalReduction.cpp - Sums of the lanes of several vectors at once
//-----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Each level merges pairs of vectors: one shuffle takes the first halves of both, another the second halves,
// and their sum holds both at half the length. n accumulators of n lanes take n - 1 such merges instead of n
// log n for sums one by one. The first levels stay within 128-bit lanes, where shuffles are cheapest.
//
//===------------------------------------------------------------------------------------------------------===//
#include "TilePlan.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace costate;

/// The two shuffle masks of one level. Elements come in units; a vector consists of `segments` rows of units
/// (one row for each 128-bit lane, or one for each accumulator merged so far), of which the first and second
/// halves are taken.
static std::pair<SmallVector<int64_t>, SmallVector<int64_t>> mergeMasks(int64_t lanes, int64_t segments,
                                                                        int64_t unit, bool interleave) {
  SmallVector<int64_t> first, second;
  int64_t row = lanes / segments, half = row / 2;
  if (interleave) {
    for (int64_t s = 0; s < segments; ++s)
      for (int64_t u = 0; u < half; u += unit)
        for (int64_t source = 0; source < 2; ++source)
          for (int64_t e = 0; e < unit; ++e) {
            first.push_back(source * lanes + s * row + u + e);
            second.push_back(source * lanes + s * row + half + u + e);
          }
    return {first, second};
  }
  for (int64_t source = 0; source < 2; ++source)
    for (int64_t s = 0; s < segments; ++s)
      for (int64_t e = 0; e < half; ++e) {
        first.push_back(source * lanes + s * row + e);
        second.push_back(source * lanes + s * row + half + e);
      }
  return {first, second};
}

Value costate::reduceLanes(OpBuilder &builder, Location loc, ArrayRef<Value> accumulators,
                           function_ref<Value(Value, Value)> combine) {
  auto type = dyn_cast<VectorType>(accumulators.front().getType());
  if (!type)
    return accumulators.front();
  int64_t lanes = type.getNumElements();
  SmallVector<Value> level(accumulators);
  auto merge = [&](int64_t segments, int64_t unit, bool interleave) {
    auto [first, second] = mergeMasks(lanes, segments, unit, interleave);
    SmallVector<Value> next;
    for (size_t i = 0; i < level.size(); i += 2) {
      // A single vector left is folded onto itself; its result then appears twice.
      Value a = level[i], b = level.size() > 1 ? level[i + 1] : a;
      next.push_back(combine(vector::ShuffleOp::create(builder, loc, a, b, first),
                             vector::ShuffleOp::create(builder, loc, a, b, second)));
    }
    level = next;
  };
  int64_t local = std::min<int64_t>(lanes, std::max<int64_t>(1, 128 / type.getElementTypeBitWidth()));
  for (int64_t unit = 1; unit < local; unit *= 2)
    merge(lanes / local, unit, /*interleave=*/true);
  for (int64_t segments = 1; segments * local < lanes; segments *= 2)
    merge(segments, 1, /*interleave=*/false);
  return level.front();
}
