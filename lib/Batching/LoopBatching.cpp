//===- LoopBatching.cpp - Batching of loops ---------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A loop that all lanes run alike stays as it is, and what it carries is varying only where it must be. Where
// the lanes may end at different iterations, the loop runs as long as one of them does; a mask says which,
// and the others keep what they have.
//
//===------------------------------------------------------------------------------------------------------===//
#include "UntakenBranches.h"
#include "costate/Batching/Batcher.h"
#include "costate/Batching/Registration.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

namespace {
using Values = SmallVector<Value>;

/// Which values differ between lanes, without batching anything.
class Variation {
public:
  explicit Variation(const Batcher &batcher) : batcher(batcher) {}

  bool contains(Value value) const { return found.contains(value) || batcher.isVarying(value); }

  /// Says so of the arguments whose value varies; true where one of them was not known to.
  bool spread(ValueRange values, ValueRange arguments) {
    bool changed = false;
    for (auto [value, argument] : llvm::zip_equal(values, arguments))
      if (contains(value))
        changed |= found.insert(argument).second;
    return changed;
  }

  void visit(Block &block) {
    for (Operation &op : block) {
      bool varying = false;
      op.walk([&](Operation *inner) {
        varying |= llvm::any_of(inner->getOperands(), [&](Value v) { return contains(v); });
      });
      if (varying)
        found.insert(op.result_begin(), op.result_end());
    }
  }

private:
  const Batcher &batcher;
  DenseSet<Value> found;
};

/// Values in the form that a loop carries them.
Values lookup(Batcher &batcher, ValueRange values, ValueRange arguments, const Variation &variation) {
  Values result;
  for (auto [value, argument] : llvm::zip_equal(values, arguments))
    result.push_back(variation.contains(argument) ? batcher.lookupVarying(value) : batcher.lookup(value));
  return result;
}

void map(Batcher &batcher, ValueRange originals, ValueRange batched, const Variation &variation) {
  for (auto [original, value] : llvm::zip_equal(originals, batched))
    batcher.map(original, value, variation.contains(original));
}

//===----------------------------------------------------------------------===//
// Lanes that end at different iterations
//===----------------------------------------------------------------------===//

/// What a lane goes on with, and whether it goes on.
struct Continuation {
  Values values; ///< All varying.
  Value condition;
};

/// Repeats `step`, in each lane as long as its condition holds. Gives what each had at its end.
FailureOr<Values> repeatInLanes(Batcher &batcher, Location loc, const Continuation &start,
                                function_ref<FailureOr<Continuation>(ValueRange)> step) {
  OpBuilder &builder = batcher.getBuilder();
  Values carried = start.values;
  Value goes = start.condition;
  if (Value running = batcher.runningLanes(loc))
    goes = arith::AndIOp::create(builder, loc, goes, running);
  carried.push_back(maskOf(builder, loc, goes));
  SmallVector<Type> types(ValueRange(carried).getTypes());
  SmallVector<Location> locations(types.size(), loc);
  auto loop = scf::WhileOp::create(builder, loc, types, carried);
  OpBuilder::InsertionGuard guard(builder);
  Block *before = builder.createBlock(&loop.getBefore(), {}, types, locations);
  scf::ConditionOp::create(builder, loc, anyLane(builder, loc, before->getArguments().back()),
                           before->getArguments());
  Block *after = builder.createBlock(&loop.getAfter(), {}, types, locations);
  ValueRange old = after->getArguments().drop_back();
  Value mask = after->getArguments().back();
  FailureOr<Continuation> next = failure();
  {
    Batcher::Lanes lanes(batcher, mask);
    next = step(old);
  }
  if (failed(next))
    return failure();
  Value active = conditionOf(builder, loc, mask);
  Values yielded;
  for (auto [value, kept] : llvm::zip_equal(next->values, old)) {
    Value condition = batcher.spreadScalar(loc, active, cast<RankedTensorType>(value.getType()));
    yielded.push_back(arith::SelectOp::create(builder, loc, condition, value, kept));
  }
  yielded.push_back(arith::AndIOp::create(builder, loc, mask, maskOf(builder, loc, next->condition)));
  scf::YieldOp::create(builder, loc, yielded);
  return Values(loop.getResults().drop_back());
}

//===----------------------------------------------------------------------===//
// scf.while
//===----------------------------------------------------------------------===//

/// The condition and what is passed on, once for each lane.
FailureOr<Continuation> evaluateBefore(Batcher &batcher, scf::WhileOp loop) {
  if (failed(batcher.batchBody(*loop.getBeforeBody())))
    return failure();
  Continuation result;
  for (Value value : loop.getConditionOp().getArgs())
    result.values.push_back(batcher.lookupVarying(value));
  result.condition = batcher.lookupVarying(loop.getConditionOp().getCondition());
  return result;
}

LogicalResult batchInLanes(scf::WhileOp loop, Batcher &batcher) {
  auto enter = [&](ValueRange values) {
    SmallVector<std::pair<Value, bool>> entries;
    for (Value value : values)
      entries.emplace_back(batcher.lookup(value), batcher.isVarying(value));
    for (auto [argument, entry] : llvm::zip_equal(loop.getBeforeArguments(), entries))
      batcher.map(argument, entry.first, entry.second);
    return evaluateBefore(batcher, loop);
  };
  FailureOr<Continuation> start = enter(loop.getInits());
  if (failed(start))
    return failure();
  auto results =
      repeatInLanes(batcher, loop.getLoc(), *start, [&](ValueRange values) -> FailureOr<Continuation> {
        for (auto [argument, value] : llvm::zip_equal(loop.getAfterArguments(), values))
          batcher.map(argument, value, true);
        if (failed(batcher.batchBody(*loop.getAfterBody())))
          return failure();
        return enter(loop.getYieldOp().getOperands());
      });
  if (failed(results))
    return failure();
  for (auto [result, value] : llvm::zip_equal(loop.getResults(), *results))
    batcher.map(result, value, true);
  return success();
}

struct WhileModel : BatchableOpInterface::ExternalModel<WhileModel, scf::WhileOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto loop = cast<scf::WhileOp>(op);
    scf::ConditionOp condition = loop.getConditionOp();
    Variation variation(batcher);
    variation.spread(loop.getInits(), loop.getBeforeArguments());
    do {
      variation.visit(*loop.getBeforeBody());
      variation.spread(condition.getArgs(), loop.getAfterArguments());
      variation.visit(*loop.getAfterBody());
    } while (variation.spread(loop.getYieldOp().getOperands(), loop.getBeforeArguments()));
    if (variation.contains(condition.getCondition()))
      return batchInLanes(loop, batcher);

