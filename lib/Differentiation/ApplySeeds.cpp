//===- ApplySeeds.cpp - The matrix of a linear function, from products with seeds -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ApplySeeds.h"
#include "ExprBuilder.h"
#include "Prepare.h"
#include "Rules/Structural.h"
#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace costate;

static ArrayRef<int64_t> shapeOf(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? shaped.getShape() : ArrayRef<int64_t>();
}

int64_t costate::sizeOf(Type type) { return ShapedType::getNumElements(shapeOf(type)); }

static RankedTensorType productType(Type rows, Type columns) {
  SmallVector<int64_t> shape(shapeOf(rows));
  llvm::append_range(shape, shapeOf(columns));
  return RankedTensorType::get(shape, getElementTypeOrSelf(rows));
}

static SmallVector<int64_t> positionOf(int64_t flat, ArrayRef<int64_t> shape) {
  SmallVector<int64_t> position(shape.size());
  for (size_t i = shape.size(); i-- > 0; flat /= shape[i])
    position[i] = flat % shape[i];
  return position;
}

SeedPlan SeedPlan::dense(bool forwards, int64_t size) {
  SeedPlan plan{forwards, std::vector<BitVector>(size, BitVector(size)), {}};
  for (int64_t i = 0; i < size; ++i)
    plan.groups[i].set(i);
  return plan;
}

namespace {
/// The components of one value among those of several, flat.
struct ComponentRange {
  int64_t first, size;
};

/// One block of the matrix, of a seed and a derivative, which is filled group by group.
class MatrixBlock {
public:
  MatrixBlock(const SeedPlan &plan, Type seed, ComponentRange seeds, Type derivative,
              ComponentRange derivatives)
      : plan(plan), seedType(seed), derivativeType(derivative), seeds(seeds), derivatives(derivatives) {}

  void begin(OpBuilder &builder, Location loc) {
    type = plan.forwards ? productType(derivativeType, seedType) : productType(seedType, derivativeType);
    matrix = ExprBuilder(builder, loc, type).zero();
  }
  /// Enters what `derivative` holds of the seed of `group`.
  void enter(OpBuilder &builder, Location loc, Value derivative, const BitVector &group);
  Value take() const { return matrix; }

private:
  bool mayBeNonzero(int64_t seed, int64_t derivative) const {
    return plan.entries.empty() || plan.entries[seeds.first + seed][derivatives.first + derivative];
  }
  Value insert(OpBuilder &builder, Location loc, Value slice, int64_t component) const;
  void enterOne(OpBuilder &builder, Location loc, Value derivative, int64_t component);
  void enterSeveral(OpBuilder &builder, Location loc, Value derivative, ArrayRef<int64_t> components);

  const SeedPlan &plan;
  Type seedType, derivativeType;
  ComponentRange seeds, derivatives;
  RankedTensorType type;
  Value matrix;
};
} // namespace

static SmallVector<ComponentRange> rangesOf(ArrayRef<Type> types) {
  SmallVector<ComponentRange> ranges;
  int64_t first = 0;
  for (Type type : types) {
    ranges.push_back({first, sizeOf(type)});
    first += ranges.back().size;
  }
  return ranges;
}

/// `value` where `mask`, else `other`. No product with zeros, which would make NaN of an infinite entry.
static Value selectWhere(OpBuilder &builder, Location loc, ArrayRef<bool> mask, Value value, Value other) {
  auto type = cast<RankedTensorType>(value.getType());
  auto maskType = RankedTensorType::get(type.getShape(), builder.getI1Type());
  Value where = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(maskType, mask));
  return arith::SelectOp::create(builder, loc, where, value, other);
}

/// Puts `slice` into the matrix: along the first dimensions if it is a column, along the last if it is a row.
Value MatrixBlock::insert(OpBuilder &builder, Location loc, Value slice, int64_t component) const {
  ArrayRef<int64_t> free = shapeOf(slice.getType());
  SmallVector<int64_t> fixed = positionOf(component, shapeOf(seedType));
  if (!isa<RankedTensorType>(slice.getType())) {
    SmallVector<Value> indices = llvm::map_to_vector(
        fixed, [&](int64_t index) -> Value { return arith::ConstantIndexOp::create(builder, loc, index); });
    return tensor::InsertOp::create(builder, loc, slice, matrix, indices);
  }
  SmallVector<int64_t> offsets(free.size(), 0), sizes(free), strides(type.getRank(), 1);
  offsets.insert(plan.forwards ? offsets.end() : offsets.begin(), fixed.begin(), fixed.end());
  sizes.insert(plan.forwards ? sizes.end() : sizes.begin(), fixed.size(), 1);
  return tensor::InsertSliceOp::create(builder, loc, slice, matrix,
                                       getAsIndexOpFoldResult(builder.getContext(), offsets),
                                       getAsIndexOpFoldResult(builder.getContext(), sizes),
                                       getAsIndexOpFoldResult(builder.getContext(), strides));
}

void MatrixBlock::enterOne(OpBuilder &builder, Location loc, Value derivative, int64_t component) {
  SmallVector<bool> mask;
  for (int64_t i = 0; i < derivatives.size; ++i)
    mask.push_back(mayBeNonzero(component, i));
  if (!llvm::is_contained(mask, true))
    return;
  if (llvm::is_contained(mask, false))
    derivative =
        selectWhere(builder, loc, mask, derivative, ExprBuilder(builder, loc, derivative.getType()).zero());
  matrix = insert(builder, loc, derivative, component);
}

