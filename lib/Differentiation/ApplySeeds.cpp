//===- ApplySeeds.cpp - The matrix of a linear function, from products with seeds -------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ApplySeeds.h"
#include "ExprBuilder.h"
#include "Prepare.h"
#include "Rules/Structural.h"
#include "SeedColumns.h"
#include "SimplifyLoops.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace costate;

ArrayRef<int64_t> costate::shapeOf(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? shaped.getShape() : ArrayRef<int64_t>();
}

int64_t costate::sizeOf(Type type) { return ShapedType::getNumElements(shapeOf(type)); }

static SmallVector<ComponentRange> rangesOf(ArrayRef<Type> types) {
  SmallVector<ComponentRange> ranges;
  int64_t first = 0;
  for (Type type : types) {
    ranges.push_back({first, sizeOf(type)});
    first += ranges.back().size;
  }
  return ranges;
}

SeedLayout::SeedLayout(TypeRange seeds, TypeRange derivatives)
    : seedTypes(seeds), derivativeTypes(derivatives), seedRanges(rangesOf(seedTypes)),
      derivativeRanges(rangesOf(derivativeTypes)) {}

RankedTensorType SeedLayout::blockType(size_t seed, size_t derivative, bool forwards) const {
  Type rows = forwards ? derivativeTypes[derivative] : seedTypes[seed],
       columns = forwards ? seedTypes[seed] : derivativeTypes[derivative];
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

namespace {
/// One block of the matrix, of a seed and a derivative, which is filled group by group.
class MatrixBlock {
public:
  MatrixBlock(OpBuilder &builder, Location loc, const SeedPlan &plan, const SeedLayout &layout, size_t seed,
              size_t derivative)
      : plan(plan), seedType(layout.seedTypes[seed]), seeds(layout.seedRanges[seed]),
        derivatives(layout.derivativeRanges[derivative]),
        type(layout.blockType(seed, derivative, plan.forwards)),
        matrix(ExprBuilder(builder, loc, type).zero()) {}

  /// Enters what `derivative` holds of the seed of `group`.
  void enter(OpBuilder &builder, Location loc, Value derivative, int64_t group);
  Value take() const { return matrix; }

private:
  bool mayBeNonzero(int64_t seed, int64_t derivative) const {
    return plan.entries.empty() || plan.entries[seeds.first + seed][derivatives.first + derivative];
  }
  Value insert(OpBuilder &builder, Location loc, Value slice, int64_t component) const;
  void enterOne(OpBuilder &builder, Location loc, Value derivative, int64_t component);
  void enterSeveral(OpBuilder &builder, Location loc, Value derivative, ArrayRef<int64_t> components);

  const SeedPlan &plan;
  Type seedType;
  ComponentRange seeds, derivatives;
  RankedTensorType type;
  Value matrix;
};
} // namespace

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

void MatrixBlock::enter(OpBuilder &builder, Location loc, Value derivative, int64_t group) {
  SmallVector<int64_t> components;
  for (int64_t i = 0; i < seeds.size; ++i)
    if (plan.groups.of(seeds.first + i) == group)
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
                        const Grouping &groups, int64_t group) {
  auto holds = [&](int64_t i) { return groups.of(range.first + i) == group; };
  if (llvm::none_of(llvm::seq(range.size), holds))
    return ExprBuilder(builder, loc, type).zero();
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped)
    return ExprBuilder(builder, loc, type).one();
  SmallVector<Attribute> elements;
  for (int64_t i = 0; i < range.size; ++i)
    elements.push_back(builder.getFloatAttr(shaped.getElementType(), holds(i) ? 1.0 : 0.0));
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(shaped, elements));
}

/// The blocks of the matrix, of each seed those of each derivative.
using Blocks = SmallVector<SmallVector<Value>>;

