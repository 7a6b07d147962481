//===- TensorBatching.cpp - Batching of ops that change the shape of tensors ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "LaneSlices.h"
#include "costate/Batching/Registration.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

namespace {

SmallVector<ReassociationIndices> withLaneGroup(ArrayRef<ReassociationIndices> groups, int64_t expandedRank) {
  // A single element, which has no dimension to group, goes with the lanes.
  if (groups.empty())
    return {llvm::to_vector<2>(llvm::seq<int64_t>(0, expandedRank + 1))};
  SmallVector<ReassociationIndices> result(groups);
  result.push_back({expandedRank});
  return result;
}

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
    tensor::ExpandShapeOp::attachInterface<ExpandShapeModel>(*context);
    tensor::CollapseShapeOp::attachInterface<CollapseShapeModel>(*context);
    tensor::SplatOp::attachInterface<SplatModel>(*context);
    tensor::FromElementsOp::attachInterface<FromElementsModel>(*context);
    tensor::ConcatOp::attachInterface<ConcatModel>(*context);
    tensor::PadOp::attachInterface<PadModel>(*context);
  });
}
