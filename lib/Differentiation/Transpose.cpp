//===- Transpose.cpp - Cotangents backwards through linear ops --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Transpose.h"
#include "ExprBuilder.h"
#include "ImplicitFunction.h"
#include "SliceCotangents.h"
#include "costate/Differentiation/CustomDerivative.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace costate;

namespace {
/// A cotangent that is zero except where a condition holds (side 1) or does not (side 2).
struct Mask {
  Value condition;
  unsigned side;
  Value cotangent; // where it is not zero
};
} // namespace

static std::optional<Mask> maskOf(Value cotangent) {
  auto select = cotangent.getDefiningOp<arith::SelectOp>();
  if (!select)
    return std::nullopt;
  for (unsigned side : {1, 2})
    if (isZeroValue(select->getOperand(3 - side)))
      return Mask{select.getCondition(), side, select->getOperand(side)};
  return std::nullopt;
}

static Value mask(ExprBuilder e, const Mask &mask, Value value) {
  return mask.side == 1 ? e.select(mask.condition, value, e.zero())
                        : e.select(mask.condition, e.zero(), value);
}

/// Whether the mask of the cotangent of an op's result, put on that of an operand of this type, is the same
/// and no larger.
static bool canMask(const Mask &mask, Operation *op, Type type) {
  auto isStatic = [](Type type) {
    auto shaped = dyn_cast<ShapedType>(type);
    return !shaped || shaped.hasStaticShape();
  };
  auto sizeOf = [](Type type) {
    auto shaped = dyn_cast<ShapedType>(type);
    return shaped ? shaped.getNumElements() : 1;
  };
  if (!isStatic(type) || !isStatic(mask.cotangent.getType()))
    return false;
  if (isa<ShapedType>(mask.condition.getType()))
    return op->hasTrait<OpTrait::Elementwise>();
  return sizeOf(type) <= sizeOf(mask.cotangent.getType());
}

void costate::addCotangent(OpBuilder &builder, Location loc, Value value, Value cotangent,
                           Cotangents &cotangents) {
  if (!cotangent)
    return;
  Value &sum = cotangents[value];
  ExprBuilder e(builder, loc, value.getType());
  std::optional<Mask> a = sum ? maskOf(sum) : std::nullopt, b = maskOf(cotangent);
  if (a && b && a->condition == b->condition && a->side == b->side)
    sum = mask(e, *a, e.accumulate(a->cotangent, b->cotangent));
  else
    sum = e.accumulate(sum, cotangent);
}

/// The cotangent of an operand, by its rule. A mask is put around the product instead of into it, where that
/// makes it no larger: what is zero because a selection takes the other side stays zero, also times infinity.
static Value transposeByRule(OpBuilder &builder, DifferentiableOpInterface rule, unsigned operand,
                             Value cotangent) {
  std::optional<Mask> masked = maskOf(cotangent);
  Type type = rule->getOperand(operand).getType();
  if (!masked || !canMask(*masked, rule, type))
    return rule.transpose(builder, operand, cotangent);
  Value product = transposeByRule(builder, rule, operand, masked->cotangent);
  return product ? mask(ExprBuilder(builder, rule.getLoc(), type), *masked, product) : Value();
}

/// A conditional is transposed branch by branch: the new one has the same condition and yields the cotangents
/// of the active values that its branches take from outside. What the branches compute besides is computed
/// again.
static LogicalResult transposeIf(scf::IfOp op, const ValueSet &active, OpBuilder &builder,
                                 Cotangents &cotangents) {
  SetVector<Value> sources;
  for (Value value : capturedBy(op))
    if (active.contains(value))
      sources.insert(value);
  for (Region &region : op->getRegions())
    for (Value yielded : region.front().getTerminator()->getOperands())
      if (active.contains(yielded) && !region.isAncestor(yielded.getParentRegion()))
        sources.insert(yielded);
  SmallVector<Type> types = llvm::map_to_vector(sources, [](Value value) { return value.getType(); });
  auto reversed = scf::IfOp::create(builder, op.getLoc(), types, op.getCondition(), /*addThenBlock=*/false,
                                    /*addElseBlock=*/false);
  for (auto [source, target] : llvm::zip_equal(op->getRegions(), reversed->getRegions())) {
    IRMapping mapping;
    source.cloneInto(&target, mapping);
    Block &block = target.front();
    ValueSet inner = active;
    addDependents(block, inner);
    Operation *yield = block.getTerminator();
    OpBuilder inside(yield);
    Cotangents local;
    for (auto [yielded, result] : llvm::zip_equal(yield->getOperands(), op.getResults()))
      if (inner.contains(yielded))
        addCotangent(inside, op.getLoc(), yielded, cotangents.lookup(result), local);
    if (failed(transpose(block, inner, inside, local)))
      return failure();
    SmallVector<Value> values = llvm::map_to_vector(sources, [&](Value value) {
      Value cotangent = local.lookup(value);
      return cotangent ? cotangent : zeroLike(inside, op.getLoc(), value);
    });
    yield->setOperands(values);
    if (failed(eraseActive(block, inner)))
      return failure();
  }
  for (auto [value, cotangent] : llvm::zip_equal(sources, reversed.getResults()))
    addCotangent(builder, op.getLoc(), value, cotangent, cotangents);
  return success();
}

