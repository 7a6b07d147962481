//===- SymmetricEigen.cpp - Eigen-decomposition of small symmetric matrices
//-------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Solvers/SymmetricEigen.h"

#include "ScalarMath.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace costate;

// Jacobi's method. For p < q, with a = A_pp, b = A_qq, c = A_pq, the rotation
//
//   t = 2c / (d + sign(d) √(d² + 4c²)),  d = b − a;   cos = 1 / √(1 + t²),  sin = t cos
//
// is the smaller of the two that annihilate A_pq (|t| ≤ 1). It leaves A_pp = a − t c and A_qq = b + t c, and
// rotates rows (and columns) p and q: row_p ← cos row_p − sin row_q, row_q ← sin row_p + cos row_q; the rows
// of V likewise. Entries have magnitude at most 1. An off-diagonal entry of at most ε² changes no eigenvalue
// by more than that and is not rotated: this keeps d² + 4c² from underflowing, and 0 / 0 away.

namespace {
struct Rotation {
  Value cosine, sine, low, high; // low and high: the new diagonal entries.
};
} // namespace

static double machineEpsilon(FloatType type) { return type.isF32() ? 0x1p-23 : 0x1p-52; }

static Rotation emitRotation(ScalarMath &m, Value a, Value b, Value c) {
  double epsilon = machineEpsilon(m.type);
  Value one = m.constant(1), zero = m.constant(0);
  Value rotates = m.greater(m.abs(c), m.constant(epsilon * epsilon));
  Value d = m.sub(b, a);
  Value twice = m.add(c, c);
  Value root = m.sqrt(m.add(m.mul(d, d), m.mul(twice, twice)));
  Value signedRoot = m.select(m.greater(zero, d), m.sub(zero, root), root);
  Value t = m.select(rotates, m.div(twice, m.select(rotates, m.add(d, signedRoot), one)), zero);
  Value cosine = m.div(one, m.sqrt(m.add(one, m.mul(t, t))));
  Value step = m.mul(t, c);
  return {cosine, m.mul(t, cosine), m.sub(a, step), m.add(b, step)};
}

/// Sweeps until convergence to working precision; Jacobi converges quadratically, and within log₂ m sweeps
/// more for larger matrices.
static int64_t sweepCount(FloatType type, int64_t size) {
  return (type.isF32() ? 4 : 5) + llvm::Log2_64_Ceil(size);
}

namespace {
/// The matrices of one sweep as scalars, for sizes at which every pair can be written out.
struct ScalarSweep {
  int64_t size;
  SmallVector<Value> matrix, vectors; // Row-major; of `matrix` the upper triangle counts.

  Value &a(int64_t i, int64_t j) { return matrix[std::min(i, j) * size + std::max(i, j)]; }
  Value &v(int64_t i, int64_t j) { return vectors[i * size + j]; }

  void rotate(ScalarMath &m, int64_t p, int64_t q) {
    Rotation r = emitRotation(m, a(p, p), a(q, q), a(p, q));
    auto mix = [&](Value &first, Value &second) {
      Value x = first, y = second;
      first = m.sub(m.mul(r.cosine, x), m.mul(r.sine, y));
      second = m.add(m.mul(r.sine, x), m.mul(r.cosine, y));
    };
    for (int64_t k = 0; k < size; ++k)
      if (k != p && k != q)
        mix(a(p, k), a(q, k));
    a(p, p) = r.low;
    a(q, q) = r.high;
    a(p, q) = m.constant(0);
    for (int64_t k = 0; k < size; ++k)
      mix(v(p, k), v(q, k));
  }

  void sweep(ScalarMath &m) {
    for (int64_t p = 0; p < size; ++p)
      for (int64_t q = p + 1; q < size; ++q)
        rotate(m, p, q);
  }
};
} // namespace