/// Spreads the derivative along the seed, and takes each component where it belongs.
void MatrixBlock::enterSeveral(OpBuilder &builder, Location loc, Value derivative,
                               ArrayRef<int64_t> components) {
  SmallVector<bool> mask(seeds.size * derivatives.size, false);
  for (int64_t seed : components)
    for (int64_t i = 0; i < derivatives.size; ++i)
      mask[plan.forwards ? i * seeds.size + seed : seed * derivatives.size + i] = mayBeNonzero(seed, i);
  if (!llvm::is_contained(mask, true))
    return;
  Value spread;
  if (isa<RankedTensorType>(derivative.getType())) {
    int64_t seedRank = shapeOf(seedType).size();
    int64_t first = plan.forwards ? type.getRank() - seedRank : 0;
    spread = broadcastTo(builder, loc, derivative, type, llvm::to_vector(llvm::seq(first, first + seedRank)));
  } else {
    spread = tensor::SplatOp::create(builder, loc, derivative, type);
  }
  matrix = selectWhere(builder, loc, mask, spread, matrix);
}

void MatrixBlock::enter(OpBuilder &builder, Location loc, Value derivative, const BitVector &group) {
  SmallVector<int64_t> components;
  for (int64_t i = 0; i < seeds.size; ++i)
    if (group[seeds.first + i])
      components.push_back(i);
  // A row has the type of the argument, the matrix that of the result.
  Type ofMatrix = derivative.getType();
  if (auto shaped = dyn_cast<ShapedType>(ofMatrix))
    ofMatrix = shaped.clone(type.getElementType());
  else
    ofMatrix = type.getElementType();
  derivative = ExprBuilder(builder, loc, ofMatrix).convert(derivative);
  if (components.size() == 1)
    enterOne(builder, loc, derivative, components.front());
  else if (!components.empty())
    enterSeveral(builder, loc, derivative, components);
}

/// The constant of `type` that is one in the components of `group`, which begin at `first`, and zero
/// elsewhere.
static Value seedVector(OpBuilder &builder, Location loc, Type type, ComponentRange range,
                        const BitVector &group) {
  if (group.find_first_in(range.first, range.first + range.size) < 0)
    return ExprBuilder(builder, loc, type).zero();
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped)
    return ExprBuilder(builder, loc, type).one();
  SmallVector<Attribute> elements;
  for (int64_t i = 0; i < range.size; ++i)
    elements.push_back(builder.getFloatAttr(shaped.getElementType(), group[range.first + i] ? 1.0 : 0.0));
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(shaped, elements));
}

func::FuncOp costate::applySeeds(func::FuncOp linear, int64_t seeds, unsigned unused, const SeedPlan &plan,
                                 StringRef name) {
  Location loc = linear.getLoc();
  Block &source = linear.getBody().front();
  unsigned first = source.getNumArguments() - seeds;
  ArrayRef<Type> seedTypes = linear.getArgumentTypes().drop_front(first);
  ArrayRef<Type> derivativeTypes = linear.getResultTypes().drop_front(unused);
  OpBuilder builder(linear);
  auto result = func::FuncOp::create(
      builder, loc, name,
      FunctionType::get(linear.getContext(), linear.getArgumentTypes().take_front(first), {}));
  result.setPrivate();
  Block *body = result.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  SmallVector<ComponentRange> seedRanges = rangesOf(seedTypes), derivativeRanges = rangesOf(derivativeTypes);
  std::vector<std::vector<MatrixBlock>> blocks(seeds);
  for (int64_t seed = 0; seed < seeds; ++seed)
    for (auto [type, range] : llvm::zip_equal(derivativeTypes, derivativeRanges)) {
      blocks[seed].emplace_back(plan, seedTypes[seed], seedRanges[seed], type, range);
      blocks[seed].back().begin(builder, loc);
    }
  // Common parts of the copies of the body are merged by simplification.
  for (const BitVector &group : plan.groups) {
    IRMapping mapping;
    mapping.map(source.getArguments().take_front(first), body->getArguments());
    for (int64_t seed = 0; seed < seeds; ++seed)
      mapping.map(source.getArgument(first + seed),
                  seedVector(builder, loc, seedTypes[seed], seedRanges[seed], group));
    for (Operation &op : source.without_terminator())
      builder.clone(op, mapping);
    OperandRange derivatives = source.getTerminator()->getOperands().drop_front(unused);
    for (std::vector<MatrixBlock> &row : blocks)
      for (auto [block, derivative] : llvm::zip_equal(row, derivatives))
        block.enter(builder, loc, mapping.lookupOrDefault(derivative), group);
  }
  // Results first, then arguments.
  SmallVector<Value> results;
  size_t rows = plan.forwards ? derivativeTypes.size() : seeds;
  size_t columns = plan.forwards ? seeds : derivativeTypes.size();
  for (size_t row = 0; row < rows; ++row)
    for (size_t column = 0; column < columns; ++column)
      results.push_back((plan.forwards ? blocks[column][row] : blocks[row][column]).take());
  func::ReturnOp::create(builder, loc, results);
  linear.erase();
  updateType(result);
  simplifyFunction(result);
  return result;
}
