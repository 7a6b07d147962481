//===- TransposeLoops.cpp - Loops backwards, from what they recorded --------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "LoopTransposer.h"

#include "CheckpointPlanner.h"
#include "ExprBuilder.h"
#include "LoopCounter.h"
#include "Tape.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace costate;

//===----------------------------------------------------------------------===//
// The body
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<unsigned>> LoopTransposer::transposeBody() {
  holder = cast<scf::ForOp>(builder.clone(*loop));
  ValueSet inner = active;
  for (auto [original, clone] : llvm::zip_equal(loop.getBody()->getArguments(), block().getArguments()))
    if (active.contains(original))
      inner.insert(clone);
  addDependents(block(), inner);
  unsigned carried = loop.getRegionIterArgs().size();
  for (unsigned i : seeded)
    seeds.push_back(block().addArgument(loop.getResult(i).getType(), loc));
  for (Value value : captured)
    sums.push_back(block().addArgument(value.getType(), loc));

  Operation *yield = block().getTerminator();
  OpBuilder inside(yield);
  Cotangents local;
  for (auto [value, sum] : llvm::zip_equal(captured, sums))
    local[value] = sum;
  for (auto [i, seed] : llvm::zip_equal(seeded, seeds))
    if (inner.contains(yield->getOperand(i)))
      addCotangent(inside, loc, yield->getOperand(i), seed, local);
  if (failed(transpose(block(), inner, inside, local)))
    return failure();

  SmallVector<unsigned> further;
  for (unsigned i = 0; i < carried; ++i)
    if (local.lookup(block().getArgument(i + 1)) && !llvm::is_contained(seeded, i))
      further.push_back(i);
  for (unsigned i : seeded) {
    Value cotangent = local.lookup(block().getArgument(i + 1));
    nextSeeds.push_back(cotangent ? cotangent : zeroLike(inside, loc, loop.getInitArgs()[i]));
  }
  for (Value value : captured)
    nextSums.push_back(local.lookup(value));
  // The terminator keeps alive what is yielded; what active ops yielded is gone.
  SmallVector<Value> yielded;
  for (unsigned i = 0; i < carried; ++i)
    yielded.push_back(inner.contains(yield->getOperand(i)) ? loop.getInitArgs()[i] : yield->getOperand(i));
  llvm::append_range(yielded, nextSeeds);
  llvm::append_range(yielded, nextSums);
  yield->setOperands(yielded);
  if (failed(eraseActive(block(), inner)))
    return failure();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block())))
    if (isOpTriviallyDead(&op))
      op.erase();
  return further;
}

/// The carried values that a cotangent reaches, from those of the results on.
LogicalResult LoopTransposer::settleSeeds() {
  for (auto [i, result] : llvm::enumerate(loop.getResults()))
    if (cotangents.lookup(result))
      seeded.push_back(i);
  for (;;) {
    FailureOr<SmallVector<unsigned>> further = transposeBody();
    if (succeeded(further) && further->empty())
      return success();
    holder.erase();
    if (failed(further))
      return failure();
    llvm::append_range(seeded, *further);
    llvm::sort(seeded);
    seeds.clear();
    sums.clear();
    nextSeeds.clear();
    nextSums.clear();
  }
}

void LoopTransposer::findBackwardOps() {
  ValueSet dependent;
  dependent.insert_range(seeds);
  dependent.insert_range(sums);
  auto depends = [&](Value value) { return dependent.contains(value); };
  for (Operation &op : block().without_terminator())
    if (llvm::any_of(op.getOperands(), depends) || llvm::any_of(capturedBy(&op), depends)) {
      backward.insert(&op);
      dependent.insert_range(op.getResults());
    }
}

