//===- NormalizeBody.cpp - Bodies of generic ops without branches -----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "NormalizeBody.h"

#include "ExprBuilder.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace costate;

static void eraseDead(Block &block, IRRewriter &rewriter) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      rewriter.eraseOp(&op);
}

//===----------------------------------------------------------------------===//
// Conditionals
//===----------------------------------------------------------------------===//

/// Elementwise and without a trap, such as a division of integers has.
static bool mayRunAnyway(Operation &op) {
  return isPure(&op) && (OpTrait::hasElementwiseMappableTraits(&op) || op.hasTrait<OpTrait::ConstantLike>() ||
                         isa<linalg::IndexOp>(op));
}

static void flatten(scf::IfOp op, IRRewriter &rewriter) {
  for (Region &region : op->getRegions())
    if (region.empty() || !llvm::all_of(region.front().without_terminator(), mayRunAnyway))
      return;
  rewriter.setInsertionPoint(op);
  Location loc = op.getLoc();
  SmallVector<ValueRange> yielded;
  for (Region &region : op->getRegions()) {
    bool isThen = &region == &op.getThenRegion();
    DenseMap<Value, Value> masked;
    for (Operation &inner : region.front().without_terminator())
      for (OpOperand &operand : inner.getOpOperands()) {
        Value value = operand.get();
        if (value.getParentRegion() == &region || !isa<FloatType>(value.getType()) || constantValue(value))
          continue;
        Value &mask = masked[value];
        if (!mask) {
          ExprBuilder e(rewriter, loc, value.getType());
          Value one = e.one();
          mask = e.select(op.getCondition(), isThen ? value : one, isThen ? one : value);
        }
        operand.set(mask);
      }
    Operation *yield = region.front().getTerminator();
    yielded.push_back(yield->getOperands());
    for (Operation &inner : llvm::make_early_inc_range(region.front().without_terminator()))
      rewriter.moveOpBefore(&inner, op);
  }
  SmallVector<Value> results;
  for (auto [a, b] : llvm::zip_equal(yielded[0], yielded[1]))
    results.push_back(arith::SelectOp::create(rewriter, loc, op.getCondition(), a, b));
  rewriter.replaceOp(op, results);
}

void costate::flattenConditionals(linalg::GenericOp op, IRRewriter &rewriter) {
  SmallVector<scf::IfOp> conditionals;
  op.getBody()->walk([&](scf::IfOp conditional) { conditionals.push_back(conditional); }); // inner ones first
  for (scf::IfOp conditional : conditionals)
    flatten(conditional, rewriter);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// The outputs that `value` of the body is computed from.
static llvm::SmallBitVector outputsOf(linalg::GenericOp op, Value value) {
  llvm::SmallBitVector found(op.getNumDpsInits());
  SmallVector<Value> worklist = {value};
  DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    auto argument = dyn_cast<BlockArgument>(next);
    if (argument && argument.getOwner() == op.getBody()) {
      if (argument.getArgNumber() >= op.getNumDpsInputs())
        found.set(argument.getArgNumber() - op.getNumDpsInputs());
    } else if (Operation *def = next.getDefiningOp(); def && def->getBlock() == op.getBody()) {
      llvm::append_range(worklist, def->getOperands());
      SetVector<Value> captured;
      getUsedValuesDefinedAbove(def->getRegions(), captured);
      llvm::append_range(worklist, captured);
    }
  }
  return found;
}

namespace {
/// A value of the body as the output plus `rest`, where null means nothing.
struct Sum {
  Value rest;
};
} // namespace

static std::optional<Sum> asSum(linalg::GenericOp op, Value value, unsigned output, IRRewriter &rewriter) {
  if (value == op.getRegionOutputArgs()[output])
    return Sum{};
  Operation *def = value.getDefiningOp();
  if (!isa_and_present<arith::AddFOp, arith::SubFOp, math::FmaOp>(def) || def->getBlock() != op.getBody())
    return std::nullopt;
  auto depends = [&](Value operand) { return outputsOf(op, operand).any(); };
  bool isFma = isa<math::FmaOp>(def);
  Value sum = def->getOperand(isFma ? 2 : 0), other = def->getOperand(1);
  if (isa<arith::AddFOp>(def) && !depends(sum))
    std::swap(sum, other);
  if (depends(other) || (isFma && depends(def->getOperand(0))))
    return std::nullopt;
  std::optional<Sum> inner = asSum(op, sum, output, rewriter);
  if (!inner)
    return std::nullopt;
  rewriter.setInsertionPoint(def);
  ExprBuilder e(rewriter, def->getLoc(), value.getType());
  if (isFma)
    other = arith::MulFOp::create(rewriter, def->getLoc(), def->getOperand(0), other);
  if (isa<arith::SubFOp>(def))
    return Sum{inner->rest ? e.sub(inner->rest, other) : e.neg(other)};
  return Sum{inner->rest ? e.add(inner->rest, other) : other};
}