static SymmetricEigen emitUnrolled(ScalarMath &m, Value matrix, int64_t size) {
  ImplicitLocOpBuilder &b = m.builder;
  ScalarSweep state{size, SmallVector<Value>(size * size, m.constant(0)), SmallVector<Value>(size * size)};
  Value scale = m.constant(0);
  for (int64_t i = 0; i < size; ++i)
    for (int64_t j = i; j < size; ++j) {
      state.a(i, j) = m.extract(matrix, {m.index(i), m.index(j)});
      scale = m.max(scale, m.abs(state.a(i, j)));
    }
  scale = m.select(m.greater(scale, m.constant(0)), scale, m.constant(1));
  for (int64_t i = 0; i < size; ++i)
    for (int64_t j = 0; j < size; ++j) {
      if (i <= j)
        state.a(i, j) = m.div(state.a(i, j), scale);
      state.v(i, j) = m.constant(i == j);
    }

  if (size == 2) {
    state.rotate(m, 0, 1);
  } else if (size > 2) {
    SmallVector<Value> inits(state.matrix);
    llvm::append_range(inits, state.vectors);
    auto loop =
        scf::ForOp::create(b, m.index(0), m.index(sweepCount(m.type, size)), m.index(1), inits,
                           [&](OpBuilder &body, Location loc, Value, ValueRange carried) {
                             ImplicitLocOpBuilder bodyBuilder(loc, body);
                             ScalarMath inner(bodyBuilder, m.type);
                             ScalarSweep next{size, SmallVector<Value>(carried.take_front(size * size)),
                                              SmallVector<Value>(carried.drop_front(size * size))};
                             next.sweep(inner);
                             SmallVector<Value> results(next.matrix);
                             llvm::append_range(results, next.vectors);
                             scf::YieldOp::create(body, loc, results);
                           });
    state.matrix.assign(loop.getResults().begin(), loop.getResults().begin() + size * size);
    state.vectors.assign(loop.getResults().begin() + size * size, loop.getResults().end());
  }
  SmallVector<Value> values;
  for (int64_t i = 0; i < size; ++i)
    values.push_back(state.a(i, i));
  return {tensor::FromElementsOp::create(b, RankedTensorType::get({size}, m.type), values),
          tensor::FromElementsOp::create(b, RankedTensorType::get({size, size}, m.type), state.vectors),
          scale};
}

namespace {
/// Rows and columns of a square tensor, by an index that is a loop variable.
struct SquareTensor {
  ScalarMath &m;
  int64_t size;

  SmallVector<OpFoldResult> place(Value index, bool row) const {
    OpFoldResult zero = m.builder.getIndexAttr(0);
    return row ? SmallVector<OpFoldResult>{index, zero} : SmallVector<OpFoldResult>{zero, index};
  }
  SmallVector<OpFoldResult> extent(bool row) const {
    OpFoldResult one = m.builder.getIndexAttr(1), all = m.builder.getIndexAttr(size);
    return row ? SmallVector<OpFoldResult>{one, all} : SmallVector<OpFoldResult>{all, one};
  }
  SmallVector<OpFoldResult> stride() const { return SmallVector<OpFoldResult>(2, m.builder.getIndexAttr(1)); }
  Value row(Value tensor, Value index) const {
    return tensor::ExtractSliceOp::create(m.builder, RankedTensorType::get({size}, m.type), tensor,
                                          place(index, true), extent(true), stride());
  }
  Value insert(Value vector, Value tensor, Value index, bool asRow) const {
    return tensor::InsertSliceOp::create(m.builder, vector, tensor, place(index, asRow), extent(asRow),
                                         stride());
  }
};
} // namespace

/// One rotation of A and V, which are tensors; A is kept whole, both triangles.
static std::pair<Value, Value> emitTensorRotation(ScalarMath &m, int64_t size, Value matrix, Value vectors,
                                                  Value p, Value q) {
  SquareTensor square{m, size};
  Rotation r =
      emitRotation(m, m.extract(matrix, {p, p}), m.extract(matrix, {q, q}), m.extract(matrix, {p, q}));
  Value cosine = m.splat(r.cosine, size), sine = m.splat(r.sine, size);
  auto mix = [&](Value &first, Value &second) {
    Value x = first, y = second;
    first = m.sub(m.mul(cosine, x), m.mul(sine, y));
    second = m.add(m.mul(sine, x), m.mul(cosine, y));
  };
  Value low = square.row(matrix, p), high = square.row(matrix, q);
  mix(low, high);
  auto set = [&](Value vector, Value at, Value value) -> Value {
    return tensor::InsertOp::create(m.builder, value, vector, at);
  };
  Value zero = m.constant(0);
  low = set(set(low, p, r.low), q, zero);
  high = set(set(high, q, r.high), p, zero);
  for (bool asRow : {true, false}) {
    matrix = square.insert(low, matrix, p, asRow);
    matrix = square.insert(high, matrix, q, asRow);
  }
  Value vLow = square.row(vectors, p), vHigh = square.row(vectors, q);
  mix(vLow, vHigh);
  return {matrix, square.insert(vHigh, square.insert(vLow, vectors, p, true), q, true)};
}