SmallVector<Value> LoopTransposer::neededValues() {
  llvm::SetVector<Value> needed;
  auto need = [&](Value value) {
    bool isCotangent = llvm::is_contained(seeds, value) || llvm::is_contained(sums, value);
    if (value.getParentBlock() == &block() && !isCotangent && !backward.contains(value.getDefiningOp()))
      needed.insert(value);
  };
  for (Operation *op : backward) {
    for (Value operand : op->getOperands())
      need(operand);
    for (Value value : capturedBy(op))
      need(value);
  }
  for (ValueRange next : {ValueRange(nextSeeds), ValueRange(nextSums)})
    for (Value value : next)
      need(value);
  return needed.takeVector();
}

SmallVector<Value> LoopTransposer::clonePrimal(OpBuilder &b, Value induction, ValueRange carried,
                                               IRMapping &mapping) {
  mapping.map(block().getArgument(0), induction);
  for (auto [i, value] : llvm::zip_equal(primal, carried))
    mapping.map(block().getArgument(i + 1), value);
  for (Operation &op : block().without_terminator())
    if (!backward.contains(&op))
      b.clone(op, mapping);
  return llvm::map_to_vector(
      primal, [&](unsigned i) { return mapping.lookupOrDefault(block().getTerminator()->getOperand(i)); });
}

SmallVector<Value> LoopTransposer::cloneBackward(OpBuilder &b, ValueRange current, IRMapping &mapping) {
  for (auto [i, value] : llvm::enumerate(current))
    mapping.map(i < seeds.size() ? seeds[i] : sums[i - seeds.size()], value);
  for (Operation *op : backward)
    b.clone(*op, mapping);
  SmallVector<Value> next;
  for (Value value : nextSeeds)
    next.push_back(mapping.lookupOrDefault(value));
  for (Value value : nextSums)
    next.push_back(mapping.lookupOrDefault(value));
  return next;
}

SmallVector<Value> LoopTransposer::initialCotangents() {
  SmallVector<Value> inits;
  for (unsigned i : seeded) {
    Value cotangent = cotangents.lookup(loop.getResult(i));
    inits.push_back(cotangent ? cotangent : zeroLike(builder, loc, loop.getInitArgs()[i]));
  }
  for (Value value : captured) {
    Value cotangent = cotangents.lookup(value);
    inits.push_back(cotangent ? cotangent : zeroLike(builder, loc, value));
  }
  return inits;
}

void LoopTransposer::enterCotangents(ValueRange results) {
  for (auto [value, cotangent] : llvm::zip_equal(captured, results.drop_front(seeded.size())))
    cotangents[value] = cotangent;
  for (auto [i, cotangent] : llvm::zip_equal(seeded, results.take_front(seeded.size())))
    if (active.contains(loop.getInitArgs()[i]))
      addCotangent(builder, loc, loop.getInitArgs()[i], cotangent, cotangents);
}

//===----------------------------------------------------------------------===//
// A loop forwards that records, and one backwards
//===----------------------------------------------------------------------===//

void LoopTransposer::createForward(ArrayRef<Value> recorded, OpFoldResult count,
                                   SmallVectorImpl<Value> &tapes) {
  OpBuilder before(loop);
  SmallVector<Value> inits;
  for (unsigned i : primal)
    inits.push_back(loop.getInitArgs()[i]);
  std::optional<int64_t> bound = constantBound(count);
  OpFoldResult size = bound ? OpFoldResult(before.getIndexAttr(*bound)) : count;
  for (Value value : recorded)
    inits.push_back(createTape(before, loc, value.getType(), size));
  auto forward =
      scf::ForOp::create(before, loc, loop.getLowerBound(), loop.getUpperBound(), loop.getStep(), inits,
                         /*bodyBuilder=*/nullptr, loop.getUnsignedCmp());
  forward->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  if (this->recorded)
    forward->setDiscardableAttr(kRecordedAttr, this->recorded);
  before.setInsertionPointToStart(forward.getBody());
  Value induction = forward.getInductionVar();
  Value k = iterationAt(before, forward, induction);
  IRMapping mapping;
  SmallVector<Value> yielded = clonePrimal(
      before, induction, ValueRange(forward.getRegionIterArgs()).take_front(primal.size()), mapping);
  // As soon as it is there, so that what is carried may be overwritten afterwards.
  OpBuilder inside(before);
  for (auto [value, tape] :
       llvm::zip_equal(recorded, forward.getRegionIterArgs().drop_front(primal.size()))) {
    Value recordable = mapping.lookup(value);
    inside.setInsertionPointAfterValue(recordable.getDefiningOp() ? recordable : k);
    yielded.push_back(record(inside, loc, recordable, tape, k));
  }
  scf::YieldOp::create(before, loc, yielded);
  for (auto [position, i] : llvm::enumerate(primal))
    loop.getResult(i).replaceAllUsesWith(forward.getResult(position));
  llvm::append_range(tapes, forward.getResults().drop_front(primal.size()));
}

