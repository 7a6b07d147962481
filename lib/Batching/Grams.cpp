//===- Grams.cpp - Gram matrices of the gradients of many rows and samples --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// J has one row for each component of the results, and for each sample. A vjp gives one row, so batched over
// samples, and then over unit vectors as cotangents, it gives all of them: g_k[argument k, samples, rows].
// The matrix is Σ_k Σ over the components of argument k of g_k g_kᵀ. In a gradient by a weight, g = δ aᵀ,
// only δ differs between rows; costate-reassociate-contractions then multiplies the δ and the a among
// themselves and never forms g, where that is cheaper.
//
//===------------------------------------------------------------------------------------------------------===//
#include "BatchFunction.h"
#include "EinsumEmitter.h"
#include "UnfoldWindows.h"

#include "costate/Batching/Registration.h"
#include "costate/Batching/StructuredBatching.h"
#include "costate/Dialect/IR/BatchingInterface.h"
#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace costate;

static ArrayRef<int64_t> shapeOf(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? shaped.getShape() : ArrayRef<int64_t>();
}

static void updateType(func::FuncOp function) {
  Block &body = function.getBody().front();
  function.setFunctionType(FunctionType::get(function.getContext(), body.getArgumentTypes(),
                                             body.getTerminator()->getOperandTypes()));
}

namespace {
/// The rows of J: those of each result that has a tangent, one after the other.
struct Rows {
  SmallVector<Type> types;
  SmallVector<int64_t> firsts;
  int64_t size = 0;

  explicit Rows(func::FuncOp source) {
    for (Type type : source.getResultTypes())
      if (isa<FloatType>(getElementTypeOrSelf(type))) {
        types.push_back(type);
        firsts.push_back(size);
        size += ShapedType::getNumElements(shapeOf(type));
      }
  }
};

/// Writes the matrix from gradients whose last dimensions are the samples, if there are many, and the rows.
class GramBuilder {
public:
  GramBuilder(ImplicitLocOpBuilder &builder, const Rows &rows, std::optional<int64_t> samples)
      : builder(builder), rows(rows), samples(samples) {}

  Value cotangents(size_t result);
  /// Over all rows: [rows, samples, rows, samples], without what is one.
  Value matrix(ValueRange gradients, ValueRange diagonals);
  /// That of two results: result × samples × result × samples.
  Value block(Value matrix, size_t first, size_t second);

private:
  ImplicitLocOpBuilder &builder;
  const Rows &rows;
  std::optional<int64_t> samples;
};
} // namespace

/// The unit vectors of the components of a result, the row as last dimension; of one row, just one.
Value GramBuilder::cotangents(size_t result) {
  Type type = rows.types[result];
  FloatType element = cast<FloatType>(getElementTypeOrSelf(type));
  FloatAttr one = builder.getFloatAttr(element, 1.0);
  if (rows.size == 1)
    return isa<FloatType>(type)
               ? arith::ConstantOp::create(builder, one)
               : arith::ConstantOp::create(builder, DenseElementsAttr::get(cast<ShapedType>(type), one));
  SmallVector<int64_t> shape(shapeOf(type));
  shape.push_back(rows.size);
  return unitLanes(builder, builder.getLoc(), RankedTensorType::get(shape, element), -rows.firsts[result]);
}

Value GramBuilder::matrix(ValueRange gradients, ValueRange diagonals) {
  einsum::Sum sum;
  bool manyRows = rows.size > 1;
  for (int side = 0; side < 2; ++side) {
    if (manyRows)
      sum.shape.push_back(rows.size);
    if (samples)
      sum.shape.push_back(*samples);
  }
  unsigned rank = sum.shape.size();
  for (auto [k, gradient] : llvm::enumerate(gradients)) {
    einsum::Term term;
    term.extents.assign(sum.shape.begin(), sum.shape.end());
    SmallVector<unsigned, 4> components;
    for (int64_t extent : shapeOf(gradient.getType()).drop_back(rank / 2))
      components.push_back(term.addIndex(extent));
    for (unsigned first : {0u, rank / 2}) {
      einsum::Factor factor;
      factor.value = gradient;
      factor.indices = components;
      if (samples)
        factor.indices.push_back(first + manyRows);
      if (manyRows)
        factor.indices.push_back(first);
      term.factors.push_back(factor);
    }
    if (!diagonals.empty()) {
      einsum::Factor inverse;
      inverse.value = diagonals[k];
      inverse.indices = components;
      term.factors.push_back(inverse);
    }
    sum.terms.push_back(term);
  }
  auto element = cast<FloatType>(getElementTypeOrSelf(gradients.front().getType()));
  llvm::DenseMap<Value, Value> replaced;
  return einsum::Emitter(builder, element, replaced).emit(sum);
}