    variation.spread(condition.getArgs(), loop.getResults());
    OpBuilder &builder = batcher.getBuilder();
    Values inits = lookup(batcher, loop.getInits(), loop.getBeforeArguments(), variation);
    SmallVector<Type> types;
    for (Value argument : loop.getAfterArguments())
      types.push_back(variation.contains(argument) ? batcher.varyingType(argument.getType())
                                                   : argument.getType());
    // It ends by what all lanes share, but only where one of them runs it.
    Value any;
    if (Value running = batcher.runningLanes(op->getLoc()))
      any = anyLane(builder, op->getLoc(), maskOf(builder, op->getLoc(), running));
    auto result = scf::WhileOp::create(builder, op->getLoc(), types, inits);
    OpBuilder::InsertionGuard guard(builder);
    auto create = [&](Region &region, TypeRange types, ValueRange originals) {
      SmallVector<Location> locations(types.size(), op->getLoc());
      Block *block = builder.createBlock(&region, {}, types, locations);
      map(batcher, originals, block->getArguments(), variation);
    };
    create(result.getBefore(), ValueRange(inits).getTypes(), loop.getBeforeArguments());
    if (failed(batcher.batchBody(*loop.getBeforeBody())))
      return failure();
    Value goes = batcher.lookup(condition.getCondition());
    if (any)
      goes = arith::AndIOp::create(builder, op->getLoc(), any, goes);
    scf::ConditionOp::create(builder, op->getLoc(), goes,
                             lookup(batcher, condition.getArgs(), loop.getAfterArguments(), variation));
    create(result.getAfter(), types, loop.getAfterArguments());
    if (failed(batcher.batchBody(*loop.getAfterBody())))
      return failure();
    scf::YieldOp::create(
        builder, op->getLoc(),
        lookup(batcher, loop.getYieldOp().getOperands(), loop.getBeforeArguments(), variation));
    map(batcher, loop.getResults(), result.getResults(), variation);
    return success();
  }
};

//===----------------------------------------------------------------------===//
// scf.for
//===----------------------------------------------------------------------===//

/// A loop of a few iterations that carries scalars: the sweeps of a small solver. Unrolled, its lanes stay in
/// registers; as a loop it would carry buffers.
bool isShortScalarLoop(scf::ForOp loop) {
  std::optional<APInt> trips = loop.getStaticTripCount();
  return trips && trips->ule(16) && llvm::none_of(loop.getInitArgs().getTypes(), llvm::IsaPred<ShapedType>);
}

