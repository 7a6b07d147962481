//===- ImplicitFunction.cpp - Derivatives of what an equation defines -------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   F(y, x) = 0     F_y ẏ = -F_x ẋ            adjoint: F_yᵀ λ = ȳ,        x̄ = -F_xᵀ λ
//   y = G(y, x)     (I - G_y) ẏ = G_x ẋ                (I - G_y)ᵀ λ = ȳ,  x̄ = G_xᵀ λ
//   A(x) y = b      A ẏ = ḃ - Ȧ y                      Aᵀ λ = ȳ,          b̄ = λ,  Ā = -λ yᵀ
//
// The tangent is the solution of a linear system in ops that have derivatives themselves: the adjoint is its
// transpose, which solves with the transposed matrix, and derivatives of any order follow. All of them solve
// with the one matrix at the solution, which is factorised once.
//
//===------------------------------------------------------------------------------------------------------===//
#include "ImplicitFunction.h"

#include "Activity.h"
#include "ExprBuilder.h"
#include "Linearizer.h"
#include "Prepare.h"
#include "Transpose.h"
#include "VerifyTangents.h"
#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

#include "costate/Differentiation/ImplicitFunctionInterface.cpp.inc"

using namespace mlir;
using namespace costate;

static Block &equationOf(ImplicitFunctionInterface op) { return op.getEquationRegion().front(); }

Value costate::evaluateEquation(OpBuilder &builder, ImplicitFunctionInterface op, Value y) {
  Block &block = equationOf(op);
  IRMapping mapping;
  mapping.map(block.getArgument(0), y);
  for (Operation &inner : block.without_terminator())
    builder.clone(inner, mapping);
  return mapping.lookupOrDefault(block.getTerminator()->getOperand(0));
}

/// The tangent of what the equation yields at `y`; null if zero. Enters the tangents on the way.
static FailureOr<Value> tangentAt(OpBuilder &builder, ImplicitFunctionInterface op, Value y,
                                  Tangents &tangents) {
  Block *block = builder.getInsertionBlock();
  Operation *before =
      builder.getInsertionPoint() == block->begin() ? nullptr : &*std::prev(builder.getInsertionPoint());
  Operation *end = builder.getInsertionPoint() == block->end() ? nullptr : &*builder.getInsertionPoint();
  Value value = evaluateEquation(builder, op, y);
  Operation *first = before ? before->getNextNode() : block->empty() ? nullptr : &block->front();
  Linearizer linearizer(tangents);
  linearizer.visitRange(first, end);
  if (linearizer.failed)
    return failure();
  return tangents.lookup(value);
}

//===----------------------------------------------------------------------===//
// The linear system at the solution
//===----------------------------------------------------------------------===//

static int64_t sizeOf(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return shaped ? shaped.getNumElements() : 1;
}

/// A tensor as a vector, or a vector as a tensor of `type`.
static Value reshape(OpBuilder &builder, Location loc, Value value, RankedTensorType type) {
  auto from = cast<RankedTensorType>(value.getType());
  if (from == type)
    return value;
  int64_t rank = std::max(from.getRank(), type.getRank());
  SmallVector<ReassociationIndices> groups;
  if (from.getRank() > 0 && type.getRank() > 0)
    groups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(0, rank)));
  if (from.getRank() > type.getRank())
    return tensor::CollapseShapeOp::create(builder, loc, type, value, groups);
  return tensor::ExpandShapeOp::create(builder, loc, type, value, groups);
}

/// L v, where L is F_y or I - G_y.
static FailureOr<Value> applyOperator(OpBuilder &builder, ImplicitFunctionInterface op, Value y, Value v) {
  Tangents tangents;
  tangents[y] = v;
  FailureOr<Value> product = tangentAt(builder, op, y, tangents);
  if (failed(product))
    return failure();
  ExprBuilder e(builder, op.getLoc(), y.getType());
  if (op.getEquationKind() == EquationKind::FixedPoint)
    return *product ? e.sub(v, *product) : v;
  return *product ? *product : e.zero();
}

