//===- TensorBatching.cpp - Batching of ops that move data
//------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/Batcher.h"
#include "costate/Batching/Registration.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

namespace {

/// Offsets, sizes or strides of a slice, with those of the lanes behind them.
SmallVector<OpFoldResult> withLanes(ArrayRef<OpFoldResult> values, Batcher &batcher, int64_t last) {
  SmallVector<OpFoldResult> result;
  for (OpFoldResult value : values)
    result.push_back(isa<Value>(value) ? OpFoldResult(batcher.lookup(cast<Value>(value))) : value);
  result.push_back(batcher.getBuilder().getIndexAttr(last));
  return result;
}

SmallVector<OpFoldResult> elementSizes(size_t rank, Batcher &batcher) {
  SmallVector<OpFoldResult> sizes(rank, batcher.getBuilder().getIndexAttr(1));
  sizes.push_back(batcher.getBuilder().getIndexAttr(batcher.getLanes()));
  return sizes;
}

SmallVector<OpFoldResult> unitStrides(size_t rank, Batcher &batcher) {
  return SmallVector<OpFoldResult>(rank + 1, batcher.getBuilder().getIndexAttr(1));
}

SmallVector<ReassociationIndices> withLaneGroup(ArrayRef<ReassociationIndices> groups, int64_t expandedRank) {
  // A single element, which has no dimension to group, goes with the lanes.
  if (groups.empty())
    return {llvm::to_vector<2>(llvm::seq<int64_t>(0, expandedRank + 1))};
  SmallVector<ReassociationIndices> result(groups);
  result.push_back({expandedRank});
  return result;
}

LogicalResult refuseVaryingExtent(Operation *op) {
  return op->emitOpError()
         << "cannot be batched: its extent depends on the sample, as what a loop records for its "
            "reverse does if the number of its iterations depends on it";
}

struct EmptyModel : BatchableOpInterface::ExternalModel<EmptyModel, tensor::EmptyOp> {
  LogicalResult batch(Operation *op, Batcher &) const { return refuseVaryingExtent(op); }
};

//===----------------------------------------------------------------------===//
// Places that depend on the sample
//===----------------------------------------------------------------------===//

/// Where a part of one sample's tensor begins.
class Places {
public:
  Places(Batcher &batcher, Value tensor, ArrayRef<OpFoldResult> places, ArrayRef<OpFoldResult> sizes = {},
         ArrayRef<OpFoldResult> strides = {})
      : batcher(batcher), places(places) {
    for (auto [dim, extent] : llvm::enumerate(cast<RankedTensorType>(tensor.getType()).getShape())) {
      auto size = sizes.empty() ? 1 : getConstantIntValue(sizes[dim]);
      auto stride = strides.empty() ? 1 : getConstantIntValue(strides[dim]);
      bool known = size && stride && !ShapedType::isDynamic(extent);
      limits.push_back(known ? std::optional(extent - 1 - (*size - 1) * *stride) : std::nullopt);
    }
  }

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
        if (limit) {
          auto bound = [&](int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); };
          at = arith::MaxSIOp::create(builder, loc, at, bound(0));
          at = arith::MinSIOp::create(builder, loc, at, bound(*limit));
        }
        place = at;
      } else if (value) {
        place = batcher.lookup(value);
      }
      result.push_back(place);
    }
    if (varyingTensor)
      result.push_back(lane);
    return result;
  }

private:
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
          withLanes(indices, batcher, 0), elementSizes(indices.size(), batcher),
          unitStrides(indices.size(), batcher));
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
      result = tensor::InsertSliceOp::create(builder, loc, element, result, withLanes(indices, batcher, 0),
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

struct ExtractSliceModel : BatchableOpInterface::ExternalModel<ExtractSliceModel, tensor::ExtractSliceOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    if (batcher.anyVarying(slice.getSizes()) || batcher.anyVarying(slice.getStrides()))
      return refuseVaryingExtent(op);
    OpBuilder &builder = batcher.getBuilder();
    Location loc = op->getLoc();
    SmallVector<OpFoldResult> offsets = slice.getMixedOffsets(), sizes = slice.getMixedSizes(),
                              strides = slice.getMixedStrides();
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
          builder, loc, type, batcher.lookupVarying(slice.getSource()), withLanes(offsets, batcher, 0),
          withLanes(sizes, batcher, batcher.getLanes()), withLanes(strides, batcher, 1));
    }
    batcher.map(slice.getResult(), result, true);
    return success();
  }
};

