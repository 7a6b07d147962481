//===- Transpose.cpp - Cotangents backwards through linear ops --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Transpose.h"
#include "ExprBuilder.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace costate;

static void addCotangent(OpBuilder &builder, Location loc, Value value, Value cotangent,
                         Cotangents &cotangents) {
  if (!cotangent)
    return;
  Value &sum = cotangents[value];
  sum = ExprBuilder(builder, loc, value.getType()).accumulate(sum, cotangent);
}

static bool definesActive(Operation &op, const ValueSet &active) {
  return llvm::any_of(op.getResults(), [&](Value result) { return active.contains(result); });
}

/// A conditional is transposed branch by branch: the new one has the same condition and yields the cotangents
/// of the active values that its branches take from outside. What the branches compute besides is computed
/// again.
static void transposeIf(scf::IfOp op, const ValueSet &active, OpBuilder &builder, Cotangents &cotangents) {
  SetVector<Value> captured, sources;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  for (Value value : captured)
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
    transpose(block, inner, inside, local);
    SmallVector<Value> values = llvm::map_to_vector(sources, [&](Value value) {
      Value cotangent = local.lookup(value);
      return cotangent ? cotangent : ExprBuilder(inside, op.getLoc(), value.getType()).zero();
    });
    yield->setOperands(values);
    eraseActive(block, inner);
  }
  for (auto [value, cotangent] : llvm::zip_equal(sources, reversed.getResults()))
    addCotangent(builder, op.getLoc(), value, cotangent, cotangents);
}

void costate::transpose(Block &block, const ValueSet &active, OpBuilder &builder, Cotangents &cotangents) {
  SmallVector<Operation *> ops;
  for (Operation &op : block.without_terminator())
    if (definesActive(op, active))
      ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops)) {
    if (auto conditional = dyn_cast<scf::IfOp>(op)) {
      if (llvm::any_of(op->getResults(), [&](Value result) { return cotangents.lookup(result) != nullptr; }))
        transposeIf(conditional, active, builder, cotangents);
      continue;
    }
    Value cotangent = cotangents.lookup(op->getResult(0));
    if (!cotangent)
      continue;
    auto rule = cast<DifferentiableOpInterface>(op);
    for (unsigned i = 0; i < op->getNumOperands(); ++i)
      if (active.contains(op->getOperand(i)))
        addCotangent(builder, op->getLoc(), op->getOperand(i), rule.transpose(builder, i, cotangent),
                     cotangents);
  }
}

void costate::eraseActive(Block &block, const ValueSet &active) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (definesActive(op, active))
      op.erase();
}
