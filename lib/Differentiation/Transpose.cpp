//===- Transpose.cpp - Cotangents backwards through linear ops --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Transpose.h"
#include "ExprBuilder.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace costate;

void costate::addCotangent(OpBuilder &builder, Location loc, Value value, Value cotangent,
                           Cotangents &cotangents) {
  if (!cotangent)
    return;
  Value &sum = cotangents[value];
  sum = ExprBuilder(builder, loc, value.getType()).accumulate(sum, cotangent);
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

/// Both are static, and some dimension keeps them apart.
static bool areDisjoint(tensor::InsertSliceOp a, tensor::ExtractSliceOp b) {
  auto bounds = [](OffsetSizeAndStrideOpInterface op,
                   int64_t dim) -> std::optional<std::pair<int64_t, int64_t>> {
    if (op.isDynamicOffset(dim) || op.isDynamicSize(dim) || op.isDynamicStride(dim))
      return std::nullopt;
    int64_t begin = op.getStaticOffset(dim);
    return std::pair(begin, begin + (op.getStaticSize(dim) - 1) * op.getStaticStride(dim) + 1);
  };
  for (int64_t dim = 0; dim < a.getDestType().getRank(); ++dim) {
    auto first = bounds(a, dim), second = bounds(b, dim);
    if (first && second && (first->second <= second->first || second->second <= first->first))
      return true;
  }
  return false;
}

/// What `whole` holds where `slice` reads; null for zeros.
static Value readPart(OpBuilder &builder, Location loc, Value whole, tensor::ExtractSliceOp slice) {
  Value value = whole;
  while (auto insert = value.getDefiningOp<tensor::InsertSliceOp>()) {
    if (!areDisjoint(insert, slice))
      break;
    value = insert.getDest();
  }
  if (isZeroValue(value))
    return Value();
  return tensor::ExtractSliceOp::create(builder, loc, slice.getType(), value, slice.getMixedOffsets(),
                                        slice.getMixedSizes(), slice.getMixedStrides());
}

/// Adds the cotangent of a part of `tensor` where that of the whole is there already: only the part is
/// touched, so that a loop which reads a slice in each iteration costs no more than the slices.
template <typename Extract, typename Insert>
static void addPart(OpBuilder &builder, Location loc, Value tensor, Value cotangent, Cotangents &cotangents,
                    Extract extract, Insert insert) {
  Value &whole = cotangents[tensor];
  Value sum = ExprBuilder(builder, loc, cotangent.getType()).accumulate(extract(whole), cotangent);
  whole = insert(sum, whole);
}

static bool addToPart(OpBuilder &builder, Operation *op, Value cotangent, Cotangents &cotangents) {
  Location loc = op->getLoc();
  if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op); slice && cotangents.lookup(slice.getSource())) {
    addPart(
        builder, loc, slice.getSource(), cotangent, cotangents,
        [&](Value whole) -> Value { return readPart(builder, loc, whole, slice); },
        [&](Value part, Value whole) -> Value {
          return tensor::InsertSliceOp::create(builder, loc, part, whole, slice.getMixedOffsets(),
                                               slice.getMixedSizes(), slice.getMixedStrides());
        });
    return true;
  }
  if (auto element = dyn_cast<tensor::ExtractOp>(op); element && cotangents.lookup(element.getTensor())) {
    addPart(
        builder, loc, element.getTensor(), cotangent, cotangents,
        [&](Value whole) -> Value {
          return tensor::ExtractOp::create(builder, loc, whole, element.getIndices());
        },
        [&](Value part, Value whole) -> Value {
          return tensor::InsertOp::create(builder, loc, part, whole, element.getIndices());
        });
    return true;
  }
  return false;
}

LogicalResult costate::transpose(Block &block, const ValueSet &active, OpBuilder &builder,
                                 Cotangents &cotangents) {
  SmallVector<Operation *> ops;
  for (Operation &op : block.without_terminator())
    if (definesActive(op, active))
      ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops)) {
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
    if (addToPart(builder, op, cotangent, cotangents))
      continue;
    auto rule = cast<DifferentiableOpInterface>(op);
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      if (active.contains(op->getOperand(i)))
        addCotangent(builder, op->getLoc(), op->getOperand(i), rule.transpose(builder, i, cotangent),
                     cotangents);
  }
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
  bool failed = false;
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (!definesActive(op, active))
      continue;
    if (auto loop = dyn_cast<scf::ForOp>(op))
      failed |= mlir::failed(keepInactive(loop, active));
    // A cotangent of dynamic shape may ask for the sizes of what goes.
    for (Operation *user : llvm::make_early_inc_range(op.getUsers())) {
      if (!failed)
        op.emitOpError() << "has a result of dynamic shape, whose sizes the backward pass cannot know";
      failed = true;
      OpBuilder builder(user);
      user->getResult(0).replaceAllUsesWith(
          arith::ConstantIndexOp::create(builder, op.getLoc(), 0).getResult());
      user->erase();
    }
    op.erase();
  }
  return failure(failed);
}
