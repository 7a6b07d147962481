//===- NormalizeLinalg.cpp - Linalg in the few ops that have rules ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Product.h"
#include "Rules/Structural.h"
#include "costate/Differentiation/Differentiation.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
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

/// Evaluates the body of a generic op on tensors of the shape of its loops.
class BodyOnTensors {
public:
  BodyOnTensors(linalg::GenericOp op, IRRewriter &rewriter)
      : op(op), rewriter(rewriter), loops(op.getStaticLoopRanges()) {}

  /// Whether `value` of the body can be evaluated; does not touch the output if `withOutput` is false.
  bool canEvaluate(Value value, bool withOutput);
  Value evaluate(Value value);

private:
  RankedTensorType typeFor(Type element) const { return RankedTensorType::get(loops, element); }
  Value operandOnLoops(OpOperand &operand);
  Value splat(Value scalar) {
    return tensor::SplatOp::create(rewriter, op.getLoc(), typeFor(scalar.getType()), scalar);
  }

  linalg::GenericOp op;
  IRRewriter &rewriter;
  SmallVector<int64_t> loops;
  IRMapping values;
};
} // namespace

/// Distinct dimensions, or zeros along dimensions of which one element is taken.
static bool isReadable(AffineMap map) { return map.isProjectedPermutation(/*allowZeroInResults=*/true); }

bool BodyOnTensors::canEvaluate(Value value, bool withOutput) {
  Block *body = op.getBody();
  if (auto argument = dyn_cast<BlockArgument>(value); argument && argument.getOwner() == body) {
    OpOperand *operand = op.getMatchingOpOperand(argument);
    if (!withOutput && op.isDpsInit(operand))
      return false;
    return isReadable(op.getMatchingIndexingMap(operand));
  }
  Operation *def = value.getDefiningOp();
  if (!def || def->getBlock() != body)
    return true; // from outside
  if (def->hasTrait<OpTrait::ConstantLike>())
    return isa<IntegerType, FloatType>(value.getType());
  if (!OpTrait::hasElementwiseMappableTraits(def))
    return false;
  return llvm::all_of(def->getOperands(), [&](Value operand) { return canEvaluate(operand, withOutput); });
}

Value BodyOnTensors::operandOnLoops(OpOperand &operand) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  Value value = operand.get();
  if (!isa<RankedTensorType>(value.getType()))
    return splat(value);
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(value.getType());
  // Drop the dimensions of which only the first element is read.
  SmallVector<int64_t> dims, shape, sizes(type.getShape());
  for (auto [i, expr] : llvm::enumerate(map.getResults())) {
    if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
      dims.push_back(dim.getPosition());
      shape.push_back(type.getDimSize(i));
    } else {
      sizes[i] = 1;
    }
  }
  if (dims.size() != sizes.size()) {
    SmallVector<int64_t> offsets(sizes.size(), 0), strides(sizes.size(), 1);
    type = RankedTensorType::get(shape, type.getElementType());
    value = tensor::ExtractSliceOp::create(rewriter, loc, type, value, ValueRange{}, ValueRange{},
                                           ValueRange{}, offsets, sizes, strides);
  }
  auto order = llvm::to_vector(llvm::seq<int64_t>(0, dims.size()));
  llvm::sort(order, [&](int64_t a, int64_t b) { return dims[a] < dims[b]; });
  value = permute(rewriter, loc, value, order);
  SmallVector<int64_t> added;
  for (int64_t dim = 0; dim < static_cast<int64_t>(loops.size()); ++dim)
    if (!llvm::is_contained(dims, dim))
      added.push_back(dim);
  return broadcastTo(rewriter, loc, value, typeFor(type.getElementType()), added);
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
  } else if (def->hasTrait<OpTrait::ConstantLike>()) {
    Attribute attribute;
    matchPattern(value, m_Constant(&attribute));
    result = arith::ConstantOp::create(rewriter, op.getLoc(),
                                       DenseElementsAttr::get(typeFor(value.getType()), attribute));
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

/// Where the body is `yield out + r`: r.
static Value summand(linalg::GenericOp op) {
  auto sum = op.getBody()->getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  if (!sum || sum->getBlock() != op.getBody())
    return {};
  Value out = op.getBody()->getArguments().back();
  return sum.getRhs() == out ? sum.getLhs() : sum.getLhs() == out ? sum.getRhs() : Value();
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
    if (op.getNumReductionLoops() > 0)
      rewriter.replaceOp(op, createProduct(rewriter, loc, op.getIndexingMapsArray(), op.getInputs()[0],
                                           op.getInputs()[1], init));
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
  Value added = summand(op);
  if (!added || !body.canEvaluate(added, /*withOutput=*/false))
    return;
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim)
    if (!output.isFunctionOfDim(dim))
      reduced.push_back(dim);
  // Positions of the result's dimensions among the loops that are left.
  for (int64_t &dim : resultDims)
    dim -= llvm::count_if(reduced, [&](int64_t other) { return other < dim; });
  Value sum = permute(rewriter, loc, sumOver(rewriter, loc, body.evaluate(added), reduced), resultDims);
  rewriter.replaceOp(op, arith::AddFOp::create(rewriter, loc, init, sum));
}

LogicalResult costate::normalizeLinalg(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  SmallVector<linalg::LinalgOp> ops;
  function.walk([&](linalg::LinalgOp op) {
    if (op.hasPureTensorSemantics() &&
        !isa<linalg::ContractOp, linalg::BroadcastOp, linalg::TransposeOp, linalg::FillOp, linalg::ReduceOp>(
            op.getOperation()))
      ops.push_back(op);
  });
  for (linalg::LinalgOp op : ops) {
    rewriter.setInsertionPoint(op);
    auto generic = dyn_cast<linalg::GenericOp>(op.getOperation());
    if (!generic) {
      // A convolution is no product of projected permutations, and keeps the name that the user knows.
      if (!llvm::all_of(op.getIndexingMapsArray(), isReadable))
        continue;
      FailureOr<linalg::GenericOp> general = linalg::generalizeNamedOp(rewriter, op);
      if (failed(general))
        continue;
      generic = *general;
    }
    normalizeGeneric(generic, rewriter);
  }
  return success();
}
