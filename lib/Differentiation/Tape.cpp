//===- Tape.cpp - Values of every iteration of a loop -----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Tape.h"

#include "CheckpointPlanner.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

bool costate::isRecordable(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return tensor.hasStaticShape() && tensor.getElementType().isIntOrIndexOrFloat();
  return type.isIntOrIndexOrFloat() || isa<VectorType>(type);
}

int64_t costate::bitsOf(Type type) {
  auto bits = [](Type element) -> int64_t {
    return element.isIndex() ? 64 : element.getIntOrFloatBitWidth();
  };
  auto shaped = dyn_cast<ShapedType>(type);
  int64_t all = bits(getElementTypeOrSelf(type));
  for (int64_t extent : shaped ? shaped.getShape() : ArrayRef<int64_t>())
    all = times(all, extent); // of a loop with a constant number of iterations, it may be any
  return all;
}

Value costate::createTape(OpBuilder &builder, Location loc, Type type, OpFoldResult count) {
  SmallVector<OpFoldResult> sizes = {count};
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (tensor)
    llvm::append_range(sizes, getAsIndexOpFoldResult(builder.getContext(), tensor.getShape()));
  auto tape = tensor::EmptyOp::create(builder, loc, sizes, tensor ? tensor.getElementType() : type);
  tape->setDiscardableAttr(kTapeAttr, builder.getUnitAttr());
  return tape;
}

namespace {
/// Slice `k` of a tape of tensors.
struct Slice {
  Slice(OpBuilder &builder, RankedTensorType type, Value k)
      : offsets(type.getRank() + 1, builder.getIndexAttr(0)),
        sizes(getAsIndexOpFoldResult(builder.getContext(), type.getShape())),
        strides(type.getRank() + 1, builder.getIndexAttr(1)) {
    offsets.front() = k;
    sizes.insert(sizes.begin(), builder.getIndexAttr(1));
  }
  SmallVector<OpFoldResult> offsets, sizes, strides;
};
} // namespace

Value costate::record(OpBuilder &builder, Location loc, Value value, Value tape, Value k) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return tensor::InsertOp::create(builder, loc, value, tape, k);
  Slice slice(builder, type, k);
  return tensor::InsertSliceOp::create(builder, loc, value, tape, slice.offsets, slice.sizes, slice.strides);
}

Value costate::recall(OpBuilder &builder, Location loc, Type type, Value tape, Value k) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return tensor::ExtractOp::create(builder, loc, tape, k);
  Slice slice(builder, tensor, k);
  return tensor::ExtractSliceOp::create(builder, loc, tensor, tape, slice.offsets, slice.sizes,
                                        slice.strides);
}
