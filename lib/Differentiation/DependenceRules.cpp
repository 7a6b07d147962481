//===- DependenceRules.cpp - Which element of a result depends on which of an operand ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Activity.h"
#include "DependenceWalk.h"
#include "Rules/Product.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate;

/// Visits every index below `shape`, the last dimension fastest.
static void forEachIndex(ArrayRef<int64_t> shape, function_ref<void(ArrayRef<int64_t>)> visit) {
  SmallVector<int64_t> index(shape.size(), 0);
  for (int64_t left = ShapedType::getNumElements(shape); left > 0; --left) {
    visit(index);
    for (size_t i = shape.size(); i-- > 0;) {
      if (++index[i] < shape[i])
        break;
      index[i] = 0;
    }
  }
}

/// The flat places in a tensor of `shape` that a slice holds, in the order of the slice; none if they are not
/// constant.
static std::optional<SmallVector<int64_t>> placesOf(ArrayRef<int64_t> shape, ArrayRef<int64_t> offsets,
                                                    ArrayRef<int64_t> sizes, ArrayRef<int64_t> strides) {
  if (ShapedType::isDynamicShape(offsets) || ShapedType::isDynamicShape(sizes) ||
      ShapedType::isDynamicShape(strides))
    return std::nullopt;
  SmallVector<int64_t> places, basis = computeStrides(shape);
  forEachIndex(sizes, [&](ArrayRef<int64_t> index) {
    int64_t place = 0;
    for (size_t i = 0; i < index.size(); ++i)
      place += (offsets[i] + index[i] * strides[i]) * basis[i];
    places.push_back(place);
  });
  return places;
}

std::optional<int64_t> DependenceWalk::placeOf(ValueRange indices, Value whole) const {
  int64_t place = 0;
  for (auto [index, extent] : llvm::zip_equal(indices, shapeOf(whole))) {
    std::optional<int64_t> integer = integerOf(index);
    if (!integer || *integer < 0 || *integer >= extent)
      return std::nullopt;
    place = place * extent + *integer;
  }
  return place;
}

std::optional<SmallVector<int64_t>> DependenceWalk::placesOf(OffsetSizeAndStrideOpInterface slice,
                                                             Value whole) const {
  SmallVector<int64_t> offsets;
  for (auto [offset, size, stride, extent] : llvm::zip_equal(slice.getMixedOffsets(), slice.getStaticSizes(),
                                                             slice.getStaticStrides(), shapeOf(whole))) {
    auto value = dyn_cast<Value>(offset);
    std::optional<int64_t> first = value ? integerOf(value) : getConstantIntValue(offset);
    if (!first || ShapedType::isDynamic(size) || ShapedType::isDynamic(stride) || *first < 0 ||
        (size > 0 && *first + (size - 1) * stride >= extent))
      return std::nullopt;
    offsets.push_back(*first);
  }
  return ::placesOf(shapeOf(whole), offsets, slice.getStaticSizes(), slice.getStaticStrides());
}

static int64_t evaluate(AffineExpr expr, ArrayRef<int64_t> dims) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  int64_t lhs = evaluate(binary.getLHS(), dims), rhs = evaluate(binary.getRHS(), dims);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return lhs + rhs;
  case AffineExprKind::Mul:
    return lhs * rhs;
  case AffineExprKind::Mod:
    return lhs - rhs * llvm::divideFloorSigned(lhs, rhs);
  case AffineExprKind::FloorDiv:
    return llvm::divideFloorSigned(lhs, rhs);
  default:
    return llvm::divideCeilSigned(lhs, rhs);
  }
}

/// The elements of a constant that are zero (or false); no bits for what is not a constant.
static BitVector zerosOf(Value value) {
  Attribute attribute;
  if (!matchPattern(value, m_Constant(&attribute)))
    return {};
  auto isZero = [](Attribute element) {
    if (auto number = dyn_cast<FloatAttr>(element))
      return number.getValue().isZero();
    auto integer = dyn_cast<IntegerAttr>(element);
    return integer && integer.getValue().isZero();
  };
  auto dense = dyn_cast<DenseElementsAttr>(attribute);
  if (!dense || dense.isSplat())
    return BitVector(sizeOf(value), isZero(dense ? dense.getSplatValue<Attribute>() : attribute));
  BitVector zeros(dense.getNumElements());
  for (auto [i, element] : llvm::enumerate(dense.getValues<Attribute>()))
    zeros[i] = isZero(element);
  return zeros;
}

bool DependenceWalk::visitElementwise(Operation &op) {
  if (!op.hasTrait<OpTrait::Elementwise>() || op.getNumRegions() != 0)
    return false;
  // What a constant keeps from the result: the factor of its zeros, the branch that it does not select.
  SmallVector<BitVector> dropped(op.getNumOperands());
  if (isa<arith::SelectOp>(op)) {
    dropped[1] = zerosOf(op.getOperand(0));
    dropped[2] = dropped[1];
    dropped[2].flip();
  } else if (isa<arith::MulFOp>(op)) {
    dropped[0] = zerosOf(op.getOperand(1));
    dropped[1] = zerosOf(op.getOperand(0));
  }
  Rows rows(sizeOf(op.getResult(0)));
  for (auto [operand, drop] : llvm::zip_equal(op.getOperands(), dropped)) {
    const Rows *from = lookup(operand);
    if (!from)
      continue;
    for (size_t i = 0; i < rows.size(); ++i)
      if (drop.empty() || !drop[drop.size() == 1 ? 0 : i])
        add(rows[i], (*from)[from->size() == 1 ? 0 : i]);
  }
  for (Value result : op.getResults())
    known[result] = rows;
  return true;
}