/// A copy of the code for each seed. Common parts of the copies are merged by simplification.
static Blocks applyOneByOne(OpBuilder &builder, ValueRange inputs, func::FuncOp linear, const SeedPlan &plan,
                            const SeedLayout &layout) {
  Location loc = linear.getLoc();
  Block &source = linear.getBody().front();
  size_t seeds = layout.seedTypes.size(), derivatives = layout.derivativeTypes.size();
  std::vector<std::vector<MatrixBlock>> blocks(seeds);
  for (size_t seed = 0; seed < seeds; ++seed)
    for (size_t derivative = 0; derivative < derivatives; ++derivative)
      blocks[seed].emplace_back(builder, loc, plan, layout, seed, derivative);
  for (int64_t group = 0; group < plan.groups.count; ++group) {
    IRMapping mapping;
    mapping.map(source.getArguments().take_front(inputs.size()), inputs);
    for (size_t seed = 0; seed < seeds; ++seed)
      mapping.map(
          source.getArgument(inputs.size() + seed),
          seedVector(builder, loc, layout.seedTypes[seed], layout.seedRanges[seed], plan.groups, group));
    for (Operation &op : source.without_terminator())
      builder.clone(op, mapping);
    for (std::vector<MatrixBlock> &row : blocks)
      for (auto [block, derivative] : llvm::zip_equal(row, source.getTerminator()->getOperands()))
        block.enter(builder, loc, mapping.lookupOrDefault(derivative), group);
  }
  linear.erase();
  return llvm::map_to_vector(blocks, [](const std::vector<MatrixBlock> &row) {
    return llvm::map_to_vector(row, [](const MatrixBlock &block) { return block.take(); });
  });
}

/// A few seeds have a copy of the code each: it knows which components are zero.
static constexpr int64_t kFewSeeds = 8;
/// The largest matrix whose entries are selected by a mask from the product that holds them.
static constexpr int64_t kMaskedEntries = 4096;

static Blocks createBlocks(OpBuilder &builder, ValueRange inputs, func::FuncOp linear, const SeedPlan &plan,
                           const SeedLayout &layout, BatchFunction batch) {
  size_t seeds = layout.seedTypes.size(), derivatives = layout.derivativeTypes.size();
  bool isFew = plan.groups.count <= kFewSeeds, isMasked = true;
  for (size_t seed = 0; seed < seeds && !plan.groups.isSingles(); ++seed)
    for (size_t derivative = 0; derivative < derivatives; ++derivative)
      isMasked &= sizeOf(layout.blockType(seed, derivative, plan.forwards)) <= kMaskedEntries;
  if (isFew && isMasked)
    return applyOneByOne(builder, inputs, linear, plan, layout);
  SeedColumns columns(builder, inputs, linear, plan, layout);
  if (isFew)
    columns.createCopies();
  else
    columns.createLoop(batch);
  Blocks blocks(seeds);
  for (size_t seed = 0; seed < seeds; ++seed)
    for (size_t derivative = 0; derivative < derivatives; ++derivative)
      blocks[seed].push_back(columns.block(seed, derivative));
  return blocks;
}

func::FuncOp costate::applySeeds(func::FuncOp linear, int64_t seeds, unsigned unused, const SeedPlan &plan,
                                 StringRef name, BatchFunction batch) {
  Operation *terminator = linear.getBody().front().getTerminator();
  terminator->setOperands(SmallVector<Value>(terminator->getOperands().drop_front(unused)));
  updateType(linear);
  simplifyFunction(linear);
  unsigned first = linear.getNumArguments() - seeds;
  SeedLayout layout(linear.getArgumentTypes().drop_front(first), linear.getResultTypes());
  OpBuilder builder(linear);
  auto result = func::FuncOp::create(
      builder, linear.getLoc(), name,
      FunctionType::get(linear.getContext(), linear.getArgumentTypes().take_front(first), {}));
  result.setPrivate();
  if (Attribute limit = linear->getAttr(kMemoryLimitAttr)) // of its derivatives, too
    result->setAttr(kMemoryLimitAttr, limit);
  Block *body = result.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  Blocks blocks = createBlocks(builder, body->getArguments(), linear, plan, layout, batch);
  // Results first, then arguments.
  SmallVector<Value> results;
  size_t rows = plan.forwards ? layout.derivativeTypes.size() : layout.seedTypes.size();
  size_t columns = plan.forwards ? layout.seedTypes.size() : layout.derivativeTypes.size();
  for (size_t row = 0; row < rows; ++row)
    for (size_t column = 0; column < columns; ++column)
      results.push_back(plan.forwards ? blocks[column][row] : blocks[row][column]);
  func::ReturnOp::create(builder, result.getLoc(), results);
  updateType(result);
  hoistLoopInvariants(result);
  simplifyFunction(result);
  return result;
}