void LoopTransposer::createBackward(const Recording &recording, ValueRange tapes, OpFoldResult count) {
  Value zero = constantIndex(builder, loc, 0), one = constantIndex(builder, loc, 1);
  Value total = getValueOrCreateConstantIndexOp(builder, loc, count);
  auto reversed = scf::ForOp::create(builder, loc, zero, total, one, initialCotangents(),
                                     [&](OpBuilder &b, Location, Value j, ValueRange current) {
                                       Value k = arith::SubIOp::create(
                                           b, loc, arith::SubIOp::create(b, loc, total, one), j);
                                       IRMapping mapping;
                                       mapping.map(block().getArgument(0), inductionAt(b, loop, k));
                                       SmallVector<Value> recalled;
                                       for (auto [value, tape] : llvm::zip_equal(recording.recorded, tapes))
                                         recalled.push_back(recall(b, loc, value.getType(), tape, k));
                                       // Of an op with several results some may be recorded, and the others
                                       // computed again.
                                       mapping.map(recording.recorded, recalled);
                                       for (Operation *op : recording.recomputed) {
                                         b.clone(*op, mapping);
                                         mapping.map(recording.recorded, recalled);
                                       }
                                       scf::YieldOp::create(b, loc, cloneBackward(b, current, mapping));
                                     });
  enterCotangents(reversed.getResults());
}

/// Blocks of iterations: the loop over the blocks records what is carried, and each block is run again, then
/// with its own tape, when the backward pass reaches it.
LogicalResult LoopTransposer::runBlocked(OpFoldResult count, int64_t size) {
  scf::ForOp blocked = createBlocked(loop, count, size);
  ValueSet inner = active;
  addDependents(*blocked, inner);
  for (auto [result, block] : llvm::zip_equal(loop.getResults(), blocked.getResults())) {
    if (Value cotangent = cotangents.lookup(result))
      cotangents[block] = cotangent;
    if (!active.contains(result))
      result.replaceAllUsesWith(block);
  }
  LogicalResult result =
      LoopTransposer(blocked, inner, builder, cotangents).run({Checkpointing::Scheme::Every, 1});
  blocked.erase();
  return result;
}

static int64_t bytesOf(ValueRange values) {
  int64_t bytes = 0;
  for (Value value : values)
    bytes += isRecordable(value.getType()) ? llvm::divideCeil(bitsOf(value.getType()), 8) : 0;
  return bytes;
}

FailureOr<RecordedBytes> LoopTransposer::countBytes(ArrayRef<Value> recorded, ArrayRef<Value> needed) {
  FailureOr<Recording> carried = planRecording(block(), needed, Recomputation::Everything);
  if (failed(carried))
    return failure();
  SmallVector<Value> state =
      llvm::map_to_vector(primal, [&](unsigned i) -> Value { return loop.getResult(i); });
  return RecordedBytes{bytesOf(recorded), bytesOf(carried->recorded), bytesOf(state) + /*the position*/ 8};
}

