//===- SliceBatching.cpp - Batching of ops that read and write parts of tensors ---------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Where the place is the same for every sample, the lanes come with the part. Where it depends on the sample,
// the parts of the lanes are visited one by one.
//
//===------------------------------------------------------------------------------------------------------===//
#include "LaneSlices.h"
#include "UntakenBranches.h"
#include "costate/Batching/Registration.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

namespace {

LogicalResult refuseVaryingExtent(Operation *op) {
  return op->emitOpError()
         << "cannot be batched: its extent depends on the sample, as what a loop records for its "
            "reverse does if the number of its iterations depends on it";
}

struct EmptyModel : BatchableOpInterface::ExternalModel<EmptyModel, tensor::EmptyOp> {
  LogicalResult batch(Operation *op, Batcher &) const { return refuseVaryingExtent(op); }
};

/// Where a part of one sample's tensor begins.
class Places {
public:
  Places(Batcher &batcher, Value tensor, ArrayRef<OpFoldResult> places, ArrayRef<OpFoldResult> sizes = {},
         ArrayRef<OpFoldResult> strides = {})
      : batcher(batcher), places(places),
        limits(lastPlaces(cast<RankedTensorType>(tensor.getType()).getShape(), sizes, strides)) {}

  bool vary() const {
    return llvm::any_of(places, [&](OpFoldResult place) {
      auto value = dyn_cast<Value>(place);
      return value && batcher.isVarying(value);
    });
  }

  /// Those of `lane`, and behind them its own, unless the tensor is uniform. A lane that does not take a
  /// branch computes it all the same, with places that may lie outside: they are moved inside.
  SmallVector<OpFoldResult> inLane(Value lane, bool varyingTensor) const {
    OpBuilder &builder = batcher.getBuilder();
    SmallVector<OpFoldResult> result;
    for (auto [original, limit] : llvm::zip_equal(places, limits)) {
      OpFoldResult place = original;
      auto value = dyn_cast<Value>(place);
      if (value && batcher.isVarying(value)) {
        Location loc = value.getLoc();
        Value at = tensor::ExtractOp::create(builder, loc, batcher.lookup(value), lane);
        place = moveInside(builder, loc, at, limit);
      } else if (value) {
        place = inAllLanes(value, limit);
      }
      result.push_back(place);
    }
    if (varyingTensor)
      result.push_back(lane);
    return result;
  }

  /// Where none varies: those of all lanes, and behind them the first lane.
  SmallVector<OpFoldResult> inAllLanes() const {
    SmallVector<OpFoldResult> result;
    for (auto [place, limit] : llvm::zip_equal(places, limits)) {
      auto value = dyn_cast<Value>(place);
      result.push_back(value ? OpFoldResult(inAllLanes(value, limit)) : place);
    }
    result.push_back(batcher.getBuilder().getIndexAttr(0));
    return result;
  }

private:
  Value inAllLanes(Value place, std::optional<int64_t> limit) const {
    Value at = batcher.lookup(place);
    return batcher.allLanesRun() ? at : moveInside(batcher.getBuilder(), at.getLoc(), at, limit);
  }

  Batcher &batcher;
  SmallVector<OpFoldResult> places;
  SmallVector<std::optional<int64_t>> limits;
};

/// Makes `result` lane by lane.
Value forEachLane(Batcher &batcher, Location loc, Value result,
                  function_ref<Value(Value lane, Value result)> body) {
  OpBuilder &builder = batcher.getBuilder();
  auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); };
  return scf::ForOp::create(builder, loc, index(0), index(batcher.getLanes()), index(1), result,
                            [&](OpBuilder &, Location, Value lane, ValueRange carried) {
                              scf::YieldOp::create(builder, loc, body(lane, carried.front()));
                            })
      .getResult(0);
}

Value emptyLike(Batcher &batcher, Location loc, Type type) {
  RankedTensorType varying = batcher.varyingType(type);
  return tensor::EmptyOp::create(batcher.getBuilder(), loc, varying.getShape(), varying.getElementType());
}

