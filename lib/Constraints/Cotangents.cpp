//===- Cotangents.cpp - What the parameters are to the values of a cut ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Cotangents.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

/// So few numbers have code of their own each, in which the zeros of its seed are known.
static constexpr int64_t kMostApart = 8;

static int64_t sizeOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? tensor.getNumElements() : 1;
}

TransformKind costate::pullbackKind(Type type) {
  return sizeOf(type) <= kMostApart ? TransformKind::vjp : TransformKind::jacobian;
}

/// Makes the first `rank` dimensions one.
static Value mergeRows(OpBuilder &builder, Location loc, Value value, int64_t rank) {
  if (rank == 1)
    return value;
  SmallVector<ReassociationIndices> groups{llvm::to_vector<2>(llvm::seq<int64_t>(0, rank))};
  for (int64_t d = rank, n = cast<RankedTensorType>(value.getType()).getRank(); d != n; ++d)
    groups.push_back({d});
  return tensor::CollapseShapeOp::create(builder, loc, value, groups);
}

int64_t costate::appendCotangents(std::vector<Cotangents> &all, Type type, int64_t first, StringRef function,
                                  PointwiseBuilder &point) {
  OpBuilder &builder = point.getBuilder();
  Location loc = point.getLoc();
  FloatType element = point.getProblem().element;
  auto tensor = dyn_cast<RankedTensorType>(type);
  int64_t n = sizeOf(type);
  TransformKind kind = pullbackKind(type);
  const std::string &derivative = point.derivativeName(kind, function);
  SmallVector<Type> types;
  if (kind == TransformKind::jacobian) {
    for (Type parameter : point.parameterTypes()) {
      SmallVector<int64_t> shape(tensor.getShape());
      llvm::append_range(shape, cast<RankedTensorType>(parameter).getShape());
      types.push_back(RankedTensorType::get(shape, element));
    }
    Cotangents &rows = all.emplace_back(Cotangents{{}, first, n, /*isMatrix=*/true});
    for (Value value : point.call(derivative, {}, types))
      rows.values.push_back(mergeRows(builder, loc, value, tensor.getRank()));
    return n;
  }
  types.push_back(type);
  llvm::append_range(types, point.parameterTypes());
  for (int64_t j = 0; j != n; ++j) {
    Value seed = point.number(1.0).get();
    if (tensor) {
      SmallVector<Attribute> unit(n, builder.getFloatAttr(element, 0.0));
      unit[j] = builder.getFloatAttr(element, 1.0);
      seed = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(tensor, unit));
    }
    all.push_back({llvm::to_vector(point.call(derivative, seed, types).drop_front()), first + j, 1, false});
  }
  return n;
}

static Value innerProducts(Value x, bool xIsMatrix, Value y, bool yIsMatrix, DenseAlgebra &dense) {
  if (!xIsMatrix && !yIsMatrix)
    return dense.wrap(x).dot(dense.wrap(y)).get();
  // A contraction has a dimension to sum over, which a parameter of one number lacks.
  for (auto [value, isMatrix] : {std::pair(&x, xIsMatrix), std::pair(&y, yIsMatrix)})
    if (auto type = cast<RankedTensorType>(value->getType()); type.getRank() == isMatrix) {
      SmallVector<int64_t> shape(type.getShape());
      shape.push_back(1);
      *value = dense.reshape(*value, shape);
    }
  SmallVector<int> xDims, yDims, resultDims;
  int loops = 0;
  for (auto [isMatrix, dims] : {std::pair(xIsMatrix, &xDims), std::pair(yIsMatrix, &yDims)})
    if (isMatrix) {
      dims->push_back(loops);
      resultDims.push_back(loops++);
    }
  for (int i = xIsMatrix, rank = cast<RankedTensorType>(x.getType()).getRank(); i != rank; ++i, ++loops)
    for (auto *dims : {&xDims, &yDims})
      dims->push_back(loops);
  return dense.contract(x, xDims, y, yDims, resultDims, loops);
}

Value Cotangents::products(const Cotangents &other, DenseAlgebra &dense) const {
  std::optional<Expression> sum;
  for (auto [x, y] : llvm::zip_equal(values, other.values)) {
    Expression term = dense.wrap(innerProducts(x, isMatrix, y, other.isMatrix, dense));
    sum = sum ? *sum + term : term;
  }
  return isMatrix || other.isMatrix ? dense.reshape(sum->get(), {count, other.count}) : sum->get();
}

Expression Cotangents::combination(size_t p, const Expression &weights, DenseAlgebra &dense) const {
  Expression value = dense.wrap(values[p]);
  if (!isMatrix)
    return weights.element(first) * value;
  int rank = cast<RankedTensorType>(values[p].getType()).getRank();
  auto dims = llvm::to_vector<4>(llvm::seq(0, rank));
  return dense.wrap(dense.contract(dense.elements(weights.get(), first, count), {0}, values[p], dims,
                                   ArrayRef<int>(dims).drop_front(), rank));
}
