//===- NormalizeLinalg.cpp - Linalg in the few ops that have rules ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "BodyOnTensors.h"
#include "ExprBuilder.h"
#include "NormalizeMoves.h"
#include "NormalizeReductions.h"
#include "Rules/Product.h"
#include "Rules/Structural.h"
#include "Rules/Windows.h"
#include "costate/Differentiation/Differentiation.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace costate;

namespace costate {
#define GEN_PASS_DEF_NORMALIZELINALG
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

namespace {
struct NormalizeLinalg : costate::impl::NormalizeLinalgBase<NormalizeLinalg> {
  void runOnOperation() override {
    if (failed(normalizeLinalg(getOperation())))
      signalPassFailure();
  }
};

} // namespace

/// A product reads no constant index and no offset: these are slices.
static void normalizeProduct(linalg::GenericOp op, IRRewriter &rewriter) {
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  SmallVector<Value> inputs(op.getInputs());
  bool changed = op.getNumReductionLoops() > 0;
  for (unsigned i : {0, 1}) {
    Factor factor = withoutOffsets(rewriter, op.getLoc(), {inputs[i], maps[i]}, extents);
    changed |= factor.tensor != inputs[i];
    inputs[i] = factor.tensor;
    maps[i] = factor.map;
  }
  if (!changed)
    return;
  rewriter.replaceOp(op,
                     createProduct(rewriter, op.getLoc(), maps, inputs[0], inputs[1], op.getOutputs()[0]));
}

/// A sum over windows of one operand is a product with ones, whose windows nobody has to write down.
static bool windowSum(linalg::GenericOp op, Operation *fold, Value value, IRRewriter &rewriter) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!isa<arith::AddFOp>(fold) || !argument || argument.getOwner() != op.getBody())
    return false;
  OpOperand *operand = op.getMatchingOpOperand(argument);
  if (!isa<RankedTensorType>(operand->get().getType()))
    return false;
  SmallVector<int64_t> extents = op.getStaticLoopRanges(), shape;
  Factor factor =
      withoutOffsets(rewriter, op.getLoc(), {operand->get(), op.getMatchingIndexingMap(operand)}, extents);
  if (factor.map.isProjectedPermutation())
    return false;
  AffineMap output = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  SmallVector<AffineExpr> exprs;
  for (auto [dim, extent] : llvm::enumerate(extents))
    if (AffineExpr expr = getAffineDimExpr(dim, op.getContext());
        !output.isFunctionOfDim(dim) && !factor.map.getResultPosition(expr)) {
      shape.push_back(extent);
      exprs.push_back(expr);
    }
  auto type = RankedTensorType::get(shape, getElementTypeOrSelf(factor.tensor.getType()));
  Value ones = ExprBuilder(rewriter, op.getLoc(), type).one();
  rewriter.replaceOp(
      op, createProduct(rewriter, op.getLoc(),
                        {factor.map, AffineMap::get(extents.size(), 0, exprs, op.getContext()), output},
                        factor.tensor, ones, op.getOutputs()[0]));
  return true;
}

/// A reduction by other than a sum, of one tensor.
static void normalizeReduction(linalg::ReduceOp op, IRRewriter &rewriter) {
  if (op.getInputs().size() != 1 || !cast<ShapedType>(op.getInputs()[0].getType()).hasStaticShape())
    return;
  std::optional<Fold> fold = foldOf(*op.getBody());
  if (fold && isa<arith::MulFOp>(fold->op) && fold->value == op.getBody()->getArgument(0))
    rewriter.replaceOp(op, reduceBy(rewriter, op.getLoc(), fold->op, op.getInputs()[0], op.getInits()[0],
                                    op.getDimensions()));
}

static void normalizeGeneric(linalg::GenericOp op, IRRewriter &rewriter) {
  if (op->getNumResults() != 1 || llvm::is_contained(op.getStaticLoopRanges(), ShapedType::kDynamic))
    return;
  AffineMap output = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (!output.isProjectedPermutation() || output.getNumResults() != op.getNumParallelLoops())
    return;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    if (output.isFunctionOfDim(dim) != (op.getIteratorTypesArray()[dim] == utils::IteratorType::parallel))
      return;
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  Value init = op.getDpsInits()[0];
  if (op.getNumDpsInputs() == 2 && isProductBody(op) &&
      llvm::all_of(op->getOperandTypes(), llvm::IsaPred<RankedTensorType>)) {
    normalizeProduct(op, rewriter);
    return;
  }
  BodyOnTensors body(op, rewriter);
  SmallVector<int64_t> resultDims, reduced;
  for (AffineExpr expr : output.getResults())
    resultDims.push_back(cast<AffineDimExpr>(expr).getPosition());
  if (op.getNumReductionLoops() == 0) {
    Value yielded = op.getBody()->getTerminator()->getOperand(0);
    if (body.canEvaluate(yielded, /*withOutput=*/true))
      rewriter.replaceOp(op, permute(rewriter, loc, body.evaluate(yielded), resultDims));
    return;
  }
  std::optional<Fold> fold = foldOf(*op.getBody());
  if (!fold || !body.canEvaluate(fold->value, /*withOutput=*/false))
    return;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    if (!output.isFunctionOfDim(dim))
      reduced.push_back(dim);
  if (windowSum(op, fold->op, fold->value, rewriter))
    return;
  // What is left has its dimensions in the order of the loops, the output in an order of its own.
  for (int64_t &dim : resultDims)
    dim -= llvm::count_if(reduced, [&](int64_t other) { return other < dim; });
  SmallVector<int64_t> inOrder = invertPermutationVector(resultDims);
  Value result = reduceBy(rewriter, loc, fold->op, body.evaluate(fold->value),
                          permute(rewriter, loc, init, inOrder), reduced);
  rewriter.replaceOp(op, permute(rewriter, loc, result, resultDims));
}

LogicalResult costate::normalizeLinalg(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  normalizeMoves(function);
  SmallVector<linalg::LinalgOp> ops;
  function.walk([&](linalg::LinalgOp op) {
    if (op.hasPureTensorSemantics() &&
        !isa<linalg::ContractOp, linalg::BroadcastOp, linalg::TransposeOp, linalg::FillOp>(op.getOperation()))
      ops.push_back(op);
  });
  for (linalg::LinalgOp op : ops) {
    rewriter.setInsertionPoint(op);
    if (auto reduce = dyn_cast<linalg::ReduceOp>(op.getOperation())) {
      normalizeReduction(reduce, rewriter);
      continue;
    }
    auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
    if (!generic) {
      FailureOr<linalg::GenericOp> general = linalg::generalizeNamedOp(rewriter, op);
      if (failed(general))
        continue;
      generic = *general;
    }
    normalizeGeneric(generic, rewriter);
  }
  return success();
}
