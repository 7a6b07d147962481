//===- Binomial.cpp - Loops backwards from a bounded number of snapshots ----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A. Griewank, A. Walther: Algorithm 799, Revolve (ACM TOMS 26, 2000). With c snapshots, the first of them
// where the steps begin, and no step run more than r times, at most β(c, r) = C(c + r, c) steps can be
// reversed. Of l steps with β(c, r-1) < l ≤ β(c, r), the next snapshot goes to
//
//   m = min(β(c, r-1), l - β(c-1, r-1))
//
// after which l - m ≤ β(c-1, r) steps are left to c - 1 snapshots, and m ≤ β(c, r-1) to all c with one
// repetition less. The generated code keeps the snapshots as a stack, finds m when it needs it, and so needs
// to know the number of steps only when it runs.
//
//===------------------------------------------------------------------------------------------------------===//
#include "LoopTransposer.h"

#include "LoopCounter.h"
#include "Tape.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"

using namespace mlir;
using namespace costate;

namespace {
/// Index arithmetic, as it is written.
class Indices {
public:
  Indices(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}
  Value constant(int64_t value) { return constantIndex(builder, loc, value); }
  Value add(Value a, Value b) { return arith::AddIOp::create(builder, loc, a, b); }
  Value sub(Value a, Value b) { return arith::SubIOp::create(builder, loc, a, b); }
  Value mul(Value a, Value b) { return arith::MulIOp::create(builder, loc, a, b); }
  Value div(Value a, Value b) { return arith::DivUIOp::create(builder, loc, a, b); }
  Value min(Value a, Value b) { return arith::MinSIOp::create(builder, loc, a, b); }
  Value max(Value a, Value b) { return arith::MaxSIOp::create(builder, loc, a, b); }
  Value less(Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::slt, a, b);
  }
  Value equal(Value a, Value b) {
    return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, a, b);
  }
  Value select(Value condition, Value a, Value b) {
    return arith::SelectOp::create(builder, loc, condition, a, b);
  }

private:
  OpBuilder &builder;
  Location loc;
};

/// A state on the way, and the stack of snapshots. As values that loops carry, in this order.
struct Walker {
  Value position; // of the state
  Value top;      // the number of the last snapshot
  SmallVector<Value> state;
  SmallVector<Value> stacks; // of one more place than there are snapshots: there goes what finds no place
  Value positions;           // of the snapshots

  static Walker unpack(ValueRange values, size_t carried) {
    return {values[0], values[1], SmallVector<Value>(values.slice(2, carried)),
            SmallVector<Value>(values.slice(2 + carried, carried)), values[2 + 2 * carried]};
  }
  SmallVector<Value> pack() const {
    SmallVector<Value> values = {position, top};
    llvm::append_range(values, state);
    llvm::append_range(values, stacks);
    values.push_back(positions);
    return values;
  }
  void store(OpBuilder &b, Location loc, Value place) {
    for (auto [value, stack] : llvm::zip_equal(state, stacks))
      stack = record(b, loc, value, stack, place);
    positions = record(b, loc, position, positions, place);
  }
  void restore(OpBuilder &b, Location loc, Value place) {
    for (auto [value, stack] : llvm::zip_equal(state, stacks))
      value = recall(b, loc, value.getType(), stack, place);
    position = recall(b, loc, b.getIndexType(), positions, place);
  }
};

using Step = llvm::function_ref<SmallVector<Value>(OpBuilder &, Value, ValueRange)>;
} // namespace

/// The length m of the next part of `steps` ≥ 2 with `snapshots` ≥ 2.
static Value createSplit(OpBuilder &builder, Location loc, Value steps, Value snapshots) {
  Value one = constantIndex(builder, loc, 1);
  // The least r with β(c, r) ≥ l, by β(c, r) = β(c, r-1)·(c + r) / r.
  auto search = scf::WhileOp::create(
      builder, loc, TypeRange{builder.getIndexType(), builder.getIndexType()},
      ValueRange{one, constantIndex(builder, loc, 0)},
      [&](OpBuilder &b, Location, ValueRange values) {
        scf::ConditionOp::create(b, loc, Indices(b, loc).less(values[0], steps), values);
      },
      [&](OpBuilder &b, Location, ValueRange values) {
        Indices i(b, loc);
        Value r = i.add(values[1], one);
        scf::YieldOp::create(b, loc, ValueRange{i.div(i.mul(values[0], i.add(snapshots, r)), r), r});
      });
  Indices i(builder, loc);
  Value beta = search.getResult(0), r = search.getResult(1);
  Value before = i.div(i.mul(beta, r), i.add(snapshots, r));                      // β(c, r-1)
  Value fewer = i.div(i.mul(before, snapshots), i.sub(i.add(snapshots, r), one)); // β(c-1, r-1)
  return i.min(before, i.sub(steps, fewer));
}

