//===- BodyOnTensors.cpp - The body of a generic op as ops on tensors -------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "BodyOnTensors.h"

#include "ExprBuilder.h"
#include "Rules/Product.h"
#include "Rules/Structural.h"
#include "Rules/Windows.h"
#include "StaticLoops.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate;

static bool isConstant(Operation *op) { return op->hasTrait<OpTrait::ConstantLike>(); }

bool BodyOnTensors::canEvaluate(Value value, bool withOutput) {
  Block *body = op.getBody();
  if (auto argument = dyn_cast<BlockArgument>(value); argument && argument.getOwner() == body) {
    OpOperand *operand = op.getMatchingOpOperand(argument);
    return withOutput || !op.isDpsInit(operand);
  }
  Operation *def = value.getDefiningOp();
  if (!def || def->getBlock() != body)
    return true; // from outside
  if (isConstant(def))
    return isa<IntegerType, FloatType, IndexType>(value.getType());
  if (auto extract = dyn_cast<tensor::ExtractOp>(def)) {
    if (extract.getTensor().getParentBlock() == body)
      return false;
  } else if (!isa<linalg::IndexOp>(def) && !OpTrait::hasElementwiseMappableTraits(def)) {
    return false;
  }
  return llvm::all_of(def->getOperands(), [&](Value operand) { return canEvaluate(operand, withOutput); });
}

Value BodyOnTensors::splat(Value scalar) {
  return tensor::SplatOp::create(rewriter, op.getLoc(), typeFor(scalar.getType()), scalar);
}

/// The loops that the map depends on.
static SmallVector<int64_t> dimsOf(AffineMap map) {
  return llvm::filter_to_vector(llvm::seq<int64_t>(0, map.getNumDims()),
                                [&](int64_t dim) { return map.isFunctionOfDim(dim); });
}

Value BodyOnTensors::readElements(Value tensor, AffineMap map) {
  Location loc = op.getLoc();
  SmallVector<int64_t> dims = dimsOf(map), shape, added;
  Type element = getElementTypeOrSelf(tensor.getType());
  for (auto [dim, extent] : llvm::enumerate(loops))
    if (llvm::is_contained(dims, static_cast<int64_t>(dim)))
      shape.push_back(extent);
    else
      added.push_back(dim);
  Value zero = arith::ConstantIndexOp::create(rewriter, loc, 0),
        start = tensor::EmptyOp::create(rewriter, loc, shape, element);
  Value elements =
      loopOver(rewriter, loc, shape, start, [&](OpBuilder &b, ValueRange at, Value carried) -> Value {
        SmallVector<Value> loopIndices(loops.size(), zero);
        for (auto [dim, index] : llvm::zip_equal(dims, at))
          loopIndices[dim] = index;
        Value read =
            tensor::ExtractOp::create(b, loc, tensor, *affine::expandAffineMap(b, loc, map, loopIndices));
        return tensor::InsertOp::create(b, loc, read, carried, at);
      });
  return broadcastTo(rewriter, loc, elements, typeFor(element), added);
}

Value BodyOnTensors::operandOnLoops(OpOperand &operand) {
  if (!isa<RankedTensorType>(operand.get().getType()))
    return splat(operand.get());
  Location loc = op.getLoc();
  Factor factor = withoutJumps(rewriter, loc, {operand.get(), op.getMatchingIndexingMap(&operand)}, loops);
  if (!isLinearMap(factor.map))
    return readElements(factor.tensor, factor.map);
  factor = withoutOffsets(rewriter, loc, factor, loops);
  auto type = cast<RankedTensorType>(factor.tensor.getType());
  RankedTensorType whole = typeFor(type.getElementType());
  if (!factor.map.isProjectedPermutation()) {
    if (!isa<FloatType>(type.getElementType()))
      return readElements(factor.tensor, factor.map);
    // A product with one, written on all loops.
    Value one = ExprBuilder(rewriter, loc, RankedTensorType::get({}, type.getElementType())).one();
    AffineMap identity = rewriter.getMultiDimIdentityMap(loops.size());
    return createProduct(rewriter, loc,
                         {factor.map, AffineMap::get(loops.size(), 0, op.getContext()), identity},
                         factor.tensor, one, whole);
  }
  SmallVector<int64_t> dims, added;
  for (AffineExpr expr : factor.map.getResults())
    dims.push_back(cast<AffineDimExpr>(expr).getPosition());
  auto order = llvm::to_vector(llvm::seq<int64_t>(0, dims.size()));
  llvm::sort(order, [&](int64_t a, int64_t b) { return dims[a] < dims[b]; });
  Value value = permute(rewriter, loc, factor.tensor, order);
  for (int64_t dim = 0; dim < static_cast<int64_t>(loops.size()); ++dim)
    if (!llvm::is_contained(dims, dim))
      added.push_back(dim);
  return broadcastTo(rewriter, loc, value, whole, added);
}

