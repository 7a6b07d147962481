//===- JetLoops.cpp - Channels through loops --------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A channel L of what a loop computes needs, of each value that the loop carries, L itself and the
// derivatives below its terms. A second loop carries all of these beside the primal.
//
//===------------------------------------------------------------------------------------------------------===//
#include "JetEngine.h"
#include "costate/Differentiation/CustomDerivative.h"

#include "mlir/IR/IRMapping.h"
#include <set>

using namespace mlir;
using namespace costate;

/// L, and ∂^β for each 0 < β < α with α in L; where an equation is in the loop, β = α as well, since only its
/// first derivatives pass as a sum.
SmallVector<Channel> JetEngine::closure(Operation *loop, const Channel &channel) {
  std::set<Channel> channels = {channel};
  bool hasEquation = loop->walk([](Operation *op) {
                           return isa<ImplicitFunctionInterface, CustomDerivativeInterface>(op)
                                      ? WalkResult::interrupt()
                                      : WalkResult::advance();
                         })
                         .wasInterrupted();
  for (auto &[alpha, weight] : channel)
    for (MultiIndex &beta : below(alpha))
      if ((beta != alpha || hasEquation) && order(beta) > 0)
        channels.insert(single(beta));
  return SmallVector<Channel>(channels.begin(), channels.end());
}

void JetEngine::settleDependence(Operation *loop, ArrayRef<std::pair<Value, BlockArgument>> edges) {
  for (auto &[source, argument] : edges)
    dependences[argument] = llvm::SmallBitVector(variables.size());
  for (bool changed = true; changed;) {
    changed = false;
    // What was found of the body holds for smaller arguments only.
    loop->walk([&](Operation *op) {
      for (Value result : op->getResults())
        if (op != loop)
          dependences.erase(result);
    });
    for (auto &[source, argument] : edges) {
      if (!hasTangent(argument.getType()))
        continue;
      llvm::SmallBitVector depends = dependence(source);
      depends |= dependences[argument];
      changed |= depends != dependences[argument];
      dependences[argument] = depends;
    }
  }
}

SmallVector<JetEngine::Carried> JetEngine::channelsOf(ValueRange values, ArrayRef<Channel> channels) {
  SmallVector<Carried> carried;
  for (auto [i, value] : llvm::enumerate(values)) {
    std::set<Channel> known;
    for (Channel channel : channels)
      if (hasTangent(value.getType()) && normalize(value, channel) != 0.0 && known.insert(channel).second)
        carried.push_back({static_cast<unsigned>(i), channel});
  }
  return carried;
}

void JetEngine::addChannelArguments(Block &block, ValueRange originals, unsigned offset,
                                    ArrayRef<Carried> carried) {
  for (auto [original, argument] : llvm::zip_equal(originals, block.getArguments().drop_front(offset))) {
    llvm::SmallBitVector depends = dependence(original); // a copy: the table grows
    dependences[argument] = depends;
  }
  for (const Carried &item : carried) {
    Value primal = block.getArgument(offset + item.position);
    Value argument = block.addArgument(primal.getType(), primal.getLoc());
    memo[{primal, item.channel}] = argument;
    if (item.channel.size() == 1) {
      derivativeArguments[argument] = {primal, item.channel.front().first};
      llvm::SmallBitVector depends = dependence(primal);
      dependences[argument] = depends;
    }
  }
}

bool JetEngine::needAll(ValueRange values, ArrayRef<Carried> carried) {
  bool ready = true;
  for (const Carried &item : carried)
    ready &= need(values[item.position], item.channel);
  return ready;
}

SmallVector<Value> JetEngine::withChannels(ValueRange values, ArrayRef<Carried> carried) {
  SmallVector<Value> all(values);
  for (const Carried &item : carried) {
    Value derivative = get(values[item.position], item.channel);
    all.push_back(derivative ? derivative
                             : zeroLike(builder, values[item.position].getLoc(), values[item.position]));
  }
  return all;
}

/// Enters the channels of all results; the loop may be asked for another one later.
Value JetEngine::finishLoop(const ChannelLoop &loop, Operation *original, ArrayRef<Carried> carried,
                            unsigned result, const Channel &channel) {
  Value derivative;
  for (auto [i, item] : llvm::enumerate(carried)) {
    Value value = loop.loop->getResult(original->getNumResults() + i);
    if (item.position == result && item.channel == channel)
      derivative = value;
    else
      memo.insert({{original->getResult(item.position), item.channel}, value});
  }
  return derivative;
}

