//===- LinearizeLoops.cpp - Loops that carry tangents beside the primal -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Activity.h"
#include "ExprBuilder.h"
#include "Linearizer.h"

using namespace mlir;
using namespace costate;

SmallVector<unsigned> Linearizer::activeAmong(Operation *loop, ValueRange arguments) const {
  ValueSet active;
  for (Value operand : loop->getOperands())
    if (tangents.contains(operand))
      active.insert(operand);
  for (Value value : capturedBy(loop))
    if (tangents.contains(value))
      active.insert(value);
  addDependents(*loop, active, Dependence::Differentiable);
  SmallVector<unsigned> positions;
  for (auto [i, argument] : llvm::enumerate(arguments))
    if (active.contains(argument))
      positions.push_back(i);
  return positions;
}

void Linearizer::addTangentArguments(Block &block, ValueRange primals, ArrayRef<unsigned> positions) {
  SmallVector<Value> before(primals); // the list of arguments moves when it grows
  for (unsigned i : positions)
    tangents[before[i]] = block.addArgument(before[i].getType(), before[i].getLoc());
}

SmallVector<Value> Linearizer::withTangents(OpBuilder &builder, ValueRange values,
                                            ArrayRef<unsigned> positions) const {
  SmallVector<Value> all(values);
  for (unsigned i : positions) {
    Value tangent = tangentOf(values[i]);
    all.push_back(tangent ? tangent : zeroLike(builder, values[i].getLoc(), values[i]));
  }
  return all;
}

void Linearizer::replaceLoop(Operation *loop, Operation *joint, ArrayRef<unsigned> positions) {
  joint->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  unsigned count = loop->getNumResults();
  loop->replaceAllUsesWith(joint->getResults().take_front(count));
  for (auto [i, position] : llvm::enumerate(positions))
    setTangent(joint->getResult(position), joint->getResult(count + i));
  loop->erase();
}

/// Whether nobody asks for those of a loop's results that have a tangent: it may carry what depends on the
/// input for its condition alone.
static bool isUnused(Operation *loop, ArrayRef<unsigned> positions) {
  return llvm::all_of(positions, [&](unsigned i) { return loop->getResult(i).use_empty(); });
}

void Linearizer::visitFor(scf::ForOp op) {
  SmallVector<unsigned> positions = activeAmong(op, op.getRegionIterArgs());
  if (isUnused(op, positions))
    return;
  OpBuilder builder(op);
  auto joint = scf::ForOp::create(builder, op.getLoc(), op.getLowerBound(), op.getUpperBound(), op.getStep(),
                                  withTangents(builder, op.getInitArgs(), positions), /*bodyBuilder=*/nullptr,
                                  op.getUnsignedCmp());
  joint.getRegion().takeBody(op.getRegion());
  Block &body = *joint.getBody();
  addTangentArguments(body, joint.getRegionIterArgs(), positions);
  visitRange(&body.front(), nullptr);
  Operation *yield = body.getTerminator();
  builder.setInsertionPoint(yield);
  yield->setOperands(withTangents(builder, yield->getOperands(), positions));
  replaceLoop(op, joint, positions);
}

void Linearizer::visitWhile(scf::WhileOp op) {
  SmallVector<unsigned> carried = activeAmong(op, op.getBeforeArguments());
  SmallVector<unsigned> forwarded = activeAmong(op, op.getAfterArguments());
  if (isUnused(op, forwarded))
    return;
  OpBuilder builder(op);
  SmallVector<Type> types(op.getResultTypes());
  for (unsigned i : forwarded)
    types.push_back(op.getResultTypes()[i]);
  auto joint =
      scf::WhileOp::create(builder, op.getLoc(), types, withTangents(builder, op.getInits(), carried));
  joint.getBefore().takeBody(op.getBefore());
  joint.getAfter().takeBody(op.getAfter());

  Block &before = *joint.getBeforeBody();
  addTangentArguments(before, before.getArguments(), carried);
  visitRange(&before.front(), nullptr);
  scf::ConditionOp condition = joint.getConditionOp();
  builder.setInsertionPoint(condition);
  SmallVector<Value> arguments = withTangents(builder, condition.getArgs(), forwarded);
  condition.getArgsMutable().assign(arguments);

  Block &after = *joint.getAfterBody();
  addTangentArguments(after, after.getArguments(), forwarded);
  visitRange(&after.front(), nullptr);
  scf::YieldOp yield = joint.getYieldOp();
  builder.setInsertionPoint(yield);
  yield->setOperands(withTangents(builder, yield->getOperands(), carried));
  replaceLoop(op, joint, forwarded);
}
