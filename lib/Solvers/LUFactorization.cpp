//===- LUFactorization.cpp - Gaussian elimination of dense and banded matrices ----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   L_k⁻¹ P_k … L_0⁻¹ P_0 A = U       with L_k = I + l_k e_kᵀ and exchanges P_k of row k with rows below it
//   A y = b:   y = U⁻¹ L_k⁻¹ P_k … L_0⁻¹ P_0 b
//   Aᵀ y = b:  y = P_0ᵀ L_0⁻ᵀ … P_kᵀ L_k⁻ᵀ U⁻ᵀ b
//
// [Golub and Van Loan, Matrix Computations, 4th ed., sections 3.4 and 4.3.] The multipliers are not
// exchanged, as in LAPACK's xGBTRF. P_k exchanges row k with each row below it that has a larger element in
// column k, one after another; what is largest ends in row k, and no index depends on data. Exchanges add
// `below` diagonals above the band.
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Solvers/LUFactorization.h"

#include "LoopNest.h"
#include "ScalarMath.h"

using namespace mlir;
using namespace costate;

namespace {
using Values = LoopNest::Values;

class Elimination {
public:
  Elimination(ImplicitLocOpBuilder &builder, FloatType type, const MatrixLayout &layout)
      : builder(builder), loops(builder), m(builder, type), layout(layout) {}

  SmallVector<Value> place(Value i, Value j) {
    if (!layout.banded)
      return {i, j};
    return {loops.add(loops.sub(j, i), layout.below), i};
  }
  Value get(Value matrix, Value i, Value j) { return m.extract(matrix, place(i, j)); }
  Value set(Value matrix, Value i, Value j, Value element) {
    return tensor::InsertOp::create(builder, element, matrix, place(i, j));
  }
  Value setElement(Value vector, Value i, Value element) {
    return tensor::InsertOp::create(builder, element, vector, i);
  }

  /// The ends of the rows and of the columns that step k works on.
  Value rowEnd(Value k) { return loops.min(loops.add(k, layout.below + 1), layout.size); }
  Value columnEnd(Value k) { return loops.min(loops.add(k, layout.below + layout.above + 1), layout.size); }

  void forRows(Value k, Values &carried, function_ref<void(Value, Values &)> body) {
    loops.forEach(loops.add(k, 1), rowEnd(k), carried, body);
  }
  void forSteps(Values &carried, function_ref<void(Value, Values &)> body) {
    loops.forEach(loops.index(0), loops.index(layout.size), carried, body);
  }
  /// The steps from the last to the first.
  void forStepsBackwards(Values &carried, function_ref<void(Value, Values &)> body) {
    forSteps(carried, [&](Value step, Values &inside) {
      body(loops.sub(loops.index(layout.size - 1), step), inside);
    });
  }
  Value swapPlace(Value k, Value i) { return loops.sub(loops.sub(i, k), loops.index(1)); }

  /// b_k and b_i where `swaps` says so.
  Value exchange(Value swaps, Value vector, Value k, Value i) {
    Value swapped = m.greater(m.extract(swaps, {k, swapPlace(k, i)}), m.constant(0));
    Value upper = m.extract(vector, k), lower = m.extract(vector, i);
    vector = setElement(vector, k, m.select(swapped, lower, upper));
    return setElement(vector, i, m.select(swapped, upper, lower));
  }

  /// Rows k and i of what is left to eliminate.
  Value exchangeRows(Value swapped, Value matrix, Value k, Value i) {
    Values rows = {matrix};
    loops.forEach(k, columnEnd(k), rows, [&](Value j, Values &inside) {
      Value upper = get(inside[0], k, j), lower = get(inside[0], i, j);
      inside[0] = set(inside[0], k, j, m.select(swapped, lower, upper));
      inside[0] = set(inside[0], i, j, m.select(swapped, upper, lower));
    });
    return rows[0];
  }

  void factorize(Values &state) { // matrix and exchanges
    forSteps(state, [&](Value k, Values &step) {
      forRows(k, step, [&](Value i, Values &inside) {
        Value swapped = m.greater(m.abs(get(inside[0], i, k)), m.abs(get(inside[0], k, k)));
        inside[0] = exchangeRows(swapped, inside[0], k, i);
        Value flag = m.select(swapped, m.constant(1), m.constant(0));
        inside[1] = tensor::InsertOp::create(builder, flag, inside[1], ValueRange{k, swapPlace(k, i)});
      });
      Values matrix = {step[0]};
      forRows(k, matrix, [&](Value i, Values &inside) {
        Value factor = m.div(get(inside[0], i, k), get(inside[0], k, k));
        inside[0] = set(inside[0], i, k, factor);
        loops.forEach(loops.add(k, 1), columnEnd(k), inside, [&](Value j, Values &row) {
          Value left = m.sub(get(row[0], i, j), m.mul(factor, get(row[0], k, j)));
          row[0] = set(row[0], i, j, left);
        });
      });
      step[0] = matrix[0];
    });
  }