struct ExtractModel : BatchableOpInterface::ExternalModel<ExtractModel, tensor::ExtractOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto extract = cast<tensor::ExtractOp>(op);
    OpBuilder &builder = batcher.getBuilder();
    Location loc = op->getLoc();
    SmallVector<OpFoldResult> indices = getAsOpFoldResult(extract.getIndices());
    Places places(batcher, extract.getTensor(), indices);
    Value result;
    if (places.vary()) {
      bool varying = batcher.isVarying(extract.getTensor());
      Value source = batcher.lookup(extract.getTensor());
      result = forEachLane(batcher, loc, emptyLike(batcher, loc, extract.getType()),
                           [&](Value lane, Value made) -> Value {
                             auto at = places.inLane(lane, varying);
                             Value element = tensor::ExtractOp::create(
                                 builder, loc, source, getValueOrCreateConstantIndexOp(builder, loc, at));
                             return tensor::InsertOp::create(builder, loc, element, made, lane);
                           });
    } else {
      result = tensor::ExtractSliceOp::create(
          builder, loc, batcher.varyingType(extract.getType()), batcher.lookupVarying(extract.getTensor()),
          places.inAllLanes(), elementSizes(indices.size(), batcher), unitStrides(indices.size(), batcher));
    }
    batcher.map(extract.getResult(), result, true);
    return success();
  }
};

struct InsertModel : BatchableOpInterface::ExternalModel<InsertModel, tensor::InsertOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto insert = cast<tensor::InsertOp>(op);
    OpBuilder &builder = batcher.getBuilder();
    Location loc = op->getLoc();
    SmallVector<OpFoldResult> indices = getAsOpFoldResult(insert.getIndices());
    Places places(batcher, insert.getDest(), indices);
    Value element = batcher.lookupVarying(insert.getScalar()),
          result = batcher.lookupVarying(insert.getDest());
    if (places.vary())
      result = forEachLane(batcher, loc, result, [&](Value lane, Value made) -> Value {
        Value ofLane = tensor::ExtractOp::create(builder, loc, element, lane);
        auto at = places.inLane(lane, true);
        return tensor::InsertOp::create(builder, loc, ofLane, made,
                                        getValueOrCreateConstantIndexOp(builder, loc, at));
      });
    else
      result = tensor::InsertSliceOp::create(builder, loc, element, result, places.inAllLanes(),
                                             elementSizes(indices.size(), batcher),
                                             unitStrides(indices.size(), batcher));
    batcher.map(insert.getResult(), result, true);
    return success();
  }
};

/// What one lane holds of a batched tensor.
struct LanePart {
  LanePart(Batcher &batcher, Value tensor, Value lane) : builder(batcher.getBuilder()) {
    auto type = cast<RankedTensorType>(tensor.getType());
    offsets.assign(type.getRank(), builder.getIndexAttr(0));
    offsets.back() = lane;
    sizes = getAsIndexOpFoldResult(builder.getContext(), type.getShape());
    sizes.back() = builder.getIndexAttr(1);
    strides.assign(type.getRank(), builder.getIndexAttr(1));
  }
  Value extract(Type type, Value source) const {
    return tensor::ExtractSliceOp::create(builder, source.getLoc(), cast<RankedTensorType>(type), source,
                                          offsets, sizes, strides);
  }
  Value insert(Value part, Value destination) const {
    return tensor::InsertSliceOp::create(builder, part.getLoc(), part, destination, offsets, sizes, strides);
  }

  OpBuilder &builder;
  SmallVector<OpFoldResult> offsets, sizes, strides;
};

/// Sizes or strides of a slice in one lane.
SmallVector<OpFoldResult> withOneLane(ArrayRef<OpFoldResult> values, Batcher &batcher, bool varyingTensor) {
  SmallVector<OpFoldResult> result = withLanes(values, batcher, 1);
  if (!varyingTensor)
    result.pop_back();
  return result;
}

