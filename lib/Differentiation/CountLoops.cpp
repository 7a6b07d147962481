//===- CountLoops.cpp - Loops of unknown length, counted first --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CountLoops.h"

#include "Activity.h"
#include "LoopCounter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace costate;

/// A copy of `loop` that counts how often its second block is entered.
static Value createCount(OpBuilder &builder, scf::WhileOp loop) {
  Location loc = loop.getLoc();
  SmallVector<Value> inits(loop.getInits());
  inits.push_back(constantIndex(builder, loc, 0));
  SmallVector<Type> types(loop.getResultTypes());
  types.push_back(builder.getIndexType());
  auto counting = scf::WhileOp::create(builder, loc, types, inits);
  IRMapping mapping;
  loop.getBefore().cloneInto(&counting.getBefore(), mapping);
  loop.getAfter().cloneInto(&counting.getAfter(), mapping);
  Value before = counting.getBeforeBody()->addArgument(builder.getIndexType(), loc);
  Value after = counting.getAfterBody()->addArgument(builder.getIndexType(), loc);
  counting.getConditionOp().getArgsMutable().append(before);
  OpBuilder inside(counting.getYieldOp());
  Value next = arith::AddIOp::create(inside, loc, after, constantIndex(inside, loc, 1));
  counting.getYieldOp()->insertOperands(inits.size() - 1, next);
  return counting.getResults().back();
}

/// Clones the ops of `block`, which takes `arguments`, and returns what the operands `forwarded` have become.
static SmallVector<Value> inlineBlock(OpBuilder &builder, Block &block, ValueRange arguments,
                                      ValueRange forwarded) {
  IRMapping mapping;
  mapping.map(block.getArguments(), arguments);
  for (Operation &op : block.without_terminator())
    builder.clone(op, mapping);
  return llvm::map_to_vector(forwarded, [&](Value value) { return mapping.lookupOrDefault(value); });
}

static scf::ForOp replaceByCounted(scf::WhileOp loop) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  Value count = createCount(builder, loop);
  auto test = [&](OpBuilder &b, ValueRange state) {
    return inlineBlock(b, *loop.getBeforeBody(), state, loop.getConditionOp().getArgs());
  };
  auto counted =
      scf::ForOp::create(builder, loc, constantIndex(builder, loc, 0), count, constantIndex(builder, loc, 1),
                         loop.getInits(), [&](OpBuilder &b, Location, Value, ValueRange state) {
                           SmallVector<Value> next = inlineBlock(b, *loop.getAfterBody(), test(b, state),
                                                                 loop.getYieldOp().getOperands());
                           scf::YieldOp::create(b, loc, next);
                         });
  counted->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  loop.replaceAllUsesWith(test(builder, counted.getResults()));
  loop.erase();
  return counted;
}

LogicalResult costate::countWhileLoops(Block &block, ValueRange sources) {
  // The outermost first: its copy that counts keeps the inner loops as they are.
  for (;;) {
    ValueSet active(sources.begin(), sources.end());
    addDependents(block, active, Dependence::Differentiable);
    scf::WhileOp loop;
    block.walk<WalkOrder::PreOrder>([&](scf::WhileOp candidate) {
      for (Value result : candidate.getResults())
        if (active.contains(result) && !result.use_empty()) {
          loop = candidate;
          return WalkResult::interrupt();
        }
      return WalkResult::skip(); // it is there for its count alone, if at all
    });
    if (!loop)
      return success();
    if (!isMemoryEffectFree(loop))
      return loop.emitOpError() << "has side effects, but the backward pass runs it twice: to count its "
                                   "iterations, and to record them";
    replaceByCounted(loop);
  }
}
