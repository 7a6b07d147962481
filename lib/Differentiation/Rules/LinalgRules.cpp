//===- LinalgRules.cpp - Models of differentiation for linalg, with products and transposes ---------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Attach.h"
#include "Rules/Fold.h"
#include "Rules/Product.h"
#include "Rules/Structural.h"
#include "Rules/Windows.h"

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
  if (op->getNumOperands() != 3 || op.getNumDpsInits() != 1 || !isPlain(op) || !isProductBody(op))
    return false;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  if (llvm::all_of(maps, [](AffineMap map) { return map.isProjectedPermutation(); }))
    return true;
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  return !llvm::is_contained(extents, ShapedType::kDynamic) &&
         canUnwindow(maps[0], maps[1], maps[2], extents) && canUnwindow(maps[1], maps[0], maps[2], extents);
}

static bool isPlainFill(linalg::FillOp op) {
  return op->getNumResults() == 1 &&
         op->getOperand(0).getType() == getElementTypeOrSelf(op->getResult(0).getType());
}

static bool isPlainSum(linalg::ReduceOp op) {
  std::optional<Fold> fold = foldOf(op);
  return fold && fold->kind == Fold::Kind::Sum;
}

static bool isExtremum(linalg::ReduceOp op) {
  std::optional<Fold> fold = foldOf(op);
  return fold && fold->kind == Fold::Kind::Extremum &&
         op.getInputs()[0].getType() != op->getResult(0).getType() &&
         cast<ShapedType>(op.getInputs()[0].getType()).hasStaticShape();
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

static Value productOf(OpBuilder &builder, linalg::LinalgOp op, Value lhs, Value rhs) {
  return createProduct(builder, op.getLoc(), op.getIndexingMapsArray(), lhs, rhs,
                       cast<RankedTensorType>(op->getResult(0).getType()));
}

/// D[H] = Σ A[I]·B[J] is linear in A; its transpose is A'[I] = Σ D'[H]·B[J], a product again. Windows of A
/// become windows of D' or B. A dimension that only A has (a sum over A alone) is not in the product and is
/// broadcast.
static Value transposeProduct(OpBuilder &builder, linalg::LinalgOp op, unsigned operand, Value ct) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  AffineMap own = maps[operand];
  auto type = cast<RankedTensorType>(op->getOperand(operand).getType());
  Location loc = op.getLoc();
  Factor result{ct, maps[2]}, other{op->getOperand(1 - operand), maps[1 - operand]};
  if (!own.isProjectedPermutation())
    own = unwindow(builder, loc, own, type.getShape(), result, other, op.getStaticLoopRanges());
  unsigned dims = own.getNumDims();
  SmallVector<int64_t> shape, added;
  SmallVector<AffineExpr> kept;
  for (auto [i, expr] : llvm::enumerate(own.getResults())) {
    unsigned dim = cast<AffineDimExpr>(expr).getPosition();
    if (other.map.isFunctionOfDim(dim) || result.map.isFunctionOfDim(dim)) {
      kept.push_back(expr);
      shape.push_back(type.getDimSize(i));
    } else {
      added.push_back(i);
    }
  }
  SmallVector<AffineMap> newMaps = {result.map, other.map,
                                    AffineMap::get(dims, 0, kept, builder.getContext())};
  SmallVector<Value> inputs = {result.tensor, other.tensor};
  // The operands keep their order, so that the transpose reads as the mirror image of the op.
  if (operand == 1) {
    std::swap(newMaps[0], newMaps[1]);
    std::swap(inputs[0], inputs[1]);
  }
  Value product = createProduct(builder, loc, newMaps, inputs[0], inputs[1],
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

//===----------------------------------------------------------------------===//
// Extrema
//===----------------------------------------------------------------------===//

/// y = max(x₁, …, x₀) as the mean of those that attain it, x₀ the initial value. Its derivative, with what
/// attains the extremum held fixed, is the subgradient of least norm.
static SmallVector<Value> composeOf(OpBuilder &builder, linalg::ReduceOp op) {
  Location loc = op.getLoc();
  Value extremum = op->getResult(0), sum, count;
  auto type = cast<RankedTensorType>(extremum.getType());
  ExprBuilder whole(builder, loc, type);
  for (auto [value, dimensions] :
       {std::pair(op.getInputs()[0], op.getDimensions()), std::pair(op.getInits()[0], ArrayRef<int64_t>())}) {
    auto shape = cast<RankedTensorType>(value.getType());
    ExprBuilder e(builder, loc, shape);
    Value attains = arith::CmpFOp::create(builder, loc, arith::CmpFPredicate::OEQ, value,
                                          broadcastTo(builder, loc, extremum, shape, dimensions));
    sum = whole.accumulate(sum, sumOver(builder, loc, e.select(attains, value, e.zero()), dimensions));
    count = whole.accumulate(count, sumOver(builder, loc, e.select(attains, e.one(), e.zero()), dimensions));
  }
  return {whole.div(sum, count)};
}

#include "LinalgRules.inc"

void costate::attachLinalgRules(MLIRContext *context) { attachRules(context); }