struct Slice {
  SmallVector<OpFoldResult> offsets, sizes, strides;
};

/// What an op takes of a tensor; its extent must not depend on the sample.
FailureOr<Slice> sliceOf(OffsetSizeAndStrideOpInterface op, Batcher &batcher) {
  if (batcher.anyVarying(op.getSizes()) || batcher.anyVarying(op.getStrides()))
    return refuseVaryingExtent(op);
  return Slice{op.getMixedOffsets(), op.getMixedSizes(), op.getMixedStrides()};
}

struct ExtractSliceModel : BatchableOpInterface::ExternalModel<ExtractSliceModel, tensor::ExtractSliceOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    FailureOr<Slice> whole = sliceOf(slice, batcher);
    if (failed(whole))
      return failure();
    auto &[offsets, sizes, strides] = *whole;
    OpBuilder &builder = batcher.getBuilder();
    Location loc = op->getLoc();
    RankedTensorType type = batcher.varyingType(slice.getType());
    Places places(batcher, slice.getSource(), offsets, sizes, strides);
    Value result;
    if (places.vary()) {
      bool varying = batcher.isVarying(slice.getSource());
      Value source = batcher.lookup(slice.getSource());
      result = forEachLane(
          batcher, loc, emptyLike(batcher, loc, slice.getType()), [&](Value lane, Value made) -> Value {
            Value part = tensor::ExtractSliceOp::create(
                builder, loc, slice.getType(), source, places.inLane(lane, varying),
                withOneLane(sizes, batcher, varying), withOneLane(strides, batcher, varying));
            return LanePart(batcher, made, lane).insert(part, made);
          });
    } else {
      result = tensor::ExtractSliceOp::create(
          builder, loc, type, batcher.lookupVarying(slice.getSource()), places.inAllLanes(),
          withLanes(sizes, batcher, batcher.getLanes()), withLanes(strides, batcher, 1));
    }
    batcher.map(slice.getResult(), result, true);
    return success();
  }
};

struct InsertSliceModel : BatchableOpInterface::ExternalModel<InsertSliceModel, tensor::InsertSliceOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto slice = cast<tensor::InsertSliceOp>(op);
    FailureOr<Slice> whole = sliceOf(slice, batcher);
    if (failed(whole))
      return failure();
    auto &[offsets, sizes, strides] = *whole;
    OpBuilder &builder = batcher.getBuilder();
    Location loc = op->getLoc();
    Places places(batcher, slice.getDest(), offsets, sizes, strides);
    Value source = batcher.lookupVarying(slice.getSource()), result = batcher.lookupVarying(slice.getDest());
    if (places.vary())
      result = forEachLane(batcher, loc, result, [&](Value lane, Value made) -> Value {
        Value part = LanePart(batcher, source, lane).extract(slice.getSource().getType(), source);
        return tensor::InsertSliceOp::create(builder, loc, part, made, places.inLane(lane, true),
                                             withOneLane(sizes, batcher, true),
                                             withOneLane(strides, batcher, true));
      });
    else
      result = tensor::InsertSliceOp::create(builder, loc, source, result, places.inAllLanes(),
                                             withLanes(sizes, batcher, batcher.getLanes()),
                                             withLanes(strides, batcher, 1));
    batcher.map(slice.getResult(), result, true);
    return success();
  }
};

} // namespace

void costate::registerSliceBatching(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    tensor::EmptyOp::attachInterface<EmptyModel>(*context);
    tensor::ExtractOp::attachInterface<ExtractModel>(*context);
    tensor::InsertOp::attachInterface<InsertModel>(*context);
    tensor::ExtractSliceOp::attachInterface<ExtractSliceModel>(*context);
    tensor::InsertSliceOp::attachInterface<InsertSliceModel>(*context);
  });
}
