//===- LowerConvolutions.cpp - Convolutions and pooling as products with windows --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Layers.h"
#include "Padding.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

/// result + Σ lhs·rhs; loops that the result does not have are sums.
static Value multiplyAdd(OpBuilder &builder, Location loc, Value lhs, Value rhs, Value result,
                         ArrayRef<AffineMap> maps) {
  SmallVector<utils::IteratorType> iterators;
  for (unsigned dim = 0; dim < maps[2].getNumDims(); ++dim)
    iterators.push_back(maps[2].isFunctionOfDim(dim) ? utils::IteratorType::parallel
                                                     : utils::IteratorType::reduction);
  return linalg::GenericOp::create(builder, loc, TypeRange{result.getType()}, ValueRange{lhs, rhs},
                                   ValueRange{result}, maps, iterators,
                                   [](OpBuilder &b, Location loc, ValueRange values) {
                                     Value product = arith::MulFOp::create(b, loc, values[0], values[1]);
                                     Value sum = arith::AddFOp::create(b, loc, values[2], product);
                                     linalg::YieldOp::create(b, loc, sum);
                                   })
      .getResult(0);
}

/// `value` with its first dimension cut into `groups`.
static Value grouped(OpBuilder &builder, Location loc, Value value, int64_t groups) {
  auto type = cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape{groups, type.getDimSize(0) / groups};
  llvm::append_range(shape, type.getShape().drop_front());
  SmallVector<ReassociationIndices> reassociation{{0, 1}};
  for (int64_t d = 2; d <= type.getRank(); ++d)
    reassociation.push_back({d});
  return tensor::ExpandShapeOp::create(builder, loc, RankedTensorType::get(shape, type.getElementType()),
                                       value, reassociation);
}

/// The elements of x with room for all that the kernel reaches. Transposed, they are `stride` apart with
/// zeros between, and the kernel is read backwards.
static Value paddedInput(OpBuilder &builder, ConvOp conv) {
  Location loc = conv.getLoc();
  Value value = conv.getInput();
  auto type = cast<RankedTensorType>(value.getType());
  bool periodic = conv.getPadding() == Padding::periodic;
  if (conv.getTransposed()) {
    SmallVector<int64_t> shape(type.getShape()), strides = conv.getStrides();
    for (auto [n, stride] : llvm::zip_equal(MutableArrayRef(shape).drop_front(), strides))
      n = periodic ? n * stride : (n - 1) * stride + 1;
    if (!llvm::equal(shape, type.getShape())) {
      strides.insert(strides.begin(), 1);
      value = tensor::InsertSliceOp::create(
          builder, loc, value, zeroFilled(builder, loc, RankedTensorType::get(shape, type.getElementType())),
          ValueRange{}, ValueRange{}, ValueRange{}, SmallVector<int64_t>(type.getRank(), 0), type.getShape(),
          strides);
    }
  }
  for (unsigned i = 0; i < conv.getDimensions(); ++i) {
    int64_t amount = conv.getAmounts()[i], reach = conv.getDilations()[i] * (conv.getKernel()[i] - 1);
    int64_t low = conv.getTransposed() ? reach - amount : amount;
    int64_t high = conv.getTransposed() && !periodic ? reach - amount : amount;
    value = padAlong(builder, loc, value, i + 1, low, high, conv.getPadding());
  }
  return value;
}