  void solve(Value factors, Value swaps, Values &state) {
    forSteps(state, [&](Value k, Values &step) {
      forRows(k, step, [&](Value i, Values &inside) { inside[0] = exchange(swaps, inside[0], k, i); });
      Value pivot = m.extract(step[0], k);
      forRows(k, step, [&](Value i, Values &inside) {
        Value left = m.sub(m.extract(inside[0], i), m.mul(get(factors, i, k), pivot));
        inside[0] = setElement(inside[0], i, left);
      });
    });
    forStepsBackwards(state, [&](Value k, Values &step) {
      Values sum = {m.extract(step[0], k)};
      loops.forEach(loops.add(k, 1), columnEnd(k), sum, [&](Value j, Values &inside) {
        inside[0] = m.sub(inside[0], m.mul(get(factors, k, j), m.extract(step[0], j)));
      });
      step[0] = setElement(step[0], k, m.div(sum[0], get(factors, k, k)));
    });
  }

  void solveTransposed(Value factors, Value swaps, Values &state) {
    forSteps(state, [&](Value k, Values &step) {
      Value element = m.div(m.extract(step[0], k), get(factors, k, k));
      step[0] = setElement(step[0], k, element);
      loops.forEach(loops.add(k, 1), columnEnd(k), step, [&](Value j, Values &inside) {
        Value left = m.sub(m.extract(inside[0], j), m.mul(get(factors, k, j), element));
        inside[0] = setElement(inside[0], j, left);
      });
    });
    forStepsBackwards(state, [&](Value k, Values &step) {
      Values sum = {m.extract(step[0], k)};
      forRows(k, sum, [&](Value i, Values &inside) {
        inside[0] = m.sub(inside[0], m.mul(get(factors, i, k), m.extract(step[0], i)));
      });
      step[0] = setElement(step[0], k, sum[0]);
      // The exchanges of step k, the last one first.
      Value first = loops.add(k, 1), last = loops.sub(rowEnd(k), loops.index(1));
      forRows(k, step, [&](Value i, Values &inside) {
        Value mirrored = loops.sub(last, loops.sub(i, first));
        inside[0] = exchange(swaps, inside[0], k, mirrored);
      });
    });
  }

private:
  ImplicitLocOpBuilder &builder;
  LoopNest loops;
  ScalarMath m;
  MatrixLayout layout;
};
} // namespace

static Value zeros(ImplicitLocOpBuilder &builder, RankedTensorType type) {
  return arith::ConstantOp::create(builder, builder.getZeroAttr(type));
}

std::pair<Value, Value> costate::emitLU(ImplicitLocOpBuilder &builder, Value matrix,
                                        const MatrixLayout &layout, RankedTensorType factors,
                                        RankedTensorType swaps) {
  if (factors != matrix.getType()) {
    auto type = cast<RankedTensorType>(matrix.getType());
    auto attributes = [&](int64_t a, int64_t b) {
      return SmallVector<OpFoldResult>{builder.getIndexAttr(a), builder.getIndexAttr(b)};
    };
    matrix =
        tensor::InsertSliceOp::create(builder, matrix, zeros(builder, factors), attributes(0, 0),
                                      attributes(type.getDimSize(0), type.getDimSize(1)), attributes(1, 1));
  }
  Values state = {matrix, zeros(builder, swaps)};
  Elimination(builder, cast<FloatType>(factors.getElementType()), layout).factorize(state);
  return {state[0], state[1]};
}

Value costate::emitLUSolve(ImplicitLocOpBuilder &builder, Value factors, Value swaps, Value rhs,
                           const MatrixLayout &layout, bool transposed) {
  auto type = cast<RankedTensorType>(rhs.getType());
  Elimination elimination(builder, cast<FloatType>(type.getElementType()), layout);
  Values state = {rhs};
  if (transposed)
    elimination.solveTransposed(factors, swaps, state);
  else
    elimination.solve(factors, swaps, state);
  return state[0];
}