Value BodyOnTensors::indices(linalg::IndexOp index) {
  RankedTensorType type = typeFor(index.getType());
  Value empty = tensor::EmptyOp::create(rewriter, op.getLoc(), type.getShape(), type.getElementType());
  SmallVector<utils::IteratorType> parallel(loops.size(), utils::IteratorType::parallel);
  AffineMap identity = rewriter.getMultiDimIdentityMap(loops.size());
  return linalg::GenericOp::create(rewriter, op.getLoc(), TypeRange{type}, ValueRange{}, ValueRange{empty},
                                   ArrayRef<AffineMap>{identity}, parallel,
                                   [&](OpBuilder &b, Location loc, ValueRange) {
                                     Value i = linalg::IndexOp::create(b, loc, index.getDim());
                                     linalg::YieldOp::create(b, loc, i);
                                   })
      .getResult(0);
}

Value BodyOnTensors::gather(tensor::ExtractOp extract) {
  Location loc = op.getLoc();
  RankedTensorType type = typeFor(extract.getType());
  Value start = tensor::EmptyOp::create(rewriter, loc, loops, type.getElementType());
  // What the index is computed from is computed element by element.
  return loopOver(rewriter, loc, loops, start, [&](OpBuilder &b, ValueRange at, Value carried) -> Value {
    IRMapping scalars;
    std::function<Value(Value)> scalar = [&](Value value) -> Value {
      if (Value known = scalars.lookupOrNull(value))
        return known;
      auto argument = dyn_cast<BlockArgument>(value);
      Operation *def = value.getDefiningOp();
      if (argument && argument.getOwner() == op.getBody()) {
        OpOperand *operand = op.getMatchingOpOperand(argument);
        Value result = operand->get();
        if (isa<RankedTensorType>(result.getType()))
          result = tensor::ExtractOp::create(
              b, loc, result, *affine::expandAffineMap(b, loc, op.getMatchingIndexingMap(operand), at));
        scalars.map(value, result);
      } else if (!def || def->getBlock() != op.getBody()) {
        return value;
      } else if (auto index = dyn_cast<linalg::IndexOp>(def)) {
        scalars.map(value, at[index.getDim()]);
      } else {
        for (Value operand : def->getOperands())
          scalars.map(operand, scalar(operand));
        b.clone(*def, scalars);
      }
      return scalars.lookup(value);
    };
    Value element = scalar(extract);
    return tensor::InsertOp::create(b, loc, element, carried, at);
  });
}

Value BodyOnTensors::evaluate(Value value) {
  if (Value known = values.lookupOrNull(value))
    return known;
  Value result;
  auto argument = dyn_cast<BlockArgument>(value);
  Operation *def = value.getDefiningOp();
  if (argument && argument.getOwner() == op.getBody()) {
    result = operandOnLoops(*op.getMatchingOpOperand(argument));
  } else if (!def || def->getBlock() != op.getBody()) {
    result = splat(value);
  } else if (isConstant(def)) {
    Attribute attribute;
    matchPattern(value, m_Constant(&attribute));
    result = arith::ConstantOp::create(rewriter, op.getLoc(),
                                       DenseElementsAttr::get(typeFor(value.getType()), attribute));
  } else if (auto index = dyn_cast<linalg::IndexOp>(def)) {
    result = indices(index);
  } else if (auto extract = dyn_cast<tensor::ExtractOp>(def)) {
    result = gather(extract);
  } else {
    for (Value operand : def->getOperands())
      values.map(operand, evaluate(operand));
    Operation *clone = rewriter.clone(*def, values);
    for (auto [old, fresh] : llvm::zip_equal(def->getResults(), clone->getResults())) {
      fresh.setType(typeFor(old.getType()));
      values.map(old, fresh);
    }
    return values.lookup(value);
  }
  values.map(value, result);
  return result;
}