Value costate::lowerConvolution(OpBuilder &builder, ConvOp conv, Value weight, Value bias) {
  Location loc = conv.getLoc();
  MLIRContext *context = builder.getContext();
  auto type = cast<RankedTensorType>(conv.getResult().getType());
  Value input = paddedInput(builder, conv), result;
  if (bias) {
    Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
    result = linalg::BroadcastOp::create(builder, loc, bias, empty,
                                         llvm::to_vector(llvm::seq<int64_t>(1, type.getRank())))
                 .getResult()[0];
  } else {
    result = zeroFilled(builder, loc, type);
  }
  int64_t groups = conv.getGroups();
  bool split = groups > 1;
  if (split) {
    input = grouped(builder, loc, input, groups);
    weight = grouped(builder, loc, weight, groups);
    result = grouped(builder, loc, result, groups);
  }
  // Loops: the group, the result's channel and place, the input's channel, the place in the kernel.
  unsigned d = conv.getDimensions(), next = 0;
  auto loop = [&] { return getAffineDimExpr(next++, context); };
  SmallVector<AffineExpr> inputExprs, weightExprs, resultExprs, places, kernel;
  if (split) {
    AffineExpr group = loop();
    for (auto *exprs : {&inputExprs, &weightExprs, &resultExprs})
      exprs->push_back(group);
  }
  AffineExpr to = loop();
  for (unsigned i = 0; i < d; ++i)
    places.push_back(loop());
  AffineExpr from = loop();
  for (unsigned i = 0; i < d; ++i)
    kernel.push_back(loop());
  inputExprs.push_back(from);
  for (unsigned i = 0; i < d; ++i) {
    int64_t dilation = conv.getDilations()[i];
    inputExprs.push_back(conv.getTransposed()
                             ? places[i] - kernel[i] * dilation + dilation * (conv.getKernel()[i] - 1)
                             : places[i] * conv.getStrides()[i] + kernel[i] * dilation);
  }
  weightExprs.append({to, from});
  llvm::append_range(weightExprs, kernel);
  resultExprs.push_back(to);
  llvm::append_range(resultExprs, places);
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(next, 0, exprs, context); };
  Value value =
      multiplyAdd(builder, loc, weight, input, result, {map(weightExprs), map(inputExprs), map(resultExprs)});
  if (!split)
    return value;
  SmallVector<ReassociationIndices> reassociation{{0, 1}};
  for (int64_t i = 2; i <= type.getRank(); ++i)
    reassociation.push_back({i});
  return tensor::CollapseShapeOp::create(builder, loc, type, value, reassociation);
}

Value costate::lowerPooling(OpBuilder &builder, PoolOp pool) {
  Location loc = pool.getLoc();
  MLIRContext *context = builder.getContext();
  auto type = cast<RankedTensorType>(pool.getResult().getType());
  Type element = type.getElementType();
  unsigned d = pool.getWindow().size(), loops = 2 * d + 1;
  SmallVector<AffineExpr> input{getAffineDimExpr(0, context)}, window, result{getAffineDimExpr(0, context)};
  for (unsigned i = 0; i < d; ++i) {
    AffineExpr place = getAffineDimExpr(1 + i, context), within = getAffineDimExpr(1 + d + i, context);
    input.push_back(place * pool.getStrides()[i] + within);
    window.push_back(within);
    result.push_back(place);
  }
  auto map = [&](ArrayRef<AffineExpr> exprs) { return AffineMap::get(loops, 0, exprs, context); };
  auto windowType = RankedTensorType::get(pool.getWindow(), element);
  if (pool.getKind() == Pooling::average) {
    Value shares = arith::ConstantOp::create(
        builder, loc,
        DenseElementsAttr::get(windowType, builder.getFloatAttr(element, 1.0 / windowType.getNumElements())));
    return multiplyAdd(builder, loc, shares, pool.getInput(), zeroFilled(builder, loc, type),
                       {map(window), map(input), map(result)});
  }
  // The window only says how far its loops go.
  Value extents = tensor::EmptyOp::create(builder, loc, pool.getWindow(), element);
  auto lowest = APFloat::getInf(cast<FloatType>(element).getFloatSemantics(), /*Negative=*/true);
  Value start = arith::ConstantOp::create(builder, loc, builder.getFloatAttr(element, lowest));
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), element);
  start = linalg::FillOp::create(builder, loc, start, empty).getResult(0);
  SmallVector<utils::IteratorType> iterators(loops, utils::IteratorType::parallel);
  std::fill(iterators.begin() + 1 + d, iterators.end(), utils::IteratorType::reduction);
  return linalg::GenericOp::create(builder, loc, TypeRange{type}, ValueRange{pool.getInput(), extents},
                                   ValueRange{start},
                                   ArrayRef<AffineMap>{map(input), map(window), map(result)}, iterators,
                                   [](OpBuilder &b, Location loc, ValueRange values) {
                                     Value greatest = arith::MaximumFOp::create(b, loc, values[2], values[0]);
                                     linalg::YieldOp::create(b, loc, greatest);
                                   })
      .getResult(0);
}