struct InsertSliceModel : BatchableOpInterface::ExternalModel<InsertSliceModel, tensor::InsertSliceOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto slice = cast<tensor::InsertSliceOp>(op);
    if (batcher.anyVarying(slice.getSizes()) || batcher.anyVarying(slice.getStrides()))
      return refuseVaryingExtent(op);
    OpBuilder &builder = batcher.getBuilder();
    Location loc = op->getLoc();
    SmallVector<OpFoldResult> offsets = slice.getMixedOffsets(), sizes = slice.getMixedSizes(),
                              strides = slice.getMixedStrides();
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
      result = tensor::InsertSliceOp::create(builder, loc, source, result, withLanes(offsets, batcher, 0),
                                             withLanes(sizes, batcher, batcher.getLanes()),
                                             withLanes(strides, batcher, 1));
    batcher.map(slice.getResult(), result, true);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

struct ExpandShapeModel : BatchableOpInterface::ExternalModel<ExpandShapeModel, tensor::ExpandShapeOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto expand = cast<tensor::ExpandShapeOp>(op);
    Value result = tensor::ExpandShapeOp::create(
        batcher.getBuilder(), op->getLoc(), batcher.varyingType(expand.getType()),
        batcher.lookupVarying(expand.getSrc()),
        withLaneGroup(expand.getReassociationIndices(), expand.getResultType().getRank()));
    batcher.map(expand.getResult(), result, true);
    return success();
  }
};

struct CollapseShapeModel : BatchableOpInterface::ExternalModel<CollapseShapeModel, tensor::CollapseShapeOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto collapse = cast<tensor::CollapseShapeOp>(op);
    Value result = tensor::CollapseShapeOp::create(
        batcher.getBuilder(), op->getLoc(), batcher.varyingType(collapse.getType()),
        batcher.lookupVarying(collapse.getSrc()),
        withLaneGroup(collapse.getReassociationIndices(), collapse.getSrcType().getRank()));
    batcher.map(collapse.getResult(), result, true);
    return success();
  }
};

struct SplatModel : BatchableOpInterface::ExternalModel<SplatModel, tensor::SplatOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto splat = cast<tensor::SplatOp>(op);
    OpBuilder &builder = batcher.getBuilder();
    RankedTensorType type = batcher.varyingType(splat.getType());
    Value empty = tensor::EmptyOp::create(builder, op->getLoc(), type.getShape(), type.getElementType());
    auto leading = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank() - 1));
    Value result = linalg::BroadcastOp::create(builder, op->getLoc(), batcher.lookupVarying(splat.getInput()),
                                               empty, leading)
                       .getResult()[0];
    batcher.map(splat.getResult(), result, true);
    return success();
  }
};

struct FromElementsModel : BatchableOpInterface::ExternalModel<FromElementsModel, tensor::FromElementsOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto from = cast<tensor::FromElementsOp>(op);
    OpBuilder &builder = batcher.getBuilder();
    RankedTensorType single = from.getType();
    RankedTensorType type = batcher.varyingType(single);
    size_t rank = single.getRank();
    // One element is a reshape, which costs nothing.
    if (single.getNumElements() == 1) {
      ReassociationIndices all = llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank()));
      Value result = batcher.lookupVarying(from.getElements()[0]);
      if (rank != 0)
        result = tensor::ExpandShapeOp::create(builder, op->getLoc(), type, result,
                                               SmallVector<ReassociationIndices>{all});
      batcher.map(from.getResult(), result, true);
      return success();
    }
    Value result = tensor::EmptyOp::create(builder, op->getLoc(), type.getShape(), type.getElementType());
    SmallVector<int64_t> position(rank, 0);
    for (Value element : from.getElements()) {
      SmallVector<OpFoldResult> offsets;
      for (int64_t index : position)
        offsets.push_back(builder.getIndexAttr(index));
      offsets.push_back(builder.getIndexAttr(0));
      result =
          tensor::InsertSliceOp::create(builder, op->getLoc(), batcher.lookupVarying(element), result,
                                        offsets, elementSizes(rank, batcher), unitStrides(rank, batcher));
      for (int64_t d = rank - 1; d >= 0 && ++position[d] == single.getDimSize(d); --d)
        position[d] = 0;
    }
    batcher.map(from.getResult(), result, true);
    return success();
  }
};