/// Runs from where `walker` is up to `target`, and leaves snapshots on the way.
static Walker createAdvance(OpBuilder &builder, Location loc, const Walker &walker, Value target,
                            int64_t snapshots, Step step) {
  size_t carried = walker.state.size();
  SmallVector<Value> inits = walker.pack();
  Value zero = constantIndex(builder, loc, 0), one = constantIndex(builder, loc, 1);
  auto loop = scf::WhileOp::create(
      builder, loc, TypeRange(ValueRange(inits)), inits,
      [&](OpBuilder &b, Location, ValueRange values) {
        scf::ConditionOp::create(b, loc, Indices(b, loc).less(values[0], target), values);
      },
      [&](OpBuilder &b, Location, ValueRange values) {
        Indices i(b, loc);
        Walker w = Walker::unpack(values, carried);
        Value rest = i.sub(target, w.position);
        Value available = i.sub(i.constant(snapshots), w.top); // with the one at the position
        Value isLast = i.equal(available, one);
        // Without another snapshot all the way, and nothing is left there.
        Value split = createSplit(b, loc, i.add(rest, one), i.max(available, i.constant(2)));
        Value length = i.select(isLast, rest, split);
        auto run = scf::ForOp::create(b, loc, zero, length, one, w.state,
                                      [&](OpBuilder &b, Location, Value j, ValueRange state) {
                                        Value k = Indices(b, loc).add(w.position, j);
                                        scf::YieldOp::create(b, loc, step(b, k, state));
                                      });
        w.state = SmallVector<Value>(run.getResults());
        w.position = i.add(w.position, length);
        Value next = i.add(w.top, one);
        w.store(b, loc, next); // after the last snapshot: in the place that is never read
        w.top = i.select(isLast, w.top, next);
        scf::YieldOp::create(b, loc, w.pack());
      });
  return Walker::unpack(loop.getResults(), carried);
}

LogicalResult LoopTransposer::runBinomial(OpFoldResult count, int64_t snapshots) {
  for (unsigned i : primal)
    if (Type type = loop.getResult(i).getType(); !isRecordable(type))
      return emitError(loop.getRegionIterArg(i).getLoc())
             << "a value of type " << type
             << " cannot be recorded for the backward pass of a loop; a static shape is required";
  // No more snapshots are of use than there are iterations.
  if (std::optional<int64_t> constant = getConstantIntValue(count))
    snapshots = std::min(snapshots, std::max<int64_t>(*constant, 1));
  auto step = [&](OpBuilder &b, Value k, ValueRange state) {
    IRMapping mapping;
    return clonePrimal(b, inductionAt(b, loop, k), state, mapping);
  };
  // Forwards, in place of the loop: as far as the last iteration, and through it.
  OpBuilder before(loop);
  Indices i(before, loc);
  Value zero = i.constant(0), one = i.constant(1);
  Value total = getValueOrCreateConstantIndexOp(before, loc, count);
  Walker walker{zero, zero, {}, {}, {}};
  OpFoldResult places = before.getIndexAttr(snapshots + 1);
  for (unsigned position : primal) {
    walker.state.push_back(loop.getInitArgs()[position]);
    walker.stacks.push_back(createTape(before, loc, loop.getResult(position).getType(), places));
  }
  walker.positions = createTape(before, loc, before.getIndexType(), places);
  walker.store(before, loc, zero);
  walker = createAdvance(before, loc, walker, i.sub(total, one), snapshots, step);
  auto last = scf::ForOp::create(before, loc, walker.position, total, one, walker.state,
                                 [&](OpBuilder &b, Location, Value k, ValueRange state) {
                                   scf::YieldOp::create(b, loc, step(b, k, state));
                                 });
  for (auto [position, carried] : llvm::enumerate(primal))
    loop.getResult(carried).replaceAllUsesWith(last.getResult(position));

  // Backwards: advance to the iteration, reverse it, go back to the last snapshot.
  SmallVector<Value> inits = initialCotangents();
  size_t cotangentCount = inits.size(), carried = primal.size();
  llvm::append_range(inits, walker.pack());
  Value first = constantIndex(builder, loc, 0), unit = constantIndex(builder, loc, 1);
  auto reversed = scf::ForOp::create(
      builder, loc, first, total, unit, inits, [&](OpBuilder &b, Location, Value j, ValueRange values) {
        Indices i(b, loc);
        Value k = i.sub(i.sub(total, unit), j);
        Walker w = Walker::unpack(values.drop_front(cotangentCount), carried);
        w = createAdvance(b, loc, w, k, snapshots, step);
        IRMapping mapping;
        (void)clonePrimal(b, inductionAt(b, loop, k), w.state, mapping);
        SmallVector<Value> yielded = cloneBackward(b, values.take_front(cotangentCount), mapping);
        Value isDone = i.equal(recall(b, loc, b.getIndexType(), w.positions, w.top), k);
        w.top = i.select(isDone, i.max(i.sub(w.top, unit), first), w.top);
        w.restore(b, loc, w.top);
        llvm::append_range(yielded, w.pack());
        scf::YieldOp::create(b, loc, yielded);
      });
  enterCotangents(reversed.getResults().take_front(cotangentCount));
  return success();
}
