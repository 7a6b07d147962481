//===- EmitTranspose.cpp - Transposes blocks of a matrix in registers -------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A square block of n vectors of n elements takes log2(n) rounds of n shuffles of two vectors. The first
// rounds interleave elements within 128-bit lanes, the others move whole lanes; both kinds are single
// instructions.
//
//===------------------------------------------------------------------------------------------------------===//
#include "EmitTranspose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace costate;

static Value shuffle(OpBuilder &b, Location loc, Value x, Value y, ArrayRef<int64_t> mask) {
  return vector::ShuffleOp::create(b, loc, x, y, mask);
}

/// One round: neighbours (0, 1), (2, 3), ... go through both masks; what the first mask makes fills the first
/// half.
static SmallVector<Value> merge(OpBuilder &b, Location loc, ArrayRef<Value> vectors, ArrayRef<int64_t> first,
                                ArrayRef<int64_t> second) {
  SmallVector<Value> result(vectors.size());
  for (size_t i = 0; i < vectors.size() / 2; ++i) {
    result[i] = shuffle(b, loc, vectors[2 * i], vectors[2 * i + 1], first);
    result[vectors.size() / 2 + i] = shuffle(b, loc, vectors[2 * i], vectors[2 * i + 1], second);
  }
  return result;
}

SmallVector<Value> costate::transposeBlock(OpBuilder &b, Location loc, ArrayRef<Value> rows) {
  auto type = cast<VectorType>(rows.front().getType());
  int64_t n = type.getNumElements();
  int64_t lane = std::min<int64_t>(n, std::max<int64_t>(1, 128 / type.getElementTypeBitWidth())),
          groups = n / lane;

  // Within 128-bit lanes: `lane` neighbouring rows become the columns of each lane, in bit-reversed order.
  SmallVector<SmallVector<Value>> columns(lane, SmallVector<Value>(groups));
  unsigned laneBits = llvm::Log2_64(lane);
  for (int64_t g = 0; g < groups; ++g) {
    SmallVector<Value> part(rows.slice(g * lane, lane));
    for (int64_t unit = 1; unit < lane; unit *= 2) {
      SmallVector<int64_t> low, high;
      for (int64_t start = 0; start < n; start += lane)
        for (int64_t at = 0; at < lane / 2; at += unit)
          for (int64_t source : {start, n + start})
            for (int64_t e = 0; e < unit; ++e) {
              low.push_back(source + at + e);
              high.push_back(source + lane / 2 + at + e);
            }
      part = merge(b, loc, part, low, high);
    }
    for (int64_t p = 0; p < lane; ++p) {
      int64_t column = 0;
      for (unsigned bit = 0; bit < laneBits; ++bit)
        column |= (p >> bit & 1) << (laneBits - 1 - bit);
      columns[column][g] = part[p];
    }
  }

  // Whole lanes: lane k of each group's vector comes together in vector k.
  SmallVector<int64_t> even, odd;
  for (int64_t at = 0; at < 2 * n; at += 2 * lane)
    for (int64_t e = 0; e < lane; ++e) {
      even.push_back(at + e);
      odd.push_back(at + lane + e);
    }
  SmallVector<Value> result(n);
  for (int64_t c = 0; c < lane; ++c) {
    SmallVector<Value> part = columns[c];
    for (int64_t done = 1; done < groups; done *= 2)
      part = merge(b, loc, part, even, odd);
    for (int64_t k = 0; k < groups; ++k)
      result[k * lane + c] = part[k];
  }
  return result;
}

bool costate::emitTranspose(OpBuilder &b, linalg::TransposeOp op, int64_t vectorBits) {
  auto source = dyn_cast<MemRefType>(op.getInput().getType());
  auto target = dyn_cast<MemRefType>(op.getInit().getType());
  if (!source || !target || source.getRank() != 2 || op.getPermutation()[0] != 1 ||
      !source.hasStaticShape() || !source.getElementType().isFloat())
    return false;
  int64_t width = vectorBits / source.getElementTypeBitWidth();
  for (MemRefType type : {source, target})
    if (!type.isLastDimUnitStride() || type.getDimSize(0) % width || type.getDimSize(1) % width)
      return false;

  Location loc = op.getLoc();
  auto index = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(b, loc, value); };
  Value zero = index(0), step = index(width);
  auto rows = scf::ForOp::create(b, loc, zero, index(source.getDimSize(0)), step);
  b.setInsertionPointToStart(rows.getBody());
  auto columns = scf::ForOp::create(b, loc, zero, index(source.getDimSize(1)), step);
  b.setInsertionPointToStart(columns.getBody());
  Value row = rows.getInductionVar(), column = columns.getInductionVar();
  auto plus = [&](Value base, int64_t i) -> Value { return arith::AddIOp::create(b, loc, base, index(i)); };
  auto vector = VectorType::get(width, source.getElementType());
  SmallVector<Value> block;
  for (int64_t i = 0; i < width; ++i)
    block.push_back(vector::LoadOp::create(b, loc, vector, op.getInput(), ValueRange{plus(row, i), column}));
  for (auto [i, value] : llvm::enumerate(transposeBlock(b, loc, block)))
    vector::StoreOp::create(b, loc, value, op.getInit(), ValueRange{plus(column, i), row});
  b.setInsertionPointAfter(rows);
  return true;
}
