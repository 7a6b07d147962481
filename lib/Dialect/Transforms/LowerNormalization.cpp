//===- LowerNormalization.cpp - Batch normalisation -------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Layers.h"
#include "Padding.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

SmallVector<Value> costate::lowerBatchNorm(OpBuilder &builder, BatchNormOp norm, Value scale, Value shift) {
  Location loc = norm.getLoc();
  Value x = norm.getInput(), mean = norm.getMean(), variance = norm.getVariance();
  auto type = cast<RankedTensorType>(x.getType()), kept = cast<RankedTensorType>(scale.getType());
  SmallVector<int64_t> over(norm.getOver());
  llvm::sort(over);
  auto constant = [&](RankedTensorType shape, double value) -> Value {
    return arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(shape, builder.getFloatAttr(shape.getElementType(), value)));
  };
  auto spread = [&](Value value) -> Value {
    Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
    return linalg::BroadcastOp::create(builder, loc, value, empty, over).getResult()[0];
  };
  auto meanOf = [&](Value value) -> Value {
    Value sum = linalg::ReduceOp::create(builder, loc, ValueRange{value},
                                         ValueRange{zeroFilled(builder, loc, kept)}, over,
                                         [](OpBuilder &b, Location loc, ValueRange values) {
                                           Value add = arith::AddFOp::create(b, loc, values[0], values[1]);
                                           linalg::YieldOp::create(b, loc, add);
                                         })
                    ->getResult(0);
    Value share = constant(kept, double(kept.getNumElements()) / double(type.getNumElements()));
    return arith::MulFOp::create(builder, loc, sum, share);
  };
  if (!mean)
    mean = meanOf(x);
  Value centred = arith::SubFOp::create(builder, loc, x, spread(mean));
  if (!variance)
    variance = meanOf(arith::MulFOp::create(builder, loc, centred, centred));
  Value positive =
      arith::AddFOp::create(builder, loc, variance, constant(kept, norm.getEpsilon().convertToDouble()));
  Value factor = arith::MulFOp::create(builder, loc, scale, math::RsqrtOp::create(builder, loc, positive));
  Value scaled = arith::MulFOp::create(builder, loc, centred, spread(factor));
  return {arith::AddFOp::create(builder, loc, scaled, spread(shift)), mean, variance};
}
