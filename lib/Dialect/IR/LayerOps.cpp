//===- LayerOps.cpp - Layers on grids: convolution, pooling, up-sampling, batch normalisation -------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/IR/TensorSize.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace costate;

//===------------------------------------------------------------------------------------------------------===//
// What layers on grids have in common
//===------------------------------------------------------------------------------------------------------===//

static RankedTensorType tensorType(Value value) { return cast<RankedTensorType>(value.getType()); }

/// Channels, then one to three dimensions.
static LogicalResult verifyGrid(Operation *op, RankedTensorType type) {
  if (type.getRank() < 2 || type.getRank() > 4)
    return op->emitOpError() << "has input " << type
                             << ", but takes channels and one to three dimensions, tensor<c×n×…T>";
  if (!isAddressable(type.getShape()))
    return op->emitOpError() << "has input " << type << ", but " << kNotAddressable;
  return success();
}

/// One number for each dimension of the grid, none below `least`, nor so large that places overflow.
static LogicalResult verifyNumbers(Operation *op, StringRef what, std::optional<ArrayRef<int64_t>> numbers,
                                   int64_t dimensions, int64_t least) {
  constexpr int64_t most = int64_t(1) << 18;
  if (!numbers)
    return success();
  if (static_cast<int64_t>(numbers->size()) != dimensions)
    return op->emitOpError() << "has " << numbers->size() << " numbers for the " << what
                             << ", but the grid has " << dimensions << " dimensions";
  for (int64_t number : *numbers)
    if (number < least)
      return op->emitOpError() << "has " << number << " for the " << what << ", but needs at least " << least;
    else if (number > most)
      return op->emitOpError() << "has " << number << " for the " << what << ", but takes at most " << most;
  return success();
}

static LogicalResult verifyResult(Operation *op, RankedTensorType found, RankedTensorType required) {
  if (found != required)
    return op->emitOpError() << "has result " << found << ", but makes " << required;
  return success();
}

static SmallVector<int64_t> orElse(std::optional<ArrayRef<int64_t>> numbers, unsigned count, int64_t value) {
  return numbers ? SmallVector<int64_t>(*numbers) : SmallVector<int64_t>(count, value);
}

//===------------------------------------------------------------------------------------------------------===//
// Convolution
//===------------------------------------------------------------------------------------------------------===//

SmallVector<int64_t> ConvOp::getStrides() { return orElse(getStride(), getDimensions(), 1); }
SmallVector<int64_t> ConvOp::getDilations() { return orElse(getDilation(), getDimensions(), 1); }
SmallVector<int64_t> ConvOp::getAmounts() { return orElse(getAmount(), getDimensions(), 0); }

RankedTensorType ConvOp::getWeightType() {
  RankedTensorType input = tensorType(getInput());
  SmallVector<int64_t> shape{static_cast<int64_t>(getChannels()),
                             input.getDimSize(0) / static_cast<int64_t>(getGroups())};
  llvm::append_range(shape, getKernel());
  return RankedTensorType::get(shape, input.getElementType());
}

DictionaryAttr ConvOp::getWeightDescriptor() {
  int64_t places = ShapedType::getNumElements(getKernel());
  InitializerAttr init =
      getInitAttr() ? getInitAttr() : InitializerAttr::get(getContext(), InitializerKind::glorot_uniform, {});
  return init.getDescriptor(getWeightType().getDimSize(1) * places,
                            static_cast<int64_t>(getChannels() / getGroups()) * places);
}

LogicalResult ConvOp::verify() {
  RankedTensorType input = tensorType(getInput());
  if (failed(verifyGrid(*this, input)))
    return failure();
  int64_t dimensions = input.getRank() - 1, channels = getChannels(), groups = getGroups();
  if (failed(verifyNumbers(*this, "kernel", getKernel(), dimensions, 1)) ||
      failed(verifyNumbers(*this, "stride", getStride(), dimensions, 1)) ||
      failed(verifyNumbers(*this, "dilation", getDilation(), dimensions, 1)) ||
      failed(verifyNumbers(*this, "padding", getAmount(), dimensions, 0)))
    return failure();
  if (channels < 1)
    return emitOpError() << "makes " << channels << " channels, but must make at least one";
  if (groups < 1 || channels % groups || input.getDimSize(0) % groups)
    return emitOpError() << "has " << groups << " groups, which do not divide " << input.getDimSize(0)
                         << " channels of the input and " << channels << " of the result";
  if (RankedTensorType weight = getWeightType(); !isAddressable(weight.getShape()))
    return emitOpError() << "has a weight of type " << weight << ", but " << kNotAddressable;
  if (getPadding() == Padding::edge)
    return emitOpError() << "pads with the last value, but a convolution pads with zero or periodically";
  bool periodic = getPadding() == Padding::periodic;
  SmallVector<int64_t> shape{channels};
  for (auto [i, n] : llvm::enumerate(input.getShape().drop_front())) {
    int64_t kernel = getKernel()[i], stride = getStrides()[i], reach = getDilations()[i] * (kernel - 1),
            amount = getAmounts()[i];
    if (getTransposed() && amount > reach)
      return emitOpError() << "takes " << amount << " elements off either side in dimension " << i
                           << ", but the kernel reaches over " << reach;
    int64_t wrapped = getTransposed() ? std::max(amount, reach - amount) : amount,
            around = getTransposed() ? n * stride : n;
    if (periodic && wrapped > around)
      return emitOpError() << "needs " << wrapped << " elements beyond the border in dimension " << i
                           << ", but one period has " << around;
    int64_t span = n + 2 * amount - reach - 1;
    int64_t size = !getTransposed() ? (span < 0 ? 0 : span / stride + 1)
                   : periodic       ? n * stride
                                    : (n - 1) * stride + reach + 1 - 2 * amount;
    if (size < 1)
      return emitOpError() << "makes nothing of the " << n << " elements in dimension " << i
                           << ", over which its kernel does not fit";
    shape.push_back(size);
  }
  if (failed(
          verifyResult(*this, tensorType(getResult()), RankedTensorType::get(shape, input.getElementType()))))
    return failure();
  if (getNoBias() && getBias())
    return emitOpError() << "says how the bias begins, but has none";
  auto verifyValues = [&](InitializerAttr init, int64_t elements, StringRef what) -> LogicalResult {
    if (init && init.getKind() == InitializerKind::values &&
        static_cast<int64_t>(init.getArguments().size()) != elements)
      return emitOpError() << "initialises " << what << " with " << init.getArguments().size()
                           << " values, but it has " << elements << " elements";
    return success();
  };
  if (failed(verifyValues(getInitAttr(), getWeightType().getNumElements(), "the weight")))
    return failure();
  return verifyValues(getBiasAttr(), channels, "the bias");
}

