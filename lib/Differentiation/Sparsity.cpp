//===- Sparsity.cpp - Which component of a result depends on which of an argument -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Sparsity.h"
#include "Activity.h"
#include "Rules/Product.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate;

SparsityPattern costate::transposed(const SparsityPattern &pattern, size_t columns) {
  SparsityPattern result(columns, BitVector(pattern.size()));
  for (auto [row, entries] : llvm::enumerate(pattern))
    for (unsigned column : entries.set_bits())
      result[column].set(row);
  return result;
}

static ArrayRef<int64_t> shapeOf(Value value) {
  auto shaped = dyn_cast<ShapedType>(value.getType());
  return shaped ? shaped.getShape() : ArrayRef<int64_t>();
}

static bool isStatic(Value value) { return !ShapedType::isDynamicShape(shapeOf(value)); }

static int64_t sizeOf(Value value) { return ShapedType::getNumElements(shapeOf(value)); }

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

static std::optional<SmallVector<int64_t>> placesOf(OffsetSizeAndStrideOpInterface slice, Value whole) {
  return placesOf(shapeOf(whole), slice.getStaticOffsets(), slice.getStaticSizes(), slice.getStaticStrides());
}

/// The flat place of an element, if it is constant and inside.
static std::optional<int64_t> placeOf(OperandRange indices, ArrayRef<int64_t> shape) {
  int64_t place = 0;
  for (auto [index, extent] : llvm::zip_equal(indices, shape)) {
    std::optional<int64_t> constant = getConstantIntValue(index);
    if (!constant || *constant < 0 || *constant >= extent)
      return std::nullopt;
    place = place * extent + *constant;
  }
  return place;
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

namespace {
/// Walks a block forwards with, for each element of a value, the set of components it depends on.
class DependenceWalk {
public:
  DependenceWalk(unsigned columns) : columns(columns) {}

  void seed(Value source, unsigned first);
  /// False if it gives up.
  bool visit(Operation &op);
  SparsityPattern rowsOf(Value value) const;

private:
  /// Of each element; an empty set has no bits.
  using Rows = std::vector<BitVector>;

  void add(BitVector &to, const BitVector &from) {
    work += 1 + from.size() / 64;
    to |= from;
  }
  void add(Rows &to, const Rows &from) {
    for (auto [a, b] : llvm::zip_equal(to, from))
      add(a, b);
  }
  const Rows *lookup(Value value) const {
    auto it = known.find(value);
    return it == known.end() ? nullptr : &it->second;
  }
  /// What any element of a value depends on.
  BitVector anyOf(Value value);

  bool visitElementwise(Operation &op);
  bool visitMove(Operation &op);
  bool visitStructured(linalg::LinalgOp op);
  void visitConservatively(Operation &op);

  unsigned columns;
  llvm::DenseMap<Value, Rows> known;
  int64_t work = 0; // words
};
} // namespace

void DependenceWalk::seed(Value source, unsigned first) {
  Rows rows(sizeOf(source), BitVector(columns));
  for (auto [i, row] : llvm::enumerate(rows))
    row.set(first + i);
  known[source] = std::move(rows);
}

SparsityPattern DependenceWalk::rowsOf(Value value) const {
  const Rows *rows = lookup(value);
  SparsityPattern pattern = rows ? *rows : Rows(sizeOf(value));
  for (BitVector &row : pattern)
    row.resize(columns);
  return pattern;
}

BitVector DependenceWalk::anyOf(Value value) {
  BitVector all;
  if (const Rows *rows = lookup(value))
    for (const BitVector &row : *rows)
      add(all, row);
  return all;
}

bool DependenceWalk::visit(Operation &op) {
  SmallVector<Value> read = capturedBy(&op);
  llvm::append_range(read, op.getOperands());
  if (llvm::none_of(read, [&](Value value) { return lookup(value); }))
    return true;
  for (ValueRange values : {ValueRange(read), ValueRange(op.getResults())})
    for (Value value : values) {
      if (!isStatic(value))
        return false;
      work += sizeOf(value);
    }
  constexpr int64_t maxWork = int64_t(1) << 26;
  if (work > maxWork)
    return false;
  auto structured = dyn_cast<linalg::LinalgOp>(op);
  if (!visitMove(op) && !(structured && visitStructured(structured)) && !visitElementwise(op))
    visitConservatively(op);
  return work <= maxWork;
}

void DependenceWalk::visitConservatively(Operation &op) {
  BitVector all;
  for (Value value : capturedBy(&op))
    add(all, anyOf(value));
  for (Value value : op.getOperands())
    add(all, anyOf(value));
  for (Value result : op.getResults()) {
    work += sizeOf(result) * (1 + columns / 64);
    known[result] = Rows(sizeOf(result), all);
  }
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
  if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::CastOp>(op)) {
    rows = all(op.getOperand(0));
  } else if (auto splat = dyn_cast<tensor::SplatOp>(op)) {
    rows = Rows(sizeOf(splat), anyOf(splat.getInput()));
  } else if (isa<tensor::FromElementsOp>(op)) {
    for (Value element : op.getOperands())
      rows.push_back(anyOf(element));
  } else if (auto extract = dyn_cast<tensor::ExtractOp>(op)) {
    std::optional<int64_t> place = placeOf(extract.getIndices(), shapeOf(extract.getTensor()));
    if (!place)
      return false;
    rows = {all(extract.getTensor())[*place]};
  } else if (auto insert = dyn_cast<tensor::InsertOp>(op)) {
    std::optional<int64_t> place = placeOf(insert.getIndices(), shapeOf(insert.getDest()));
    if (!place)
      return false;
    rows = all(insert.getDest());
    rows[*place] = anyOf(insert.getScalar());
  } else if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op)) {
    auto places = placesOf(slice, slice.getSource());
    if (!places)
      return false;
    Rows source = all(slice.getSource());
    for (int64_t place : *places)
      rows.push_back(source[place]);
  } else if (auto slice = dyn_cast<tensor::InsertSliceOp>(op)) {
    auto places = placesOf(slice, slice.getDest());
    if (!places)
      return false;
    rows = all(slice.getDest());
    for (auto [place, row] : llvm::zip_equal(*places, all(slice.getSource())))
      rows[place] = row;
  } else if (auto pad = dyn_cast<tensor::PadOp>(op)) {
    ArrayRef<int64_t> sizes = shapeOf(pad.getSource());
    SmallVector<int64_t> strides(sizes.size(), 1);
    auto places = placesOf(shapeOf(pad.getResult()), pad.getStaticLow(), sizes, strides);
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
      auto places = placesOf(shapeOf(concat.getResult()), offsets, shapeOf(part), strides);
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

std::optional<SparsityPattern> costate::findPattern(Block &block, ValueRange sources, ValueRange targets) {
  constexpr int64_t maxEntries = int64_t(1) << 22;
  int64_t rows = 0, columns = 0;
  for (auto [values, size] : {std::make_pair(sources, &columns), std::make_pair(targets, &rows)})
    for (Value value : values) {
      if (!isStatic(value) || isa<VectorType>(value.getType()))
        return std::nullopt;
      *size += sizeOf(value);
    }
  if (rows * columns > maxEntries)
    return std::nullopt;
  DependenceWalk walk(columns);
  unsigned first = 0;
  for (Value source : sources) {
    walk.seed(source, first);
    first += sizeOf(source);
  }
  for (Operation &op : block.without_terminator())
    if (!walk.visit(op))
      return std::nullopt;
  SparsityPattern pattern;
  for (Value target : targets)
    llvm::append_range(pattern, walk.rowsOf(target));
  return pattern;
}
