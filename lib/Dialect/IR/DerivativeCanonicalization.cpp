//===- DerivativeCanonicalization.cpp - Canonical forms of derivatives ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Dependence.h"
#include "Derivatives.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace costate;

static void replaceByZero(PatternRewriter &rewriter, Operation *op) {
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  auto zero = DenseElementsAttr::get(type, rewriter.getFloatAttr(type.getElementType(), 0.0));
  rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, zero);
}

/// The derivative of a value that does not depend on the inputs is zero.
template <typename OpTy> static LogicalResult foldIndependent(OpTy op, PatternRewriter &rewriter) {
  ValueRange inputs = op->getOperands().drop_front();
  if (dependsOn(op.getValue(), inputs))
    return failure();
  replaceByZero(rewriter, op);
  return success();
}

/// The indices of a diff by input, each input once and in the order of the function's arguments, indices
/// sorted.
static llvm::MapVector<Value, SmallVector<int64_t>> gatherIndices(ArrayRef<DiffOp> ops) {
  SmallVector<std::pair<unsigned, int64_t>> all;
  DenseMap<unsigned, Value> arguments;
  for (DiffOp op : ops)
    for (auto [input, indices] : llvm::zip_equal(op.getInputs(), op.getIndices())) {
      unsigned number = cast<BlockArgument>(input).getArgNumber();
      arguments[number] = input;
      for (int64_t index : cast<DenseI64ArrayAttr>(indices).asArrayRef())
        all.emplace_back(number, index);
    }
  llvm::sort(all);
  llvm::MapVector<Value, SmallVector<int64_t>> gathered;
  for (auto [number, index] : all)
    gathered[arguments[number]].push_back(index);
  return gathered;
}

static llvm::MapVector<Value, SmallVector<int64_t>> byInput(Value input, ArrayRef<int64_t> indices) {
  llvm::MapVector<Value, SmallVector<int64_t>> gathered;
  gathered[input].assign(indices.begin(), indices.end());
  return gathered;
}

static DiffOp createDiff(PatternRewriter &rewriter, Location loc, Value value,
                         const llvm::MapVector<Value, SmallVector<int64_t>> &gathered) {
  SmallVector<Value> inputs;
  SmallVector<Attribute> indices;
  for (auto &[input, list] : gathered) {
    inputs.push_back(input);
    indices.push_back(rewriter.getDenseI64ArrayAttr(list));
  }
  return DiffOp::create(rewriter, loc, value.getType(), value, inputs, rewriter.getArrayAttr(indices));
}

/// Partial derivatives commute: each input once, in the order of the arguments, indices sorted.
static LogicalResult sortIndices(DiffOp op, PatternRewriter &rewriter) {
  auto gathered = gatherIndices({op});
  bool isSorted = gathered.size() == op.getInputs().size();
  if (isSorted)
    for (auto [i, entry] : llvm::enumerate(gathered))
      isSorted &= entry.first == op.getInputs()[i] &&
                  ArrayRef<int64_t>(entry.second) == cast<DenseI64ArrayAttr>(op.getIndices()[i]).asArrayRef();
  if (isSorted)
    return failure();
  rewriter.replaceOp(op, createDiff(rewriter, op.getLoc(), op.getValue(), gathered));
  return success();
}

/// A derivative of a derivative is one derivative.
static LogicalResult mergeDiffs(DiffOp op, PatternRewriter &rewriter) {
  auto inner = op.getValue().getDefiningOp<DiffOp>();
  if (!inner)
    return failure();
  auto gathered = gatherIndices({op, inner});
  int64_t order = 0;
  for (auto &[input, indices] : gathered)
    order += indices.size();
  if (order > maxOrder)
    return failure();
  rewriter.replaceOp(op, createDiff(rewriter, op.getLoc(), inner.getValue(), gathered));
  return success();
}

void DiffOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(foldIndependent<DiffOp>);
  patterns.add(sortIndices);
  patterns.add(mergeDiffs);
}

/// By one component, gradient and divergence are one partial derivative.
template <typename OpTy> static LogicalResult diffByOneComponent(OpTy op, PatternRewriter &rewriter) {
  if (numComponents(op.getInputs()) != 1)
    return failure();
  rewriter.replaceOp(op,
                     createDiff(rewriter, op.getLoc(), op.getValue(), byInput(op.getInputs().front(), {0})));
  return success();
}

void GradOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(foldIndependent<GradOp>);
  patterns.add(diffByOneComponent<GradOp>);
}

void DivOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(foldIndependent<DivOp>);
  patterns.add(diffByOneComponent<DivOp>);
}

void JacobianOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(foldIndependent<JacobianOp>);
}

void HessianOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(foldIndependent<HessianOp>);
}

/// Over one component the Laplacian is one partial derivative.
static LogicalResult laplacianOfOneComponent(LaplacianOp op, PatternRewriter &rewriter) {
  if (op.getComponents() ? op.getComponents()->size() != 1 : numComponents(op.getInputs()) != 1)
    return failure();
  int64_t component = op.getComponents() ? op.getComponents()->front() : 0;
  auto input = op.getInputs().begin();
  for (; component >= numComponents(*input); ++input)
    component -= numComponents(*input);
  rewriter.replaceOp(
      op, createDiff(rewriter, op.getLoc(), op.getValue(), byInput(*input, {component, component})));
  return success();
}

/// All components need not be listed, and the order of others says nothing.
static LogicalResult sortComponents(LaplacianOp op, PatternRewriter &rewriter) {
  if (!op.getComponents())
    return failure();
  SmallVector<int64_t> components(*op.getComponents());
  if (static_cast<int64_t>(components.size()) == numComponents(op.getInputs())) {
    rewriter.modifyOpInPlace(op, [&] { op.removeComponentsAttr(); });
    return success();
  }
  if (llvm::is_sorted(components))
    return failure();
  llvm::sort(components);
  rewriter.modifyOpInPlace(op, [&] { op.setComponents(components); });
  return success();
}

void LaplacianOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(foldIndependent<LaplacianOp>);
  patterns.add(laplacianOfOneComponent);
  patterns.add(sortComponents);
}

/// Only terms of order zero survive where the value does not depend on the inputs.
static LogicalResult foldIndependentOperator(OperatorOp op, PatternRewriter &rewriter) {
  auto isDerivative = [](TermAttr term) { return !term.getIndices().empty(); };
  if (!llvm::all_of(op.getTerms().getAsRange<TermAttr>(), isDerivative))
    return failure();
  return foldIndependent(op, rewriter);
}

/// Like terms are one, and terms of weight zero none.
static LogicalResult combineTerms(OperatorOp op, PatternRewriter &rewriter) {
  llvm::MapVector<Attribute, double> weights;
  for (auto term : op.getTerms().getAsRange<TermAttr>())
    weights[rewriter.getDenseI64ArrayAttr(term.getIndices())] += term.getWeight();
  SmallVector<Attribute> terms;
  for (auto &[indices, weight] : weights)
    if (weight != 0)
      terms.push_back(
          TermAttr::get(op.getContext(), Real(weight), cast<DenseI64ArrayAttr>(indices).asArrayRef()));
  if (terms.size() == op.getTerms().size())
    return failure();
  if (terms.empty())
    replaceByZero(rewriter, op);
  else
    rewriter.modifyOpInPlace(op, [&] { op.setTermsAttr(rewriter.getArrayAttr(terms)); });
  return success();
}

void OperatorOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *) {
  patterns.add(foldIndependentOperator);
  patterns.add(combineTerms);
}