/// L, column by column: as many are written out as are less code than a loop.
static FailureOr<Value> createMatrix(OpBuilder &builder, ImplicitFunctionInterface op, Value y) {
  constexpr int64_t mostUnrolled = 6;
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(y.getType());
  int64_t n = type.getNumElements();
  Type element = type.getElementType();
  auto vector = RankedTensorType::get({n}, element), square = RankedTensorType::get({n, n}, element);
  auto insertColumn = [&](Value matrix, Value seed, OpFoldResult j) -> FailureOr<Value> {
    FailureOr<Value> column = applyOperator(builder, op, y, reshape(builder, loc, seed, type));
    if (failed(column))
      return failure();
    OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1), all = builder.getIndexAttr(n);
    return tensor::InsertSliceOp::create(builder, loc, reshape(builder, loc, *column, vector), matrix,
                                         ArrayRef<OpFoldResult>{zero, j}, ArrayRef<OpFoldResult>{all, one},
                                         ArrayRef<OpFoldResult>{one, one})
        .getResult();
  };
  FailureOr<Value> matrix = Value(ExprBuilder(builder, loc, square).zero());
  if (n <= mostUnrolled) {
    for (int64_t j = 0; j < n && succeeded(matrix); ++j) {
      SmallVector<Attribute> unit(n, builder.getFloatAttr(element, 0.0));
      unit[j] = builder.getFloatAttr(element, 1.0);
      Value seed = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(vector, unit));
      matrix = insertColumn(*matrix, seed, builder.getIndexAttr(j));
    }
    return matrix;
  }
  auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); };
  Value zeros = ExprBuilder(builder, loc, vector).zero(), one = ExprBuilder(builder, loc, element).one();
  auto loop = scf::ForOp::create(builder, loc, index(0), index(n), index(1), *matrix);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  Value j = loop.getInductionVar();
  Value seed = tensor::InsertOp::create(builder, loc, one, zeros, j);
  matrix = insertColumn(loop.getRegionIterArg(0), seed, j);
  scf::YieldOp::create(builder, loc, succeeded(matrix) ? *matrix : loop.getRegionIterArg(0));
  if (failed(matrix))
    return failure();
  return loop.getResult(0);
}

FailureOr<Value> costate::solveLinearized(OpBuilder &builder, ImplicitFunctionInterface op, Value y,
                                          Value rhs) {
  Location loc = op.getLoc();
  ValueSet unknown = {equationOf(op).getArgument(0)};
  if (failed(verifyTangents(equationOf(op), unknown)))
    return failure();
  if (sizeOf(y.getType()) == 1) {
    ExprBuilder e(builder, loc, y.getType());
    FailureOr<Value> slope = applyOperator(builder, op, y, e.one());
    if (failed(slope))
      return failure();
    return e.mul(rhs, e.div(e.one(), *slope)); // a product is linear by its rule
  }
  if (op.isMatrixFree()) {
    auto solve = cast<ImplicitFunctionInterface>(op.createOperatorSolve(builder, rhs));
    OpBuilder inside = OpBuilder::atBlockEnd(&equationOf(solve));
    FailureOr<Value> product = applyOperator(inside, op, y, equationOf(solve).getArgument(0));
    if (failed(product)) {
      solve.erase();
      return failure();
    }
    solve.createYield(inside, *product);
    return solve->getResult(0);
  }
  FailureOr<Value> matrix = createMatrix(builder, op, y);
  if (failed(matrix))
    return failure();
  auto type = cast<RankedTensorType>(y.getType());
  auto vector = RankedTensorType::get({type.getNumElements()}, type.getElementType());
  Value solution = op.solveMatrix(builder, *matrix, reshape(builder, loc, rhs, vector));
  return reshape(builder, loc, solution, type);
}

