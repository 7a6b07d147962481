//===- NormalizeLinalg.cpp - Linalg in the few ops that have rules ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "BodyOnTensors.h"
#include "DecomposeAggregates.h"
#include "ExprBuilder.h"
#include "NormalizeBody.h"
#include "NormalizeMoves.h"
#include "NormalizePadding.h"
#include "NormalizeReductions.h"
#include "Rules/Product.h"
#include "Rules/Structural.h"
#include "Rules/Windows.h"
#include "VerifyTangents.h"
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
static bool windowSum(linalg::GenericOp op, const Fold &fold, IRRewriter &rewriter) {
  auto argument = dyn_cast<BlockArgument>(fold.value);
  if (fold.kind != Fold::Kind::Sum || !argument || argument.getOwner() != op.getBody())
    return false;
  OpOperand *operand = op.getMatchingOpOperand(argument);
  if (!isa<RankedTensorType>(operand->get().getType()) || !isLinearMap(op.getMatchingIndexingMap(operand)))
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

/// A reduction of one tensor by a product. Returns whether the op has a form of its own.
static bool normalizeReduction(linalg::ReduceOp op, IRRewriter &rewriter) {
  std::optional<Fold> fold = foldOf(op);
  if (!fold)
    return false;
  if (fold->kind == Fold::Kind::Product && cast<ShapedType>(op.getInputs()[0].getType()).hasStaticShape())
    rewriter.replaceOp(
        op, reduceBy(rewriter, op.getLoc(), *fold, op.getInputs()[0], op.getInits()[0], op.getDimensions()));
  return true;
}

/// The one input that `value` of the body is elementwise computed from.
static OpOperand *onlyInputOf(linalg::GenericOp op, Value value) {
  OpOperand *found = nullptr;
  SmallVector<Value> worklist = {value};
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    auto argument = dyn_cast<BlockArgument>(next);
    Operation *def = next.getDefiningOp();
    if (argument && argument.getOwner() == op.getBody()) {
      OpOperand *operand = op.getMatchingOpOperand(argument);
      if ((found && found != operand) || op.isDpsInit(operand))
        return nullptr;
      found = operand;
    } else if (def && def->getBlock() == op.getBody()) {
      if (isa<linalg::IndexOp, tensor::ExtractOp>(def))
        return nullptr;
      llvm::append_range(worklist, def->getOperands());
    }
  }
  return found && isa<RankedTensorType>(found->get().getType()) ? found : nullptr;
}

/// A sum of products of which each factor is computed from one input, such as one that is extended first, is
/// a contraction of the factors.
static bool sumOfProducts(linalg::GenericOp op, const Fold &fold, IRRewriter &rewriter) {
  if (fold.kind != Fold::Kind::Sum)
    return false;
  auto negation = fold.value.getDefiningOp<arith::NegFOp>();
  auto product = (negation ? negation.getOperand() : fold.value).getDefiningOp<arith::MulFOp>();
  if (!product || product->getBlock() != op.getBody())
    return false;
  AffineMap output = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  SmallVector<OpOperand *> inputs;
  SmallVector<AffineMap> maps;
  for (Value factor : product->getOperands()) {
    inputs.push_back(onlyInputOf(op, factor));
    if (!inputs.back())
      return false;
    maps.push_back(op.getMatchingIndexingMap(inputs.back()));
    if (!isLinearMap(maps.back()))
      return false;
    // A loop that only one factor has is summed over before the product.
    for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
      if (!output.isFunctionOfDim(dim) && !maps.back().isFunctionOfDim(dim))
        return false;
  }
  if (inputs[0] == inputs[1])
    return false; // a square
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  SmallVector<Value> factors;
  for (unsigned i : {0, 1}) {
    // What no loop reads is not computed: its cotangent would be zero, but not times an infinite derivative.
    Factor read = withoutOffsets(rewriter, op.getLoc(), {inputs[i]->get(), maps[i]}, extents);
    std::optional<Factor> part = onlyWhatIsRead(rewriter, op.getLoc(), read, extents);
    if (!part)
      return false;
    factors.push_back(part->tensor);
    maps[i] = part->map;
  }
  for (unsigned i : {0, 1}) {
    factors[i] = BodyOnTensors(op, *inputs[i], factors[i], rewriter).evaluate(product->getOperand(i));
    if (negation && i == 0)
      factors[i] = arith::NegFOp::create(rewriter, op.getLoc(), factors[i]);
  }
  maps.push_back(output);
  rewriter.replaceOp(op,
                     createProduct(rewriter, op.getLoc(), maps, factors[0], factors[1], op.getOutputs()[0]));
  return true;
}