//===------------------------------------------------------------------------------------------------------===//
// Pooling and up-sampling
//===------------------------------------------------------------------------------------------------------===//

SmallVector<int64_t> PoolOp::getStrides() { return SmallVector<int64_t>(getStride().value_or(getWindow())); }

LogicalResult PoolOp::verify() {
  RankedTensorType input = tensorType(getInput());
  int64_t dimensions = input.getRank() - 1;
  if (failed(verifyGrid(*this, input)) ||
      failed(verifyNumbers(*this, "window", getWindow(), dimensions, 1)) ||
      failed(verifyNumbers(*this, "stride", getStride(), dimensions, 1)))
    return failure();
  SmallVector<int64_t> shape{input.getDimSize(0)};
  for (auto [n, window, stride] : llvm::zip_equal(input.getShape().drop_front(), getWindow(), getStrides())) {
    if (window > n)
      return emitOpError() << "has a window of " << window << " elements, but there are " << n;
    shape.push_back((n - window) / stride + 1);
  }
  return verifyResult(*this, tensorType(getResult()), RankedTensorType::get(shape, input.getElementType()));
}

LogicalResult UpsampleOp::verify() {
  RankedTensorType input = tensorType(getInput());
  if (failed(verifyGrid(*this, input)) ||
      failed(verifyNumbers(*this, "factor", getFactors(), input.getRank() - 1, 1)))
    return failure();
  SmallVector<int64_t> shape(input.getShape());
  for (auto [i, factor] : llvm::enumerate(getFactors()))
    shape[i + 1] *= factor;
  if (getPeriodic() && getKind() == Interpolation::cubic &&
      llvm::any_of(input.getShape().drop_front(), [](int64_t n) { return n < 2; }))
    return emitOpError() << "has a period of one element, but a periodic cubic needs two";
  return verifyResult(*this, tensorType(getResult()), RankedTensorType::get(shape, input.getElementType()));
}

//===------------------------------------------------------------------------------------------------------===//
// Batch normalisation
//===------------------------------------------------------------------------------------------------------===//

LogicalResult BatchNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> location,
                                            ValueRange operands, DictionaryAttr attributes,
                                            OpaqueProperties properties, RegionRange regions,
                                            SmallVectorImpl<Type> &types) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto input = cast<RankedTensorType>(adaptor.getInput().getType());
  ArrayRef<int64_t> over = adaptor.getOver();
  if (over.empty())
    return emitOptionalError(location, "is over no dimension, but needs one at least");
  SmallVector<int64_t> kept;
  for (int64_t dimension = 0; dimension < input.getRank(); ++dimension)
    if (!llvm::is_contained(over, dimension))
      kept.push_back(input.getDimSize(dimension));
  if (kept.size() + over.size() != static_cast<size_t>(input.getRank()))
    return emitOptionalError(location, "is over dimensions that ", input,
                             " does not have, or twice over one");
  Type statistics = RankedTensorType::get(kept, input.getElementType());
  types.assign({input, statistics, statistics});
  return success();
}

LogicalResult BatchNormOp::verify() {
  for (Value statistic : {getMean(), getVariance()})
    if (statistic && statistic.getType() != getMeanUsed().getType())
      return emitOpError() << "is given statistics of type " << statistic.getType() << ", but they are "
                           << getMeanUsed().getType();
  double epsilon = getEpsilon().convertToDouble();
  if (!(epsilon >= 0) || std::isinf(epsilon))
    return emitOpError() << "has epsilon " << getEpsilonAttr() << ", but needs a number that is not negative";
  return success();
}
