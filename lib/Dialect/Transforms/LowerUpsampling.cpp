//===- LowerUpsampling.cpp - Up-sampling as one small filter for each phase -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Element f·j + r of the result lies at j + t, t = (r + 1/2) / f - 1/2, among the elements of x: how far from
// j depends on the phase r alone. So the result is Σ x[j + k]·C[r, k] over a few neighbours k, a convolution
// with constant weights.
//
//===------------------------------------------------------------------------------------------------------===//
#include "Layers.h"
#include "Padding.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

/// The weight of an element at the distance `s`.
static double weightAt(Interpolation kind, double s) {
  s = std::abs(s);
  switch (kind) {
  case Interpolation::nearest:
    return 1.0;
  case Interpolation::linear:
    return std::max(0.0, 1.0 - s);
  case Interpolation::cubic: {
    // Keys, "Cubic convolution interpolation for digital image processing" (1981), equation 4, a = -1/2
    constexpr double a = -0.5;
    if (s <= 1.0)
      return ((a + 2.0) * s - (a + 3.0)) * s * s + 1.0;
    return s < 2.0 ? ((a * s - 5.0 * a) * s + 8.0 * a) * s - 4.0 * a : 0.0;
  }
  }
  llvm_unreachable("a kind of interpolation");
}

/// One dimension made `factor` times as fine.
static Value upsampleAlong(OpBuilder &builder, Location loc, Value value, int64_t dimension, int64_t factor,
                           Interpolation kind, Padding padding) {
  MLIRContext *context = builder.getContext();
  auto type = cast<RankedTensorType>(value.getType());
  Type element = type.getElementType();
  int64_t rank = type.getRank(), reach = static_cast<int64_t>(kind), places = 2 * reach + 1;
  SmallVector<Attribute> weights;
  for (int64_t phase = 0; phase < factor; ++phase)
    for (int64_t k = 0; k < places; ++k)
      weights.push_back(
          builder.getFloatAttr(element, weightAt(kind, (phase + 0.5) / factor - 0.5 - double(k - reach))));
  Value filter = arith::ConstantOp::create(
      builder, loc, DenseElementsAttr::get(RankedTensorType::get({factor, places}, element), weights));
  Value input = padAlong(builder, loc, value, dimension, reach, reach, padding);
  // Loops: the result's dimensions, the phase after the one at hand, then the neighbours.
  SmallVector<int64_t> shape(type.getShape());
  shape.insert(shape.begin() + dimension + 1, factor);
  SmallVector<AffineExpr> inputExprs, resultExprs;
  AffineExpr neighbour = getAffineDimExpr(rank + 1, context),
             phase = getAffineDimExpr(dimension + 1, context);
  for (int64_t i = 0; i <= rank; ++i) {
    AffineExpr expr = getAffineDimExpr(i, context);
    resultExprs.push_back(expr);
    if (i != dimension + 1)
      inputExprs.push_back(i == dimension ? expr + neighbour : expr);
  }
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(rank + 2, 0, exprs, context); };
  SmallVector<utils::IteratorType> iterators(rank + 1, utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  auto fine = RankedTensorType::get(shape, element);
  Value phases =
      linalg::GenericOp::create(
          builder, loc, TypeRange{fine}, ValueRange{filter, input},
          ValueRange{zeroFilled(builder, loc, fine)},
          ArrayRef<AffineMap>{map({phase, neighbour}), map(inputExprs), map(resultExprs)}, iterators,
          [](OpBuilder &b, Location loc, ValueRange values) {
            Value product = arith::MulFOp::create(b, loc, values[0], values[1]);
            Value sum = arith::AddFOp::create(b, loc, values[2], product);
            linalg::YieldOp::create(b, loc, sum);
          })
          .getResult(0);
  SmallVector<ReassociationIndices> groups;
  for (int64_t i = 0; i <= rank; ++i) {
    if (i == dimension + 1)
      groups.back().push_back(i);
    else
      groups.push_back({i});
  }
  return tensor::CollapseShapeOp::create(builder, loc, phases, groups);
}

Value costate::lowerUpsampling(OpBuilder &builder, UpsampleOp upsample) {
  Value value = upsample.getInput();
  Padding padding = upsample.getPeriodic() ? Padding::periodic : Padding::edge;
  for (auto [i, factor] : llvm::enumerate(upsample.getFactors()))
    if (factor > 1)
      value = upsampleAlong(builder, upsample.getLoc(), value, i + 1, factor, upsample.getKind(), padding);
  return value;
}