void costate::gatherSummands(linalg::GenericOp op, IRRewriter &rewriter) {
  Operation *yield = op.getBody()->getTerminator();
  for (unsigned i = 0; i < op->getNumResults(); ++i) {
    Value value = yield->getOperand(i), output = op.getRegionOutputArgs()[i];
    auto add = value.getDefiningOp<arith::AddFOp>();
    if (add && llvm::is_contained(add->getOperands(), output))
      continue;
    std::optional<Sum> sum = asSum(op, value, i, rewriter);
    if (!sum || !sum->rest)
      continue;
    rewriter.setInsertionPoint(yield);
    yield->setOperand(i, arith::AddFOp::create(rewriter, value.getLoc(), output, sum->rest));
  }
  eraseDead(*op.getBody(), rewriter);
}

//===----------------------------------------------------------------------===//
// Several results
//===----------------------------------------------------------------------===//

/// An op for result `i` alone, if it is known how long each loop is.
static linalg::GenericOp createAlone(linalg::GenericOp op, unsigned i, IRRewriter &rewriter) {
  SmallVector<Value> inputs(op.getInputs());
  SmallVector<AffineMap> maps;
  for (OpOperand *input : op.getDpsInputOperands())
    maps.push_back(op.getMatchingIndexingMap(input));
  AffineMap output = op.getMatchingIndexingMap(op.getDpsInitOperand(i));
  rewriter.setInsertionPoint(op);
  bool isKnown(inversePermutation(concatAffineMaps(
      llvm::to_vector(llvm::concat<const AffineMap>(maps, ArrayRef<AffineMap>(output))), op.getContext())));
  if (!isKnown) {
    // Another output says it. In its place there is a tensor of the loops' extents that nothing reads.
    SmallVector<int64_t> extents = op.getStaticLoopRanges();
    if (ShapedType::isDynamicShape(extents))
      return {};
    inputs.push_back(tensor::EmptyOp::create(rewriter, op.getLoc(), extents,
                                             getElementTypeOrSelf(op.getResultTypes()[i])));
    maps.push_back(rewriter.getMultiDimIdentityMap(extents.size()));
  }
  maps.push_back(output);
  // A loop that went over elements of this output while it reduced others reduces nothing any more.
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  if (output.isProjectedPermutation())
    for (auto [dim, iterator] : llvm::enumerate(iterators))
      if (output.isFunctionOfDim(dim))
        iterator = utils::IteratorType::parallel;
  auto alone = linalg::GenericOp::create(rewriter, op.getLoc(), TypeRange{op.getResultTypes()[i]}, inputs,
                                         ValueRange{op.getOutputs()[i]}, maps, iterators);
  IRMapping mapping;
  op.getRegion().cloneInto(&alone.getRegion(), mapping);
  Block &body = alone.getRegion().front();
  body.getTerminator()->setOperands({body.getTerminator()->getOperand(i)});
  eraseDead(body, rewriter);
  BitVector erased(body.getNumArguments());
  erased.set(op.getNumDpsInputs(), body.getNumArguments());
  erased.reset(op.getNumDpsInputs() + i);
  body.eraseArguments(erased);
  if (!isKnown)
    body.insertArgument(op.getNumDpsInputs(), getElementTypeOrSelf(inputs.back().getType()), op.getLoc());
  return alone;
}

SmallVector<linalg::GenericOp> costate::splitResults(linalg::GenericOp op, IRRewriter &rewriter) {
  if (op->getNumResults() < 2 ||
      !llvm::all_of(*op.getBody(), [](Operation &inner) { return isMemoryEffectFree(&inner); }))
    return {op};
  SmallVector<linalg::GenericOp> ops;
  Operation *yield = op.getBody()->getTerminator();
  for (unsigned i = 0; i < op->getNumResults(); ++i) {
    llvm::SmallBitVector needed = outputsOf(op, yield->getOperand(i));
    needed.reset(i);
    linalg::GenericOp alone = needed.none() ? createAlone(op, i, rewriter) : linalg::GenericOp();
    if (!alone)
      continue;
    ops.push_back(alone);
    rewriter.replaceAllUsesWith(op->getResult(i), alone->getResult(0));
  }
  if (op.use_empty())
    rewriter.eraseOp(op);
  else
    ops.push_back(op);
  return ops;
}
