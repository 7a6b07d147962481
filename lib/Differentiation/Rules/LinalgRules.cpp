//===- LinalgRules.cpp - Models of differentiation for linalg, with products and transposes ---------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Attach.h"
#include "Rules/Product.h"
#include "Rules/Structural.h"

#include "ExprBuilder.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace costate;

//===----------------------------------------------------------------------===//
// Forms that have a rule
//===----------------------------------------------------------------------===//

/// Tensors of one float type.
static bool isPlain(linalg::LinalgOp op) {
  Type element = getElementTypeOrSelf(op->getOperand(2).getType());
  return isa<FloatType>(element) && op->getNumResults() == 1 &&
         llvm::all_of(op->getOperandTypes(), [&](Type type) {
           return isa<RankedTensorType>(type) && getElementTypeOrSelf(type) == element;
         });
}

static bool isPlainContraction(linalg::ContractOp op) { return isPlain(op); }

static bool isPlainProduct(linalg::GenericOp op) {
  return op->getNumOperands() == 3 && op.getNumDpsInits() == 1 && isPlain(op) && isProductBody(op);
}

static bool isPlainFill(linalg::FillOp op) {
  return op->getNumResults() == 1 &&
         op->getOperand(0).getType() == getElementTypeOrSelf(op->getResult(0).getType());
}

static bool isPlainSum(linalg::ReduceOp op) {
  if (op.getInputs().size() != 1 || op->getNumResults() != 1)
    return false;
  Block *body = op.getBody();
  auto add = dyn_cast<arith::AddFOp>(body->front());
  if (!add || body->getOperations().size() != 2)
    return false;
  auto from = [&](Value a, Value b) { return a == body->getArgument(0) && b == body->getArgument(1); };
  return (from(add.getLhs(), add.getRhs()) || from(add.getRhs(), add.getLhs())) &&
         body->getTerminator()->getOperand(0) == add.getResult();
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

static Value productOf(OpBuilder &builder, linalg::LinalgOp op, Value lhs, Value rhs) {
  return createProduct(builder, op.getLoc(), op.getIndexingMapsArray(), lhs, rhs,
                       cast<RankedTensorType>(op->getResult(0).getType()));
}

/// D[H] = Σ A[I]·B[J] is linear in A; its transpose is A'[I] = Σ D'[H]·B[J], a contraction again. A dimension
/// that only A has (a sum over A alone) is not in the contraction and is broadcast.
static Value transposeProduct(OpBuilder &builder, linalg::LinalgOp op, unsigned operand, Value ct) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  AffineMap own = maps[operand], other = maps[1 - operand], result = maps[2];
  auto type = cast<RankedTensorType>(op->getOperand(operand).getType());
  Location loc = op.getLoc();
  SmallVector<int64_t> shape, added;
  SmallVector<AffineExpr> kept;
  for (auto [i, expr] : llvm::enumerate(own.getResults())) {
    if (other.getResultPosition(expr) || result.getResultPosition(expr)) {
      kept.push_back(expr);
      shape.push_back(type.getDimSize(i));
    } else {
      added.push_back(i);
    }
  }
  // A dimension that only the other operand has is summed over there, before the contraction.
  SmallVector<int64_t> summed;
  SmallVector<AffineExpr> remaining;
  for (auto [i, expr] : llvm::enumerate(other.getResults())) {
    if (own.getResultPosition(expr) || result.getResultPosition(expr))
      remaining.push_back(expr);
    else
      summed.push_back(i);
  }
  Value factor = sumOver(builder, loc, op->getOperand(1 - operand), summed);
  unsigned dims = own.getNumDims();
  SmallVector<AffineMap> newMaps = {result, AffineMap::get(dims, 0, remaining, builder.getContext()),
                                    AffineMap::get(dims, 0, kept, builder.getContext())};
  SmallVector<Value> inputs = {ct, factor};
  // The operands keep their order, so that the transpose reads as the mirror image of the op.
  if (operand == 1) {
    std::swap(newMaps[0], newMaps[1]);
    std::swap(inputs[0], inputs[1]);
  }
  Value product = createProduct(builder, loc, compressUnusedDims(newMaps), inputs[0], inputs[1],
                                RankedTensorType::get(shape, type.getElementType()));
  return broadcastTo(builder, loc, product, type, added);
}

static Value transposeOf(OpBuilder &builder, linalg::ContractOp op, unsigned operand, Value ct) {
  return transposeProduct(builder, op, operand, ct);
}

static Value transposeOf(OpBuilder &builder, linalg::GenericOp op, unsigned operand, Value ct) {
  return transposeProduct(builder, op, operand, ct);
}

//===----------------------------------------------------------------------===//
// Transposes of what moves, replicates and adds
//===----------------------------------------------------------------------===//

static Value transposeOf(OpBuilder &builder, linalg::BroadcastOp op, unsigned, Value ct) {
  return sumOver(builder, op.getLoc(), ct, op.getDimensions());
}

static Value transposeOf(OpBuilder &builder, linalg::TransposeOp op, unsigned, Value ct) {
  return permute(builder, op.getLoc(), ct, invertPermutationVector(op.getPermutation()));
}

static Value transposeOf(OpBuilder &builder, linalg::FillOp op, unsigned, Value ct) {
  return sumOfElements(builder, op.getLoc(), ct);
}

static Value transposeOf(OpBuilder &builder, linalg::ReduceOp op, unsigned operand, Value ct) {
  if (operand == 1)
    return ct;
  return broadcastTo(builder, op.getLoc(), ct, cast<RankedTensorType>(op.getInputs()[0].getType()),
                     op.getDimensions());
}

#include "LinalgRules.inc"

void costate::attachLinalgRules(MLIRContext *context) { attachRules(context); }
