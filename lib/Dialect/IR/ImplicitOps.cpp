//===- ImplicitOps.cpp - Verifiers of equations and linear systems ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace costate;

template <typename EquationOp> static LogicalResult verifyEquation(EquationOp op) {
  if (op.getTolerance() && !(op.getTolerance()->convertToDouble() > 0 && op.getTolerance()->isFinite()))
    return op.emitOpError() << "has the tolerance " << op.getTolerance()->convertToDouble()
                            << ", but a positive one is required";
  if (auto count = static_cast<int64_t>(op.getMaxIterations().value_or(1)); count < 1)
    return op.emitOpError() << "has at most " << count << " iterations, but one at least is required";
  Block &block = op.getEquation().front();
  Type type = op.getStart().getType();
  if (block.getArgumentTypes() != TypeRange(type))
    return op.emitOpError() << "has an equation for (" << block.getArgumentTypes()
                            << "), but one unknown of type " << type << " is required";
  auto yield = dyn_cast_if_present<YieldOp>(block.empty() ? nullptr : &block.back());
  if (!yield)
    return op.emitOpError() << "has an equation that does not end with costate.yield";
  if (yield.getOperandTypes() != TypeRange(type))
    return yield.emitOpError() << "yields (" << yield.getOperandTypes() << "), but the unknown is " << type;
  WalkResult result = op.getEquation().walk([&](Operation *inner) -> WalkResult {
    if (inner->hasTrait<OpTrait::HasRecursiveMemoryEffects>() || isMemoryEffectFree(inner) ||
        isa<func::CallOp>(inner))
      return WalkResult::advance();
    return inner->emitOpError() << "may have side effects, but an equation is pure";
  });
  return failure(result.wasInterrupted());
}

LogicalResult RootOp::verify() { return verifyEquation(*this); }
LogicalResult FixedPointOp::verify() { return verifyEquation(*this); }
LogicalResult KrylovSolveOp::verify() { return verifyEquation(*this); }

/// Whether the matrix has the shape that the bands say, and as many rows as the right side has elements.
static LogicalResult verifyMatrix(Operation *op, RankedTensorType matrix,
                                  std::optional<ArrayRef<int64_t>> bands) {
  int64_t rows = matrix.getDimSize(0), columns = matrix.getDimSize(1);
  if (!bands) {
    if (rows != columns)
      return op->emitOpError() << "has a matrix of type " << matrix << ", but a square one is required";
    return success();
  }
  if (bands->size() != 2 || (*bands)[0] < 0 || (*bands)[1] < 0 || (*bands)[0] >= columns ||
      (*bands)[1] >= columns)
    return op->emitOpError() << "has the bands [" << *bands
                             << "], but the numbers of diagonals below and above the "
                             << "main one of " << columns << " are required";
  if (rows != (*bands)[0] + (*bands)[1] + 1)
    return op->emitOpError() << "has a matrix of type " << matrix << ", but with the bands [" << *bands
                             << "] it has " << (*bands)[0] + (*bands)[1] + 1 << " diagonals";
  return success();
}

static LogicalResult verifySystem(Operation *op, RankedTensorType matrix, RankedTensorType rhs) {
  if (rhs.getDimSize(0) != matrix.getDimSize(1) || rhs.getElementType() != matrix.getElementType())
    return op->emitOpError() << "has a right side of type " << rhs << " for a matrix of type " << matrix;
  return success();
}

LogicalResult LinearSolveOp::verify() {
  auto matrix = cast<RankedTensorType>(getMatrix().getType());
  if (failed(verifyMatrix(*this, matrix, getBands())))
    return failure();
  return verifySystem(*this, matrix, cast<RankedTensorType>(getRhs().getType()));
}

std::pair<RankedTensorType, RankedTensorType> LUOp::factorTypes(RankedTensorType matrix,
                                                                std::optional<ArrayRef<int64_t>> bands) {
  int64_t n = matrix.getDimSize(1), below = bands ? (*bands)[0] : n - 1;
  Type element = matrix.getElementType();
  int64_t rows = bands ? matrix.getDimSize(0) + below : n;
  return {RankedTensorType::get({rows, n}, element),
          RankedTensorType::get({n, std::max<int64_t>(below, 1)}, element)};
}

void LUOp::build(OpBuilder &builder, OperationState &state, Value matrix, DenseI64ArrayAttr bands) {
  std::optional<ArrayRef<int64_t>> list;
  if (bands)
    list = bands.asArrayRef();
  auto [factors, swaps] = factorTypes(cast<RankedTensorType>(matrix.getType()), list);
  build(builder, state, factors, swaps, matrix, bands);
}

LogicalResult LUOp::verify() {
  auto matrix = cast<RankedTensorType>(getMatrix().getType());
  if (failed(verifyMatrix(*this, matrix, getBands())))
    return failure();
  auto [factors, swaps] = factorTypes(matrix, getBands());
  if (getFactors().getType() != factors || getSwaps().getType() != swaps)
    return emitOpError() << "has results of types " << getFactors().getType() << " and "
                         << getSwaps().getType() << ", but " << factors << " and " << swaps
                         << " are required";
  return success();
}

LogicalResult LUSolveOp::verify() {
  auto factors = cast<RankedTensorType>(getFactors().getType());
  RankedTensorType matrix = factors;
  if (getBands() && getBands()->size() == 2)
    matrix = RankedTensorType::get({factors.getDimSize(0) - (*getBands())[0], factors.getDimSize(1)},
                                   factors.getElementType());
  if (failed(verifyMatrix(*this, matrix, getBands())))
    return failure();
  RankedTensorType swaps = LUOp::factorTypes(matrix, getBands()).second;
  if (getSwaps().getType() != swaps)
    return emitOpError() << "has exchanges of type " << getSwaps().getType() << ", but " << swaps
                         << " is required";
  return verifySystem(*this, factors, cast<RankedTensorType>(getRhs().getType()));
}