bool DependenceWalk::visitMove(Operation &op) {
  Rows rows;
  auto all = [&](Value value) { return lookup(value) ? *lookup(value) : Rows(sizeOf(value)); };
  // Where the place is not known, each element may be an old or a new one.
  auto addToAll = [&](Rows &to, Value value) {
    BitVector added = anyOf(value);
    for (BitVector &row : to)
      add(row, added);
  };
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op)) {
    rows = all(op.getOperand(0));
  } else if (auto splat = dyn_cast<tensor::SplatOp>(op)) {
    rows = Rows(sizeOf(splat), anyOf(splat.getInput()));
  } else if (isa<tensor::FromElementsOp>(op)) {
    for (Value element : op.getOperands())
      rows.push_back(anyOf(element));
  } else if (auto extract = dyn_cast<tensor::ExtractOp>(op)) {
    std::optional<int64_t> place = placeOf(extract.getIndices(), extract.getTensor());
    if (!place)
      return false;
    rows = {all(extract.getTensor())[*place]};
  } else if (auto insert = dyn_cast<tensor::InsertOp>(op)) {
    std::optional<int64_t> place = placeOf(insert.getIndices(), insert.getDest());
    rows = all(insert.getDest());
    if (place)
      rows[*place] = anyOf(insert.getScalar());
    else
      addToAll(rows, insert.getScalar());
  } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    auto places = placesOf(slice, slice.getSource());
    if (!places)
      return false;
    Rows source = all(slice.getSource());
    for (int64_t place : *places)
      rows.push_back(source[place]);
  } else if (auto slice = dyn_cast<tensor::InsertSliceOp>(op)) {
    auto places = placesOf(slice, slice.getDest());
    rows = all(slice.getDest());
    if (!places)
      addToAll(rows, slice.getSource());
    else
      for (auto [place, row] : llvm::zip_equal(*places, all(slice.getSource())))
        rows[place] = row;
  } else if (auto pad = dyn_cast<tensor::PadOp>(op)) {
    ArrayRef<int64_t> sizes = shapeOf(pad.getSource());
    SmallVector<int64_t> strides(sizes.size(), 1);
    auto places = ::placesOf(shapeOf(pad.getResult()), pad.getStaticLow(), sizes, strides);
    if (!places)
      return false;
    BitVector padding;
    for (Value value : capturedBy(&op))
      add(padding, anyOf(value));
    rows = Rows(sizeOf(pad.getResult()), padding);
    for (auto [place, row] : llvm::zip_equal(*places, all(pad.getSource())))
      rows[place] = row;
  } else if (auto concat = dyn_cast<tensor::ConcatOp>(op)) {
    rows.resize(sizeOf(concat.getResult()));
    int64_t rank = shapeOf(concat.getResult()).size();
    SmallVector<int64_t> offsets(rank, 0), strides(rank, 1);
    for (Value part : concat.getInputs()) {
      auto places = ::placesOf(shapeOf(concat.getResult()), offsets, shapeOf(part), strides);
      for (auto [place, row] : llvm::zip_equal(*places, all(part)))
        rows[place] = row;
      offsets[concat.getDim()] += shapeOf(part)[concat.getDim()];
    }
  } else {
    return false;
  }
  work += rows.size() * (1 + columns / 64);
  known[op.getResult(0)] = std::move(rows);
  return true;
}

bool DependenceWalk::visitStructured(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() ||
      llvm::any_of(op.getIndexingMapsArray(), [](AffineMap map) { return map.getNumSymbols() > 0; }))
    return false;
  auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
  bool isProduct =
      isa<linalg::ContractOp>(op) || (generic && op.getNumDpsInputs() == 2 && isProductBody(generic));
  struct Input {
    const Rows *rows;
    AffineMap map;
    SmallVector<int64_t> basis;
    BitVector zeros;
  };
  auto describe = [&](OpOperand *operand) {
    return Input{lookup(operand->get()), op.getMatchingIndexingMap(operand),
                 computeStrides(shapeOf(operand->get())),
                 isProduct && op.isDpsInput(operand) ? zerosOf(operand->get()) : BitVector()};
  };
  auto placeIn = [](const Input &operand, ArrayRef<int64_t> loops) {
    int64_t place = 0;
    for (auto [expr, stride] : llvm::zip_equal(operand.map.getResults(), operand.basis))
      place += evaluate(expr, loops) * stride;
    return place;
  };
  SmallVector<Input> inputs, outputs;
  for (OpOperand *operand : op.getDpsInputOperands())
    inputs.push_back(describe(operand));
  BitVector captured;
  for (Value value : capturedBy(op))
    add(captured, anyOf(value));
  SmallVector<Rows> results;
  for (OpOperand &init : op.getDpsInitsMutable()) {
    outputs.push_back(describe(&init));
    results.emplace_back(sizeOf(init.get()));
    if (outputs.back().rows && op.payloadUsesValueFromOperand(&init))
      add(results.back(), *outputs.back().rows);
    for (BitVector &row : results.back())
      add(row, captured);
  }
  SmallVector<int64_t> loops = op.getStaticLoopRanges();
  work += ShapedType::getNumElements(loops);
  constexpr int64_t maxLoops = int64_t(1) << 22;
  if (ShapedType::getNumElements(loops) > maxLoops)
    return false;
  forEachIndex(loops, [&](ArrayRef<int64_t> index) {
    for (const Input &input : inputs)
      if (!input.zeros.empty() && input.zeros[placeIn(input, index)])
        return;
    for (const Input &input : inputs)
      if (input.rows)
        for (auto [output, rows] : llvm::zip_equal(outputs, results))
          add(rows[placeIn(output, index)], (*input.rows)[placeIn(input, index)]);
  });
  for (auto [result, rows] : llvm::zip_equal(op->getResults(), results))
    known[result] = std::move(rows);
  return true;
}