LogicalResult unroll(scf::ForOp loop, Batcher &batcher) {
  OpBuilder &builder = batcher.getBuilder();
  Block &body = *loop.getBody();
  SmallVector<std::pair<Value, bool>> carried;
  for (Value init : loop.getInitArgs())
    carried.emplace_back(batcher.lookup(init), batcher.isVarying(init));
  Value index = batcher.lookup(loop.getLowerBound());
  for (uint64_t trip = 0, trips = loop.getStaticTripCount()->getZExtValue(); trip != trips; ++trip) {
    batcher.map(loop.getInductionVar(), index, false);
    for (auto [argument, value] : llvm::zip(loop.getRegionIterArgs(), carried))
      batcher.map(argument, value.first, value.second);
    if (failed(batcher.batchBody(body)))
      return failure();
    carried.clear();
    for (Value value : body.getTerminator()->getOperands())
      carried.emplace_back(batcher.lookup(value), batcher.isVarying(value));
    index = arith::AddIOp::create(builder, loop.getLoc(), index, batcher.lookup(loop.getStep()));
  }
  for (auto [result, value] : llvm::zip(loop.getResults(), carried))
    batcher.map(result, value.first, value.second);
  return success();
}

/// Every lane has an index of its own, and bounds of its own.
LogicalResult batchInLanes(scf::ForOp loop, Batcher &batcher) {
  OpBuilder &builder = batcher.getBuilder();
  Location loc = loop.getLoc();
  Value upper = batcher.lookupVarying(loop.getUpperBound()), step = batcher.lookupVarying(loop.getStep());
  auto below = loop.getUnsignedCmp() ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt;
  auto enter = [&](Value index, ValueRange carried) {
    Continuation entry;
    entry.values.push_back(index);
    for (Value value : carried)
      entry.values.push_back(batcher.lookupVarying(value));
    entry.condition = arith::CmpIOp::create(builder, loc, below, index, upper);
    return entry;
  };
  Continuation start = enter(batcher.lookupVarying(loop.getLowerBound()), loop.getInitArgs());
  auto results = repeatInLanes(batcher, loc, start, [&](ValueRange values) -> FailureOr<Continuation> {
    for (auto [argument, value] : llvm::zip_equal(loop.getBody()->getArguments(), values))
      batcher.map(argument, value, true);
    if (failed(batcher.batchBody(*loop.getBody())))
      return failure();
    Value index = arith::AddIOp::create(builder, loc, values.front(), step);
    return enter(index, loop.getYieldedValues());
  });
  if (failed(results))
    return failure();
  for (auto [result, value] : llvm::zip_equal(loop.getResults(), ArrayRef(*results).drop_front()))
    batcher.map(result, value, true);
  return success();
}

struct ForModel : BatchableOpInterface::ExternalModel<ForModel, scf::ForOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto loop = cast<scf::ForOp>(op);
    if (batcher.anyVarying({loop.getLowerBound(), loop.getUpperBound(), loop.getStep()}))
      return batchInLanes(loop, batcher);
    if (isShortScalarLoop(loop))
      return unroll(loop, batcher);
    Variation variation(batcher);
    variation.spread(loop.getInitArgs(), loop.getRegionIterArgs());
    do
      variation.visit(*loop.getBody());
    while (variation.spread(loop.getYieldedValues(), loop.getRegionIterArgs()));
    variation.spread(loop.getRegionIterArgs(), loop.getResults());

    OpBuilder &builder = batcher.getBuilder();
    auto result =
        scf::ForOp::create(builder, op->getLoc(), batcher.lookup(loop.getLowerBound()),
                           batcher.lookup(loop.getUpperBound()), batcher.lookup(loop.getStep()),
                           lookup(batcher, loop.getInitArgs(), loop.getRegionIterArgs(), variation));
    batcher.map(loop.getInductionVar(), result.getInductionVar(), false);
    map(batcher, loop.getRegionIterArgs(), result.getRegionIterArgs(), variation);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(result.getBody());
    if (failed(batcher.batchBody(*loop.getBody())))
      return failure();
    scf::YieldOp::create(builder, op->getLoc(),
                         lookup(batcher, loop.getYieldedValues(), loop.getRegionIterArgs(), variation));
    map(batcher, loop.getResults(), result.getResults(), variation);
    return success();
  }
};

} // namespace

void costate::registerLoopBatching(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, scf::SCFDialect *) {
    scf::ForOp::attachInterface<ForModel>(*context);
    scf::WhileOp::attachInterface<WhileModel>(*context);
  });
}