/// What the loop forwards says of itself: see `kRecordedAttr`.
Attribute LoopTransposer::describe(const Recording &recording, ArrayRef<Value> needed, OpFoldResult count) {
  auto isInnerTape = [](Value value) {
    auto inner = value.getDefiningOp<scf::ForOp>();
    auto said = inner ? inner->getAttrOfType<DenseI64ArrayAttr>(kRecordedAttr) : nullptr;
    return said && cast<OpResult>(value).getResultNumber() >= inner.getNumResults() - said[4];
  };
  SmallVector<Value> own = llvm::filter_to_vector(recording.recorded, std::not_fn(isInnerTape));
  // What is carried may be of a type that cannot be recorded, which is no error if it need not be.
  ScopedDiagnosticHandler quiet(loop.getContext(), [](Diagnostic &) { return success(); });
  FailureOr<RecordedBytes> counted = countBytes(own, needed);
  RecordedBytes bytes = succeeded(counted) ? *counted : RecordedBytes{bytesOf(own), kTooMuch, kTooMuch};
  return DenseI64ArrayAttr::get(loop.getContext(), {bytes.needed, bytes.carried, bytes.snapshot,
                                                    getConstantIntValue(count).value_or(-1),
                                                    int64_t(recording.recorded.size())});
}

LogicalResult LoopTransposer::run(Checkpointing checkpointing) {
  using Scheme = Checkpointing::Scheme;
  OpBuilder before(loop);
  OpFoldResult count = tripCount(before, loop);
  // No block is longer than the loop.
  if (std::optional<int64_t> constant = getConstantIntValue(count);
      constant && checkpointing.scheme == Scheme::Every)
    checkpointing.amount = std::min(checkpointing.amount, std::max<int64_t>(*constant, 1));
  if (checkpointing.scheme == Scheme::Every && checkpointing.amount > 1)
    return runBlocked(count, checkpointing.amount);
  for (Value value : capturedBy(loop))
    if (active.contains(value))
      captured.push_back(value);
  for (auto [i, argument] : llvm::enumerate(loop.getRegionIterArgs()))
    if (!active.contains(argument))
      primal.push_back(i);
  if (failed(settleSeeds()))
    return failure();
  findBackwardOps();
  SmallVector<Value> needed = neededValues();
  FailureOr<Recording> recording =
      planRecording(block(), needed,
                    checkpointing.scheme == Scheme::Every ? Recomputation::Everything : Recomputation::Cheap);
  if (succeeded(recording) && loop->hasAttr(kLoopNumberAttr))
    recorded = describe(*recording, needed, count);
  if (succeeded(recording) && checkpointing.scheme == Scheme::Bytes) {
    FailureOr<RecordedBytes> bytes = countBytes(recording->recorded, needed);
    std::optional<Checkpointing> chosen;
    if (succeeded(bytes)) {
      chosen = chooseCheckpointing(checkpointing.amount, *bytes, getConstantIntValue(count));
      if (!chosen)
        loop->emitOpError() << "may record " << checkpointing.amount
                            << " bytes, but one snapshot of what it carries takes " << bytes->snapshot
                            << " and at least two times that is required";
    }
    if (chosen && chosen->scheme == Scheme::Every) {
      holder.erase();
      return LoopTransposer(loop, active, builder, cotangents).run(*chosen);
    }
    if (chosen)
      checkpointing = *chosen;
    else
      recording = failure();
  }
  LogicalResult result = failure();
  if (succeeded(recording) && checkpointing.scheme == Scheme::Snapshots) {
    result = runBinomial(count, checkpointing.amount);
  } else if (succeeded(recording)) {
    SmallVector<Value> tapes;
    createForward(recording->recorded, count, tapes);
    createBackward(*recording, tapes, count);
    result = success();
  }
  holder.erase();
  return result;
}

LogicalResult costate::transposeFor(scf::ForOp loop, const ValueSet &active, OpBuilder &builder,
                                    Cotangents &cotangents) {
  FailureOr<Checkpointing> checkpointing = checkpointingOf(loop);
  if (failed(checkpointing))
    return failure();
  return LoopTransposer(loop, active, builder, cotangents).run(*checkpointing);
}