static void normalizeGeneric(linalg::GenericOp op, IRRewriter &rewriter) {
  if (op->getNumResults() != 1 || llvm::is_contained(op.getStaticLoopRanges(), ShapedType::kDynamic))
    return;
  if (llvm::any_of(*op.getBody(), findWrite))
    return; // it does more than it yields
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
  if (sumOfProducts(op, *fold, rewriter))
    return;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    if (!output.isFunctionOfDim(dim))
      reduced.push_back(dim);
  if (windowSum(op, *fold, rewriter))
    return;
  // What is left has its dimensions in the order of the loops, the output in an order of its own.
  for (int64_t &dim : resultDims)
    dim -= llvm::count_if(reduced, [&](int64_t other) { return other < dim; });
  SmallVector<int64_t> inOrder = invertPermutationVector(resultDims);
  Value result = reduceBy(rewriter, loc, *fold, body.evaluate(fold->value),
                          permute(rewriter, loc, init, inOrder), reduced);
  rewriter.replaceOp(op, permute(rewriter, loc, result, resultDims));
}

/// A tensor of values that a region computes, as a generic op.
static void expandGenerators(func::FuncOp function, IRRewriter &rewriter) {
  SmallVector<tensor::GenerateOp> ops;
  function.walk([&](tensor::GenerateOp op) { ops.push_back(op); });
  for (tensor::GenerateOp op : ops) {
    rewriter.setInsertionPoint(op);
    (void)linalg::rewriteInDestinationPassingStyle(rewriter, op);
  }
}

/// Contractions, broadcasts, transposes and fills have a rule as they are.
static bool isNormal(linalg::LinalgOp op) {
  if (isa<linalg::BroadcastOp, linalg::TransposeOp, linalg::FillOp>(op.getOperation()))
    return true;
  auto isLikeFirst = [&](Value operand) {
    return getElementTypeOrSelf(operand) == getElementTypeOrSelf(op->getOperand(0));
  };
  return isa<linalg::ContractOp>(op.getOperation()) && llvm::all_of(op->getOperands(), isLikeFirst);
}

LogicalResult costate::normalizeLinalg(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  normalizeMoves(function);
  normalizePadding(function);
  expandGenerators(function, rewriter);
  decomposeAggregates(function);
  SmallVector<linalg::LinalgOp> ops;
  function.walk([&](linalg::LinalgOp op) {
    if (op.hasPureTensorSemantics() && !isNormal(op))
      ops.push_back(op);
  });
  for (linalg::LinalgOp op : ops) {
    rewriter.setInsertionPoint(op);
    auto reduce = dyn_cast<linalg::ReduceOp>(op.getOperation());
    if (reduce && normalizeReduction(reduce, rewriter))
      continue;
    auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
    if (!generic) {
      FailureOr<linalg::GenericOp> general = linalg::generalizeNamedOp(rewriter, op);
      if (failed(general))
        continue;
      generic = *general;
    }
    flattenConditionals(generic, rewriter);
    for (linalg::GenericOp part : splitResults(generic, rewriter)) {
      if (part.getNumReductionLoops() > 0)
        gatherSummands(part, rewriter);
      normalizeGeneric(part, rewriter);
    }
  }
  return success();
}