LogicalResult costate::transpose(Block &block, const ValueSet &active, OpBuilder &builder,
                                 Cotangents &cotangents) {
  SmallVector<Operation *> ops;
  for (Operation &op : block.without_terminator())
    if (definesActive(op, active))
      ops.push_back(&op);
  SliceCotangents slices(builder, cotangents);
  for (Operation *op : llvm::reverse(ops)) {
    for (Value result : op->getResults())
      slices.settle(result);
    if (llvm::none_of(op->getResults(), [&](Value result) { return cotangents.lookup(result) != nullptr; }))
      continue;
    if (auto conditional = dyn_cast<scf::IfOp>(op)) {
      if (failed(transposeIf(conditional, active, builder, cotangents)))
        return failure();
      continue;
    }
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      if (failed(transposeFor(loop, active, builder, cotangents)))
        return failure();
      continue;
    }
    Value cotangent = cotangents.lookup(op->getResult(0));
    if (auto implicit = dyn_cast<ImplicitFunctionInterface>(op)) {
      FailureOr<Value> transposed = transposeLinearSolve(builder, implicit, cotangent);
      if (failed(transposed))
        return failure();
      addCotangent(builder, op->getLoc(), op->getOperand(0), *transposed, cotangents);
      continue;
    }
    if (auto custom = dyn_cast<CustomDerivativeInterface>(op)) {
      auto ofResults =
          llvm::map_to_vector(op->getResults(), [&](Value result) { return cotangents.lookup(result); });
      FailureOr<SmallVector<Value>> ofTangents = custom.transpose(builder, ofResults);
      if (failed(ofTangents))
        return failure();
      for (auto [tangent, value] :
           llvm::zip_equal(op->getOperands().drop_front(*custom.getFirstTangent()), *ofTangents))
        if (active.contains(tangent))
          addCotangent(builder, op->getLoc(), tangent, value, cotangents);
      continue;
    }
    if (slices.add(op, cotangent))
      continue;
    auto rule = cast<DifferentiableOpInterface>(op);
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      if (active.contains(op->getOperand(i)))
        addCotangent(builder, op->getLoc(), op->getOperand(i), transposeByRule(builder, rule, i, cotangent),
                     cotangents);
  }
  slices.settleAll();
  return success();
}

/// A loop that carries the inactive values only, whose results take over those of `loop`.
static LogicalResult keepInactive(scf::ForOp loop, const ValueSet &active) {
  auto isUsed = [&](Value result) { return !active.contains(result) && !result.use_empty(); };
  if (llvm::none_of(loop.getResults(), isUsed))
    return success();
  OpBuilder builder(loop);
  SmallVector<unsigned> kept;
  SmallVector<Value> inits, yielded;
  for (auto [i, argument] : llvm::enumerate(loop.getRegionIterArgs()))
    if (!active.contains(argument)) {
      kept.push_back(i);
      inits.push_back(loop.getInitArgs()[i]);
    }
  auto primal = scf::ForOp::create(builder, loop.getLoc(), loop.getLowerBound(), loop.getUpperBound(),
                                   loop.getStep(), inits, /*bodyBuilder=*/nullptr, loop.getUnsignedCmp());
  primal->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  primal.getRegion().takeBody(loop.getRegion());
  Block &block = *primal.getBody();
  Operation *yield = block.getTerminator();
  for (unsigned i : kept)
    yielded.push_back(yield->getOperand(i));
  yield->setOperands(yielded);
  LogicalResult result = eraseActive(block, active);
  block.eraseArguments([&](BlockArgument argument) { return active.contains(argument); });
  for (auto [position, i] : llvm::enumerate(kept))
    loop.getResult(i).replaceAllUsesWith(primal.getResult(position));
  return result;
}

LogicalResult costate::eraseActive(Block &block, const ValueSet &active) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (!definesActive(op, active)) {
      // What has no tangent may hold some that nothing needs.
      for (Region &region : op.getRegions())
        for (Block &nested : region) {
          ValueSet inner = active;
          addDependents(nested, inner);
          if (failed(eraseActive(nested, inner)))
            return failure();
        }
      continue;
    }
    if (auto loop = dyn_cast<scf::ForOp>(op))
      if (failed(keepInactive(loop, active)))
        return failure();
    // A cotangent of dynamic shape may ask for the sizes of what goes.
    if (!op.use_empty())
      return op.emitOpError() << "has a result of dynamic shape, whose sizes the backward pass cannot know";
    op.erase();
  }
  return success();
}
