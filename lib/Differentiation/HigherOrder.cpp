//===- HigherOrder.cpp - Jacobian, Hessian and jet of a function ------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ExprBuilder.h"
#include "Prepare.h"
#include "costate/Differentiation/Differentiation.h"
#include "costate/Differentiation/Jet.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

#include <numeric>

using namespace mlir;
using namespace costate;

static ArrayRef<int64_t> shapeOf(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? shaped.getShape() : ArrayRef<int64_t>();
}

static int64_t sizeOf(Type type) { return ShapedType::getNumElements(shapeOf(type)); }

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

/// The constant of `type` that is one in one component and zero elsewhere.
static Value basisVector(OpBuilder &builder, Location loc, Type type, int64_t component) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped)
    return ExprBuilder(builder, loc, type).one();
  SmallVector<Attribute> elements(shaped.getNumElements(),
                                  builder.getFloatAttr(shaped.getElementType(), 0.0));
  elements[component] = builder.getFloatAttr(shaped.getElementType(), 1.0);
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(shaped, elements));
}

/// Puts `slice` into `matrix`: along the first dimensions if it is a column, along the last if it is a row.
static Value insertSlice(OpBuilder &builder, Location loc, Value slice, Value matrix, int64_t flat,
                         ArrayRef<int64_t> fixedShape, bool isColumn) {
  ArrayRef<int64_t> free = shapeOf(slice.getType());
  auto matrixType = cast<RankedTensorType>(matrix.getType());
  SmallVector<int64_t> fixed = positionOf(flat, fixedShape);
  if (!isa<RankedTensorType>(slice.getType())) {
    SmallVector<Value> indices = llvm::map_to_vector(
        fixed, [&](int64_t index) -> Value { return arith::ConstantIndexOp::create(builder, loc, index); });
    return tensor::InsertOp::create(builder, loc, slice, matrix, indices);
  }
  SmallVector<int64_t> offsets(free.size(), 0), sizes(free), strides(matrixType.getRank(), 1);
  offsets.insert(isColumn ? offsets.end() : offsets.begin(), fixed.begin(), fixed.end());
  sizes.insert(isColumn ? sizes.end() : sizes.begin(), fixed.size(), 1);
  return tensor::InsertSliceOp::create(builder, loc, slice, matrix,
                                       getAsIndexOpFoldResult(builder.getContext(), offsets),
                                       getAsIndexOpFoldResult(builder.getContext(), sizes),
                                       getAsIndexOpFoldResult(builder.getContext(), strides));
}

/// Replaces the body of `function` (x, seeds) -> (…, derivatives) by: (x) -> for each pair of a derivative
/// and an inner type a tensor, one slice for each component of a seed. `unused` results come before the
/// derivatives.
static func::FuncOp applyToBasis(func::FuncOp linear, int64_t seeds, unsigned unused, bool columns,
                                 StringRef name) {
  Location loc = linear.getLoc();
  Block &source = linear.getBody().front();
  unsigned first = source.getNumArguments() - seeds;
  ArrayRef<Type> argumentTypes = linear.getArgumentTypes();
  ArrayRef<Type> derivativeTypes = linear.getResultTypes().drop_front(unused);
  OpBuilder builder(linear);
  auto result = func::FuncOp::create(
      builder, loc, name, FunctionType::get(linear.getContext(), argumentTypes.take_front(first), {}));
  result.setPrivate();
  Block *body = result.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  // matrices[seed][derivative]; common parts of the copies of the body are merged by simplification.
  SmallVector<SmallVector<Value>> matrices(seeds);
  for (int64_t seed = 0; seed < seeds; ++seed) {
    Type seedType = argumentTypes[first + seed];
    for (Type type : derivativeTypes) {
      RankedTensorType matrix = columns ? productType(type, seedType) : productType(seedType, type);
      matrices[seed].push_back(ExprBuilder(builder, loc, matrix).zero());
    }
    for (int64_t component = 0; component < sizeOf(seedType); ++component) {
      IRMapping mapping;
      mapping.map(source.getArguments().take_front(first), body->getArguments());
      for (int64_t other = 0; other < seeds; ++other) {
        Type type = argumentTypes[first + other];
        Value value = other == seed ? basisVector(builder, loc, type, component)
                                    : ExprBuilder(builder, loc, type).zero();
        mapping.map(source.getArgument(first + other), value);
      }
      for (Operation &op : source.without_terminator())
        builder.clone(op, mapping);
      OperandRange derivatives = source.getTerminator()->getOperands().drop_front(unused);
      for (auto [i, derivative] : llvm::enumerate(derivatives))
        matrices[seed][i] = insertSlice(builder, loc, mapping.lookupOrDefault(derivative), matrices[seed][i],
                                        component, shapeOf(seedType), columns);
    }
  }
  // Results first, then arguments.
  SmallVector<Value> results;
  size_t rows = columns ? derivativeTypes.size() : seeds;
  size_t cols = columns ? seeds : derivativeTypes.size();
  for (size_t row = 0; row < rows; ++row)
    for (size_t col = 0; col < cols; ++col)
      results.push_back(columns ? matrices[col][row] : matrices[row][col]);
  func::ReturnOp::create(builder, loc, results);
  linear.erase();
  updateType(result);
  simplifyFunction(result);
  return result;
}

