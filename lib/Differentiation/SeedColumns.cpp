//===- SeedColumns.cpp - Products with many seeds, side by side -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "SeedColumns.h"
#include "ExprBuilder.h"
#include "Prepare.h"
#include "Rules/Structural.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace costate;

/// So many seeds at a time: intermediate values stay in a cache, and what does not depend on the seed and
/// cannot leave the loop is computed rarely.
static constexpr int64_t kMostLanes = 64;

static RankedTensorType withLast(Type type, int64_t size) {
  SmallVector<int64_t> shape(shapeOf(type));
  shape.push_back(size);
  return RankedTensorType::get(shape, getElementTypeOrSelf(type));
}

/// A one-dimensional tensor in another shape of as many elements.
static Value unflatten(OpBuilder &builder, Location loc, Value flat, RankedTensorType type) {
  if (type.getRank() == 1)
    return flat;
  if (type.getRank() == 0)
    return tensor::CollapseShapeOp::create(builder, loc, type, flat, ArrayRef<ReassociationIndices>{});
  ReassociationIndices all = llvm::to_vector<2>(llvm::seq<int64_t>(0, type.getRank()));
  return tensor::ExpandShapeOp::create(builder, loc, type, flat, ArrayRef<ReassociationIndices>(all));
}

//===----------------------------------------------------------------------===//
// Seeds
//===----------------------------------------------------------------------===//

Value SeedColumns::seedsFrom(size_t seed, Value offset, std::optional<int64_t> lanes) {
  Type type = layout.seedTypes[seed];
  ComponentRange range = layout.seedRanges[seed];
  const Grouping &groups = plan.groups;
  auto element = cast<FloatType>(getElementTypeOrSelf(type));
  auto oneWhere = [&](OpBuilder &b, Location loc, Value group, Value wanted) -> Value {
    Value equal = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, group, wanted);
    Value one = arith::ConstantOp::create(b, loc, b.getFloatAttr(element, 1.0));
    Value zero = arith::ConstantOp::create(b, loc, b.getFloatAttr(element, 0.0));
    return arith::SelectOp::create(b, loc, equal, one, zero);
  };
  if (!lanes && !isa<ShapedType>(type))
    return oneWhere(builder, loc, arith::ConstantIndexOp::create(builder, loc, groups.of(range.first)),
                    offset);
  ArrayRef<int64_t> shape = shapeOf(type);
  unsigned rank = shape.size(), dims = rank + (lanes ? 1 : 0);
  RankedTensorType result = lanes ? withLast(type, *lanes) : cast<RankedTensorType>(type);
  Value init = tensor::EmptyOp::create(builder, loc, result.getShape(), element);
  SmallVector<Value> tables;
  SmallVector<AffineMap> maps;
  if (!groups.isSingles()) {
    auto table = RankedTensorType::get(shape, builder.getI32Type());
    ArrayRef<int32_t> numbers(groups.groupOf);
    tables.push_back(arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(table, numbers.slice(range.first, range.size))));
    maps.push_back(AffineMap::getMultiDimIdentityMap(dims, builder.getContext()).getMajorSubMap(rank));
  }
  maps.push_back(builder.getMultiDimIdentityMap(dims));
  SmallVector<utils::IteratorType> iterators(dims, utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange arguments) {
    Value group, wanted = offset;
    if (!tables.empty()) {
      group = arith::IndexCastOp::create(b, loc, b.getIndexType(), arguments[0]);
    } else {
      group = arith::ConstantIndexOp::create(b, loc, 0);
      for (unsigned i = 0; i < rank; ++i) {
        Value extent = arith::ConstantIndexOp::create(b, loc, shape[i]);
        group = arith::AddIOp::create(b, loc, b.createOrFold<arith::MulIOp>(loc, group, extent),
                                      linalg::IndexOp::create(b, loc, i));
      }
      group = b.createOrFold<arith::AddIOp>(loc, group, arith::ConstantIndexOp::create(b, loc, range.first));
    }
    if (lanes)
      wanted = arith::AddIOp::create(b, loc, offset, linalg::IndexOp::create(b, loc, rank));
    linalg::YieldOp::create(b, loc, oneWhere(b, loc, group, wanted));
  };
  return linalg::GenericOp::create(builder, loc, result, tables, init, maps, iterators, body).getResult(0);
}

SmallVector<Value> SeedColumns::productsFrom(Value offset, std::optional<int64_t> lanes) {
  Block &source = linear.getBody().front();
  IRMapping mapping;
  mapping.map(source.getArguments().take_front(inputs.size()), inputs);
  for (size_t seed = 0; seed < layout.seedTypes.size(); ++seed)
    mapping.map(source.getArgument(inputs.size() + seed), seedsFrom(seed, offset, lanes));
  for (Operation &op : source.without_terminator())
    builder.clone(op, mapping);
  return llvm::map_to_vector(source.getTerminator()->getOperands(),
                             [&](Value value) { return mapping.lookupOrDefault(value); });
}

