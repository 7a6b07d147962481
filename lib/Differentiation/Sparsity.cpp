//===- Sparsity.cpp - Which component of a result depends on which of an argument -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "DependenceWalk.h"

using namespace mlir;
using namespace costate;

SparsityPattern costate::transposed(const SparsityPattern &pattern, size_t columns) {
  SparsityPattern result(columns, BitVector(pattern.size()));
  for (auto [row, entries] : llvm::enumerate(pattern))
    for (unsigned column : entries.set_bits())
      result[column].set(row);
  return result;
}

std::optional<SparsityPattern> costate::findPattern(Block &block, ValueRange sources, ValueRange targets) {
  constexpr int64_t maxEntries = int64_t(1) << 22;
  int64_t rows = 0, columns = 0;
  for (auto [values, size] : {std::make_pair(sources, &columns), std::make_pair(targets, &rows)})
    for (Value value : values) {
      if (ShapedType::isDynamicShape(shapeOf(value)) || isa<VectorType>(value.getType()))
        return std::nullopt;
      *size += sizeOf(value);
    }
  if (rows * columns > maxEntries)
    return std::nullopt;
  DependenceWalk walk(columns);
  unsigned first = 0;
  for (Value source : sources) {
    walk.seed(source, first);
    first += sizeOf(source);
  }
  if (!walk.visitBody(block))
    return std::nullopt;
  SparsityPattern pattern;
  for (Value target : targets)
    llvm::append_range(pattern, walk.rowsOf(target));
  return pattern;
}