static SymmetricEigen emitLooped(ScalarMath &m, Value matrix, int64_t size) {
  ImplicitLocOpBuilder &b = m.builder;
  Value zero = m.index(0), one = m.index(1), count = m.index(size);
  auto type = cast<RankedTensorType>(matrix.getType());
  // The upper triangle to both, and the largest magnitude, element by element.
  Value whole = tensor::EmptyOp::create(b, type.getShape(), m.type);
  auto rows = scf::ForOp::create(
      b, zero, count, one, ValueRange{whole, m.constant(0)},
      [&](OpBuilder &rowBody, Location rowLoc, Value i, ValueRange rowCarried) {
        auto columns = scf::ForOp::create(
            rowBody, rowLoc, i, count, one, rowCarried,
            [&](OpBuilder &body, Location loc, Value j, ValueRange carried) {
              ImplicitLocOpBuilder inner(loc, body);
              ScalarMath s(inner, m.type);
              Value entry = s.extract(matrix, {i, j});
              Value filled = tensor::InsertOp::create(inner, entry, carried[0], ValueRange{i, j});
              filled = tensor::InsertOp::create(inner, entry, filled, ValueRange{j, i});
              scf::YieldOp::create(inner, ValueRange{filled, s.max(carried[1], s.abs(entry))});
            });
        scf::YieldOp::create(rowBody, rowLoc, columns.getResults());
      });
  Value scale = rows.getResult(1);
  scale = m.select(m.greater(scale, m.constant(0)), scale, m.constant(1));
  Value scaled = m.div(rows.getResult(0), tensor::SplatOp::create(b, scale, type));

  SmallVector<Attribute> identity(size * size, b.getFloatAttr(m.type, 0));
  for (int64_t i = 0; i < size; ++i)
    identity[i * size + i] = b.getFloatAttr(m.type, 1);
  Value vectors = arith::ConstantOp::create(b, DenseElementsAttr::get(type, identity));

  auto nest = [&](auto &self, OpBuilder &at, Location loc, unsigned level, Value from, ValueRange carried,
                  Value p) -> ResultRange {
    Value to = level == 0 ? Value(arith::ConstantIndexOp::create(at, loc, sweepCount(m.type, size))) : count;
    auto loop = scf::ForOp::create(
        at, loc, from, to, one, carried, [&](OpBuilder &body, Location bodyLoc, Value iv, ValueRange args) {
          if (level < 2) {
            Value start = level == 0 ? zero : Value(arith::AddIOp::create(body, bodyLoc, iv, one));
            scf::YieldOp::create(body, bodyLoc, self(self, body, bodyLoc, level + 1, start, args, iv));
            return;
          }
          ImplicitLocOpBuilder inner(bodyLoc, body);
          ScalarMath s(inner, m.type);
          auto [nextMatrix, nextVectors] = emitTensorRotation(s, size, args[0], args[1], p, iv);
          scf::YieldOp::create(inner, ValueRange{nextMatrix, nextVectors});
        });
    return loop.getResults();
  };
  ResultRange results = nest(nest, b, b.getLoc(), 0, zero, ValueRange{scaled, vectors}, Value());

  auto vectorType = RankedTensorType::get({size}, m.type);
  Value empty = tensor::EmptyOp::create(b, vectorType.getShape(), m.type);
  auto diagonal = scf::ForOp::create(
      b, zero, count, one, empty, [&](OpBuilder &body, Location loc, Value i, ValueRange carried) {
        Value entry = tensor::ExtractOp::create(body, loc, results[0], ValueRange{i, i});
        Value next = tensor::InsertOp::create(body, loc, entry, carried[0], i);
        scf::YieldOp::create(body, loc, next);
      });
  return {diagonal.getResult(0), results[1], scale};
}

SymmetricEigen costate::emitSymmetricEigen(ImplicitLocOpBuilder &builder, Value matrix) {
  auto type = cast<RankedTensorType>(matrix.getType());
  assert(type.getRank() == 2 && type.hasStaticShape() && type.getDimSize(0) == type.getDimSize(1));
  ScalarMath m(builder, cast<FloatType>(type.getElementType()));
  // Up to here the pairs of a sweep, written out on scalars, are less code than their loops would be.
  constexpr int64_t largestUnrolled = 4;
  int64_t size = type.getDimSize(0);
  return size <= largestUnrolled ? emitUnrolled(m, matrix, size) : emitLooped(m, matrix, size);
}