//===----------------------------------------------------------------------===//
// Columns
//===----------------------------------------------------------------------===//

SmallVector<Value> SeedColumns::emptyColumns() {
  return llvm::map_to_vector(layout.derivativeTypes, [&](Type type) -> Value {
    RankedTensorType all = withLast(type, plan.groups.count);
    return tensor::EmptyOp::create(builder, loc, all.getShape(), all.getElementType());
  });
}

/// Puts products into `columns`, those with the seed of number `offset` first.
void SeedColumns::insert(Values &columns, ValueRange products, OpFoldResult offset, int64_t lanes) {
  for (auto [whole, part] : llvm::zip_equal(columns, products)) {
    if (!isa<RankedTensorType>(part.getType())) {
      Value place = getValueOrCreateConstantIndexOp(builder, loc, offset);
      whole = tensor::InsertOp::create(builder, loc, part, whole, place);
      continue;
    }
    auto type = cast<RankedTensorType>(whole.getType());
    SmallVector<OpFoldResult> offsets(type.getRank(), builder.getIndexAttr(0)),
        sizes = getAsIndexOpFoldResult(builder.getContext(), type.getShape()),
        strides(type.getRank(), builder.getIndexAttr(1));
    offsets.back() = offset;
    sizes.back() = builder.getIndexAttr(lanes);
    whole = tensor::InsertSliceOp::create(builder, loc, part, whole, offsets, sizes, strides);
  }
}

void SeedColumns::createLoop(BatchFunction batch) {
  int64_t count = plan.groups.count, trips = llvm::divideCeil(count, kMostLanes);
  std::optional<int64_t> lanes = std::min<int64_t>(count, llvm::alignTo(llvm::divideCeil(count, trips), 8));
  // Where an op has no batching rule, the loop takes one seed at a time.
  BitVector varying(linear.getNumArguments());
  varying.set(inputs.size(), varying.size());
  FailureOr<func::FuncOp> batched = linear.clone();
  linear->getBlock()->getOperations().insertAfter(linear->getIterator(), *batched);
  {
    ScopedDiagnosticHandler quiet(linear.getContext(), [](Diagnostic &) { return success(); });
    batched = batch(*batched, varying, *lanes);
  }
  if (succeeded(batched)) {
    linear.erase();
    linear = *batched;
  } else {
    lanes = std::nullopt;
    trips = count;
  }
  auto constant = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
  if (trips == 1) {
    columns = productsFrom(constant(0), lanes);
  } else {
    Value zero = constant(0), end = constant(trips), one = constant(1);
    auto loop = scf::ForOp::create(builder, loc, zero, end, one, emptyColumns());
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(loop.getBody());
    Value offset = loop.getInductionVar();
    if (lanes) // The last ones may have been there before.
      offset =
          arith::MinSIOp::create(builder, loc, arith::MulIOp::create(builder, loc, offset, constant(*lanes)),
                                 constant(count - *lanes));
    Values parts(loop.getRegionIterArgs());
    insert(parts, productsFrom(offset, lanes), offset, lanes.value_or(1));
    scf::YieldOp::create(builder, loc, parts);
    columns = Values(loop.getResults());
  }
  linear.erase();
}

void SeedColumns::createCopies() {
  columns = emptyColumns();
  for (int64_t i = 0; i < plan.groups.count; ++i)
    insert(columns, productsFrom(arith::ConstantIndexOp::create(builder, loc, i), std::nullopt),
           builder.getIndexAttr(i), 1);
  linear.erase();
}

//===----------------------------------------------------------------------===//
// Blocks of the matrix
//===----------------------------------------------------------------------===//

Value SeedColumns::block(size_t seed, size_t derivative) {
  RankedTensorType type = layout.blockType(seed, derivative, plan.forwards);
  if (type.getNumElements() == 0)
    return ExprBuilder(builder, loc, type).zero();
  return plan.groups.isSingles() ? denseBlock(seed, derivative, type) : sparseBlock(seed, derivative, type);
}