Value JetEngine::computeFor(scf::ForOp op, unsigned result, const Channel &channel) {
  ChannelLoop &known = loops[{op, channel}];
  if (!known.loop) {
    SmallVector<std::pair<Value, BlockArgument>> edges;
    for (auto [init, yielded, argument] :
         llvm::zip_equal(op.getInitArgs(), op.getYieldedValues(), op.getRegionIterArgs())) {
      edges.push_back({init, argument});
      edges.push_back({yielded, argument});
    }
    settleDependence(op, edges);
    known.carried = channelsOf(op.getRegionIterArgs(), closure(op, channel));
    beginEmission(op.getResult(result));
    SmallVector<Value> inits(op.getInitArgs()); // those of the channels follow when they are known
    for (const Carried &item : known.carried)
      inits.push_back(zeroLike(builder, op.getLoc(), op.getInitArgs()[item.position]));
    auto joint =
        scf::ForOp::create(builder, op.getLoc(), op.getLowerBound(), op.getUpperBound(), op.getStep(), inits,
                           /*bodyBuilder=*/nullptr, op.getUnsignedCmp());
    joint->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    joint.getBody()->erase();
    IRMapping mapping;
    op.getRegion().cloneInto(&joint.getRegion(), mapping);
    addChannelArguments(*joint.getBody(), op.getRegionIterArgs(), 1, known.carried);
    known.loop = joint;
    endEmission();
  }
  auto joint = cast<scf::ForOp>(known.loop);
  Operation *yield = joint.getBody()->getTerminator();
  unsigned count = op.getNumResults();
  bool ready = needAll(op.getInitArgs(), known.carried);
  ready &= needAll(yield->getOperands().take_front(count), known.carried);
  if (!ready)
    return {};
  builder.setInsertionPoint(joint);
  joint.getInitArgsMutable().assign(withChannels(op.getInitArgs(), known.carried));
  builder.setInsertionPoint(yield);
  yield->setOperands(withChannels(yield->getOperands().take_front(count), known.carried));
  return finishLoop(known, op, known.carried, result, channel);
}

Value JetEngine::computeWhile(scf::WhileOp op, unsigned result, const Channel &channel) {
  ChannelLoop &known = loops[{op, channel}];
  unsigned count = op.getNumResults(), inits = op.getInits().size();
  if (!known.loop) {
    SmallVector<std::pair<Value, BlockArgument>> edges;
    for (auto [init, yielded, argument] :
         llvm::zip_equal(op.getInits(), op.getYieldOp().getOperands(), op.getBeforeArguments())) {
      edges.push_back({init, argument});
      edges.push_back({yielded, argument});
    }
    for (auto [forwarded, argument] : llvm::zip_equal(op.getConditionOp().getArgs(), op.getAfterArguments()))
      edges.push_back({forwarded, argument});
    settleDependence(op, edges);
    known.carried = channelsOf(op.getBeforeArguments(), closure(op, channel));
    known.forwarded = channelsOf(op.getAfterArguments(), closure(op, channel));
    beginEmission(op.getResult(result));
    SmallVector<Value> begin(op.getInits());
    for (const Carried &item : known.carried)
      begin.push_back(zeroLike(builder, op.getLoc(), op.getInits()[item.position]));
    SmallVector<Type> types(op.getResultTypes());
    for (const Carried &item : known.forwarded)
      types.push_back(op.getResultTypes()[item.position]);
    auto joint = scf::WhileOp::create(builder, op.getLoc(), types, begin);
    joint->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    IRMapping mapping;
    op.getBefore().cloneInto(&joint.getBefore(), mapping);
    op.getAfter().cloneInto(&joint.getAfter(), mapping);
    addChannelArguments(*joint.getBeforeBody(), op.getBeforeArguments(), 0, known.carried);
    addChannelArguments(*joint.getAfterBody(), op.getAfterArguments(), 0, known.forwarded);
    known.loop = joint;
    endEmission();
  }
  auto joint = cast<scf::WhileOp>(known.loop);
  scf::ConditionOp condition = joint.getConditionOp();
  scf::YieldOp yield = joint.getYieldOp();
  bool ready = needAll(op.getInits(), known.carried);
  ready &= needAll(condition.getArgs().take_front(count), known.forwarded);
  ready &= needAll(yield->getOperands().take_front(inits), known.carried);
  if (!ready)
    return {};
  builder.setInsertionPoint(joint);
  joint.getInitsMutable().assign(withChannels(op.getInits(), known.carried));
  builder.setInsertionPoint(condition);
  SmallVector<Value> forwarded = withChannels(condition.getArgs().take_front(count), known.forwarded);
  condition.getArgsMutable().assign(forwarded);
  builder.setInsertionPoint(yield);
  yield->setOperands(withChannels(yield->getOperands().take_front(inits), known.carried));
  return finishLoop(known, op, known.forwarded, result, channel);
}