Value GramBuilder::block(Value matrix, size_t first, size_t second) {
  auto element = getElementTypeOrSelf(matrix.getType());
  SmallVector<int64_t> sliced, shape;
  SmallVector<OpFoldResult> offsets, sizes;
  SmallVector<ReassociationIndices> groups;
  auto addGroup = [&](size_t size) {
    groups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(shape.size() - size, shape.size())));
  };
  for (size_t result : {first, second}) {
    ArrayRef<int64_t> ofResult = shapeOf(rows.types[result]);
    int64_t size = ShapedType::getNumElements(ofResult);
    llvm::append_range(shape, ofResult);
    if (rows.size > 1) {
      offsets.push_back(builder.getIndexAttr(rows.firsts[result]));
      sizes.push_back(builder.getIndexAttr(size));
      if (!ofResult.empty()) { // else the slice has no dimension for it
        sliced.push_back(size);
        addGroup(ofResult.size());
      }
    }
    if (samples) {
      shape.push_back(*samples);
      offsets.push_back(builder.getIndexAttr(0));
      sizes.push_back(builder.getIndexAttr(*samples));
      sliced.push_back(*samples);
      addGroup(rows.size > 1 ? 1 : ofResult.size() + 1);
    }
  }
  if (rows.types.size() > 1)
    matrix = tensor::ExtractSliceOp::create(builder, RankedTensorType::get(sliced, element), matrix, offsets,
                                            sizes,
                                            SmallVector<OpFoldResult>(sizes.size(), builder.getIndexAttr(1)));
  if (ArrayRef<int64_t>(shape) == shapeOf(matrix.getType()))
    return matrix;
  return tensor::ExpandShapeOp::create(builder, RankedTensorType::get(shape, element), matrix, groups);
}

namespace {
class Batching : public BatchingInterface {
public:
  using BatchingInterface::BatchingInterface;
  FailureOr<func::FuncOp> createGram(DeriveOp derive, func::FuncOp source) const override;
  FailureOr<func::FuncOp> batchFunction(func::FuncOp function, const BitVector &varying,
                                        int64_t lanes) const override {
    return costate::batchFunction(function, varying, lanes);
  }
};
} // namespace

/// What is taken for the inverse of a diagonal matrix, element by element.
static Value inverse(ImplicitLocOpBuilder &builder, Value diagonal) {
  Type type = diagonal.getType();
  TypedAttr one = builder.getFloatAttr(getElementTypeOrSelf(type), 1.0);
  if (auto shaped = dyn_cast<RankedTensorType>(type))
    one = DenseElementsAttr::get(shaped, one);
  return arith::DivFOp::create(builder, arith::ConstantOp::create(builder, one), diagonal);
}

/// Sums over arguments, and blocks of one matrix, are of one type.
static LogicalResult checkTypes(DeriveOp derive, func::FuncOp source) {
  SmallVector<Type> types;
  for (int64_t index : derive.getWrt())
    types.push_back(source.getArgumentTypes()[index]);
  for (Type type : source.getResultTypes())
    if (isa<FloatType>(getElementTypeOrSelf(type)))
      types.push_back(type);
  for (Type type : types) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    bool known = isa<FloatType>(type) || (tensor && tensor.hasStaticShape());
    if (!known || getElementTypeOrSelf(type) != getElementTypeOrSelf(types.front()))
      return derive.emitOpError() << "requires scalars and static tensors of one float type, but has " << type
                                  << " beside " << types.front();
  }
  return success();
}

FailureOr<func::FuncOp> Batching::createGram(DeriveOp derive, func::FuncOp source) const {
  if (failed(checkTypes(derive, source)))
    return failure();
  Rows rows(source);
  if (rows.size == 0)
    return derive.emitOpError() << "derives from " << derive.getSourceAttr()
                                << ", whose results have no component to differentiate";
  FailureOr<func::FuncOp> gram = createVjp(source, derive.getWrt(), derive.getSymName());
  if (failed(gram))
    return failure();
  unsigned inputs = source.getNumArguments(), wrt = derive.getWrt().size();
  // Only the cotangents of the arguments are needed.
  Operation *terminator = gram->getBody().front().getTerminator();
  terminator->setOperands(SmallVector<Value>(terminator->getOperands().take_back(wrt)));
  updateType(*gram);
  simplifyFunction(*gram);

  std::optional<int64_t> samples;
  BitVector varying(gram->getNumArguments());
  if (derive.getSamples()) {
    samples = *derive.getSamples();
    for (int64_t index : derive.getAcross())
      varying.set(index);
    gram = batchFunction(*gram, varying, *samples);
  }
  if (succeeded(gram) && rows.size > 1) {
    varying.reset();
    varying.set(inputs, varying.size());
    gram = batchFunction(*gram, varying, rows.size);
  }
  if (failed(gram))
    return failure();

  Block &body = gram->getBody().front();
  ImplicitLocOpBuilder builder(gram->getLoc(), &body, body.begin());
  GramBuilder matrices(builder, rows, samples);
  for (size_t result = 0; result < rows.types.size(); ++result)
    body.getArgument(inputs + result).replaceAllUsesWith(matrices.cotangents(result));
  body.eraseArguments(inputs, rows.types.size());
  terminator = body.getTerminator();
  for (Value gradient : terminator->getOperands())
    unfoldWindows(gradient);
  builder.setInsertionPoint(terminator);
  SmallVector<Value> diagonals, results;
  if (derive.getDiagonal())
    for (int64_t index : derive.getWrt())
      diagonals.push_back(
          inverse(builder, body.addArgument(source.getArgumentTypes()[index], derive.getLoc())));
  Value matrix = matrices.matrix(terminator->getOperands(), diagonals);
  for (size_t first = 0; first < rows.types.size(); ++first)
    for (size_t second = first; second < rows.types.size(); ++second)
      results.push_back(matrices.block(matrix, first, second));
  terminator->setOperands(results);
  updateType(*gram);
  simplifyFunction(*gram);
  return gram;
}

void costate::registerBatchingOfFunctions(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *, CostateDialect *dialect) { dialect->addInterfaces<Batching>(); });
}