//===----------------------------------------------------------------------===//
// Tangent and adjoint
//===----------------------------------------------------------------------===//

SmallVector<Value> costate::sourcesOf(ImplicitFunctionInterface op) {
  SmallVector<Value> sources = capturedBy(op);
  if (op.getEquationKind() == EquationKind::Linear)
    sources.push_back(op->getOperand(0));
  return sources;
}

FailureOr<Value> costate::linearizeImplicit(OpBuilder &builder, ImplicitFunctionInterface op,
                                            const Tangents &tangents) {
  Value y = op->getResult(0);
  Tangents ofSources;
  for (Value source : capturedBy(op))
    if (Value tangent = tangents.lookup(source))
      ofSources[source] = tangent;
  Value rhs;
  if (!ofSources.empty()) {
    FailureOr<Value> change = tangentAt(builder, op, y, ofSources);
    if (failed(change))
      return failure();
    rhs = *change;
  }
  ExprBuilder e(builder, op.getLoc(), y.getType());
  if (rhs && op.getEquationKind() != EquationKind::FixedPoint)
    rhs = e.neg(rhs);
  if (op.getEquationKind() != EquationKind::Linear)
    return rhs ? solveLinearized(builder, op, y, rhs) : FailureOr<Value>(Value());
  rhs = e.accumulate(tangents.lookup(op->getOperand(0)), rhs);
  if (!rhs)
    return Value();
  Operation *solve = builder.clone(*op);
  solve->setOperand(0, rhs);
  return solve->getResult(0);
}

/// Aᵀ λ = ȳ, with the transpose of the region that applies A.
FailureOr<Value> costate::transposeLinearSolve(OpBuilder &builder, ImplicitFunctionInterface op,
                                               Value cotangent) {
  auto solve = cast<ImplicitFunctionInterface>(op.createOperatorSolve(builder, cotangent));
  Block &block = equationOf(solve);
  block.erase();
  IRMapping mapping;
  op.getEquationRegion().cloneInto(&solve.getEquationRegion(), mapping);
  Block &body = equationOf(solve);
  Value unknown = body.getArgument(0), argument = body.addArgument(unknown.getType(), op.getLoc());
  Operation *yield = body.getTerminator();
  ValueSet active = {unknown};
  addDependents(body, active);
  OpBuilder inside(yield);
  Cotangents cotangents;
  Value product = yield->getOperand(0);
  bool isActive = active.contains(product);
  if (isActive)
    addCotangent(inside, op.getLoc(), product, argument, cotangents);
  if (failed(verifyLinear(body, active)) || failed(transpose(body, active, inside, cotangents)))
    return failure();
  Value result = cotangents.lookup(unknown);
  yield->setOperand(0, result ? result : ExprBuilder(inside, op.getLoc(), unknown.getType()).zero());
  if (failed(eraseActive(body, active)))
    return failure();
  body.eraseArgument(0);
  return solve->getResult(0);
}

LogicalResult costate::verifyLinearEquation(ImplicitFunctionInterface op) {
  Block &block = equationOf(op);
  ValueSet active = {block.getArgument(0)};
  addDependents(block, active);
  if (failed(verifyLinear(block, active)))
    return failure();
  Value product = block.getTerminator()->getOperand(0);
  if (!active.contains(product) && !isZeroValue(product))
    return op.emitOpError() << "yields a value that does not depend on its unknown";
  return success();
}

LogicalResult costate::prepareEquations(func::FuncOp function) {
  SmallVector<func::CallOp> calls;
  bool any = false;
  function.walk([&](ImplicitFunctionInterface op) {
    any = true;
    op.getEquationRegion().walk([&](func::CallOp call) {
      if (!llvm::is_contained(calls, call))
        calls.push_back(call);
    });
  });
  SmallVector<Operation *> chain = {function};
  if (!any)
    return success();
  inlineCalls(calls, chain);
  return normalize(function, function.getArguments());
}