struct ConcatModel : BatchableOpInterface::ExternalModel<ConcatModel, tensor::ConcatOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto concat = cast<tensor::ConcatOp>(op);
    OpBuilder &builder = batcher.getBuilder();
    RankedTensorType type = batcher.varyingType(concat.getResultType());
    // As slices of one tensor: there is nothing below that lowers a concatenation in place.
    Value result = tensor::EmptyOp::create(builder, op->getLoc(), type.getShape(), type.getElementType());
    int64_t offset = 0;
    for (Value input : concat.getInputs()) {
      Value part = batcher.lookupVarying(input);
      auto partType = cast<RankedTensorType>(part.getType());
      SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0));
      offsets[concat.getDim()] = builder.getIndexAttr(offset);
      result =
          tensor::InsertSliceOp::create(builder, op->getLoc(), part, result, offsets,
                                        getAsIndexOpFoldResult(builder.getContext(), partType.getShape()),
                                        unitStrides(type.getRank() - 1, batcher));
      offset += partType.getDimSize(concat.getDim());
    }
    batcher.map(concat.getResult(), result, true);
    return success();
  }
};

struct PadModel : BatchableOpInterface::ExternalModel<PadModel, tensor::PadOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto pad = cast<tensor::PadOp>(op);
    Value padding = pad.getConstantPaddingValue();
    if (!padding || !llvm::all_of(pad.getMixedLowPad(), [](OpFoldResult v) { return isa<Attribute>(v); }))
      return op->emitOpError()
             << "cannot be batched: it pads with other than one value, or by amounts not constant";
    OpBuilder &builder = batcher.getBuilder();
    RankedTensorType type = batcher.varyingType(pad.getResultType());
    Value empty = tensor::EmptyOp::create(builder, op->getLoc(), type.getShape(), type.getElementType());
    Value fill =
        batcher.isVarying(padding)
            ? linalg::BroadcastOp::create(builder, op->getLoc(), batcher.lookup(padding), empty,
                                          llvm::to_vector(llvm::seq<int64_t>(0, type.getRank() - 1)))
                  .getResult()[0]
            : linalg::FillOp::create(builder, op->getLoc(), batcher.lookup(padding), empty).getResult(0);
    Value source = batcher.lookupVarying(pad.getSource());
    Value result = tensor::InsertSliceOp::create(
        builder, op->getLoc(), source, fill, withLanes(pad.getMixedLowPad(), batcher, 0),
        getAsIndexOpFoldResult(builder.getContext(), cast<RankedTensorType>(source.getType()).getShape()),
        unitStrides(type.getRank() - 1, batcher));
    batcher.map(pad.getResult(), result, true);
    return success();
  }
};

} // namespace

void costate::registerTensorBatching(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    tensor::ExtractOp::attachInterface<ExtractModel>(*context);
    tensor::InsertOp::attachInterface<InsertModel>(*context);
    tensor::ExtractSliceOp::attachInterface<ExtractSliceModel>(*context);
    tensor::InsertSliceOp::attachInterface<InsertSliceModel>(*context);
    tensor::EmptyOp::attachInterface<EmptyModel>(*context);
    tensor::ExpandShapeOp::attachInterface<ExpandShapeModel>(*context);
    tensor::CollapseShapeOp::attachInterface<CollapseShapeModel>(*context);
    tensor::SplatOp::attachInterface<SplatModel>(*context);
    tensor::FromElementsOp::attachInterface<FromElementsModel>(*context);
    tensor::ConcatOp::attachInterface<ConcatModel>(*context);
    tensor::PadOp::attachInterface<PadModel>(*context);
  });
}