/// The columns of a seed, in its shape.
Value SeedColumns::denseBlock(size_t seed, size_t derivative, RankedTensorType type) {
  Value part = columns[derivative];
  ComponentRange range = layout.seedRanges[seed];
  auto whole = cast<RankedTensorType>(part.getType());
  ArrayRef<int64_t> seedShape = shapeOf(layout.seedTypes[seed]);
  int64_t rank = whole.getRank() - 1; // of the derivative
  if (range.size != whole.getShape().back()) {
    SmallVector<OpFoldResult> offsets(rank + 1, builder.getIndexAttr(0)),
        sizes = getAsIndexOpFoldResult(builder.getContext(), whole.getShape()),
        strides(rank + 1, builder.getIndexAttr(1));
    offsets.back() = builder.getIndexAttr(range.first);
    sizes.back() = builder.getIndexAttr(range.size);
    part = tensor::ExtractSliceOp::create(builder, loc, part, offsets, sizes, strides);
  }
  auto sliced = cast<RankedTensorType>(part.getType());
  part = ExprBuilder(builder, loc, sliced.clone(type.getElementType())).convert(part);
  if (!plan.forwards) { // Products backwards are rows.
    SmallVector<int64_t> lastFirst = {rank};
    llvm::append_range(lastFirst, llvm::seq<int64_t>(0, rank));
    part = permute(builder, loc, part, lastFirst);
  }
  if (seedShape.size() == 1)
    return part;
  // The dimension over the seeds becomes those of the seed, or none.
  int64_t seedRank = seedShape.size(), place = plan.forwards ? rank : 0;
  if (seedRank == 0) {
    SmallVector<OpFoldResult> offsets(rank + 1, builder.getIndexAttr(0)),
        sizes = getAsIndexOpFoldResult(builder.getContext(), cast<ShapedType>(part.getType()).getShape()),
        strides(rank + 1, builder.getIndexAttr(1));
    return tensor::ExtractSliceOp::create(builder, loc, type, part, offsets, sizes, strides);
  }
  SmallVector<ReassociationIndices> dims;
  for (int64_t i = 0, next = 0; i <= rank; ++i) {
    int64_t count = i == place ? seedRank : 1;
    dims.push_back(llvm::to_vector<2>(llvm::seq(next, next + count)));
    next += count;
  }
  return tensor::ExpandShapeOp::create(builder, loc, type, part, dims);
}

/// The entries of a block, each from the product that holds it, and zeros elsewhere.
Value SeedColumns::sparseBlock(size_t seed, size_t derivative, RankedTensorType type) {
  ComponentRange seeds = layout.seedRanges[seed], derivatives = layout.derivativeRanges[derivative];
  int64_t count = plan.groups.count;
  SmallVector<int32_t> from, to;
  for (int64_t i = 0; i < seeds.size; ++i)
    if (int64_t group = plan.groups.of(seeds.first + i); group >= 0)
      for (int64_t j = 0; j < derivatives.size; ++j)
        if (plan.entries[seeds.first + i][derivatives.first + j]) {
          from.push_back(j * count + group);
          to.push_back(plan.forwards ? j * seeds.size + i : i * derivatives.size + j);
        }
  Value zeros = ExprBuilder(builder, loc, type).zero();
  if (from.empty())
    return zeros;
  Value source = columns[derivative];
  if (auto columnsType = cast<RankedTensorType>(source.getType()); columnsType.getRank() > 1) {
    ReassociationIndices all = llvm::to_vector<2>(llvm::seq<int64_t>(0, columnsType.getRank()));
    source = tensor::CollapseShapeOp::create(builder, loc, source, ArrayRef<ReassociationIndices>(all));
  }
  auto flat = RankedTensorType::get({type.getNumElements()}, type.getElementType());
  auto table = [&](ArrayRef<int32_t> places) -> Value {
    auto type = RankedTensorType::get({static_cast<int64_t>(places.size())}, builder.getI32Type());
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, places));
  };
  Value fromTable = table(from), toTable = table(to);
  Value first = arith::ConstantIndexOp::create(builder, loc, 0),
        last = arith::ConstantIndexOp::create(builder, loc, from.size()),
        one = arith::ConstantIndexOp::create(builder, loc, 1);
  auto loop =
      scf::ForOp::create(builder, loc, first, last, one, ExprBuilder(builder, loc, flat).zero(),
                         [&](OpBuilder &b, Location loc, Value entry, ValueRange carried) {
                           auto placeIn = [&](Value table) -> Value {
                             Value place = tensor::ExtractOp::create(b, loc, table, entry);
                             return arith::IndexCastOp::create(b, loc, b.getIndexType(), place);
                           };
                           Value value = tensor::ExtractOp::create(b, loc, source, placeIn(fromTable));
                           value = ExprBuilder(b, loc, flat.getElementType()).convert(value);
                           Value next = tensor::InsertOp::create(b, loc, value, carried[0], placeIn(toTable));
                           scf::YieldOp::create(b, loc, next);
                         });
  return unflatten(builder, loc, loop.getResult(0), type);
}