FailureOr<func::FuncOp> costate::createJacobian(func::FuncOp function, ArrayRef<int64_t> wrt,
                                                StringRef name) {
  int64_t inputs = 0, outputs = 0, count = 0;
  for (int64_t index : wrt)
    if (index >= 0 && index < function.getNumArguments())
      inputs += sizeOf(function.getArgumentTypes()[index]);
  for (Type type : function.getResultTypes())
    if (hasTangent(type)) {
      outputs += sizeOf(type);
      ++count;
    }
  // One column for each component that goes in, or one row for each that comes out.
  bool columns = inputs <= outputs;
  FailureOr<func::FuncOp> linear = columns ? createJvp(function, wrt, name) : createVjp(function, wrt, name);
  if (failed(linear))
    return failure();
  return applyToBasis(*linear, columns ? wrt.size() : count, function.getNumResults(), columns, name);
}

/// The jvp of the gradient: (x, tangents) -> (y, gradients, tangent of y, products with the Hessian).
static FailureOr<func::FuncOp> createForwardOverReverse(func::FuncOp function, ArrayRef<int64_t> wrt,
                                                        StringRef name) {
  FailureOr<func::FuncOp> gradient = createGradient(function, wrt, name);
  if (failed(gradient))
    return failure();
  FailureOr<func::FuncOp> jvp = createJvp(*gradient, wrt, name);
  gradient->erase();
  return jvp;
}

FailureOr<func::FuncOp> costate::createHessian(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name) {
  FailureOr<func::FuncOp> linear = createForwardOverReverse(function, wrt, name);
  if (failed(linear))
    return failure();
  return applyToBasis(*linear, wrt.size(), wrt.size() + 2, /*columns=*/true, name);
}

FailureOr<func::FuncOp> costate::createHvp(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name) {
  FailureOr<func::FuncOp> linear = createForwardOverReverse(function, wrt, name);
  if (failed(linear))
    return failure();
  Operation *terminator = linear->getBody().front().getTerminator();
  terminator->setOperands(SmallVector<Value>(terminator->getOperands().drop_front(wrt.size() + 2)));
  updateType(*linear);
  simplifyFunction(*linear);
  return linear;
}

FailureOr<func::FuncOp> costate::createJet(func::FuncOp function, ArrayRef<ArgumentComponent> variables,
                                           ArrayRef<SmallVector<unsigned>> indices,
                                           ArrayRef<SmallVector<double>> weights, StringRef name) {
  SmallVector<int64_t> wrt =
      llvm::map_to_vector(variables, [](const ArgumentComponent &variable) { return variable.argument; });
  FailureOr<func::FuncOp> jet = prepare(function, wrt, name);
  if (failed(jet))
    return failure();
  Block &body = jet->getBody().front();
  Operation *terminator = body.getTerminator();
  OpBuilder builder(terminator);
  SmallVector<JetVariable> inputs = llvm::map_to_vector(variables, [&](const ArgumentComponent &variable) {
    return JetVariable{body.getArgument(variable.argument), variable.component};
  });
  SmallVector<SmallVector<JetTerm>> sums;
  if (weights.empty())
    for (const SmallVector<unsigned> &index : indices)
      sums.push_back({JetTerm{index, 1.0}});
  for (const SmallVector<double> &row : weights) {
    sums.emplace_back();
    for (auto [index, weight] : llvm::zip_equal(indices, row))
      sums.back().push_back({index, weight});
  }
  // The highest order first: a loop that carries it carries what is below.
  auto order = [](ArrayRef<JetTerm> sum) {
    unsigned highest = 0;
    for (const JetTerm &term : sum)
      highest = std::max(highest, std::accumulate(term.index.begin(), term.index.end(), 0u));
    return highest;
  };
  auto positions = llvm::to_vector(llvm::seq<size_t>(0, sums.size()));
  bool hasLoops = jet->walk([](LoopLikeOpInterface) { return WalkResult::interrupt(); }).wasInterrupted();
  llvm::sort(positions, [&](size_t a, size_t b) {
    unsigned orderOfA = hasLoops ? order(sums[a]) : 0, orderOfB = hasLoops ? order(sums[b]) : 0;
    return std::make_pair(orderOfB, a) < std::make_pair(orderOfA, b);
  });
  JetBuilder jets(builder, inputs);
  SmallVector<Value> results;
  bool failed = false;
  for (Value result : terminator->getOperands()) {
    if (!hasTangent(result.getType()))
      continue;
    size_t first = results.size();
    results.resize(first + sums.size());
    for (size_t position : positions) {
      FailureOr<Value> derivative = jets.derivative(result, sums[position]);
      if (mlir::failed(derivative)) {
        failed = true;
        break; // the other indices lack the same rules
      }
      results[first + position] = *derivative ? *derivative : zeroLike(builder, jet->getLoc(), result);
    }
  }
  if (failed) {
    jet->erase();
    return failure();
  }
  terminator->setOperands(results);
  updateType(*jet);
  simplifyFunction(*jet);
  return jet;
}
