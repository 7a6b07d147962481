//===- TransposeLoops.cpp - Loops backwards, from what they recorded --------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A loop that carries p (primal) and a (active), the latter linearly,
//
//   p', a' = P(k, p), L(k, p)·a + M(k, p)·g          g active, from outside
//
// becomes a loop forwards that carries p and records what L and M need of each iteration, and one backwards
//
//   ā = Lᵀ·ā',  ḡ = ḡ + Mᵀ·ā'
//
//===------------------------------------------------------------------------------------------------------===//
#include "Transpose.h"

#include "ExprBuilder.h"
#include "LoopCounter.h"
#include "Recording.h"
#include "Tape.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace costate;

namespace {
/// The body of a loop with the transposes of its active ops behind its primal ones.
struct TransposedBody {
  scf::ForOp holder;            // erased at the end; only its block means anything
  SmallVector<unsigned> seeded; // the positions of carried values whose cotangent can differ from zero
  SmallVector<Value> seeds;     // block arguments: cotangents of what is yielded at these
  SmallVector<Value> sums;      // block arguments: cotangents of what is captured
  SmallVector<Value> nextSeeds, nextSums;

  Block &block() { return *holder.getBody(); }
};

class LoopTransposer {
public:
  LoopTransposer(scf::ForOp loop, const ValueSet &active, OpBuilder &builder, Cotangents &cotangents)
      : loop(loop), loc(loop.getLoc()), active(active), builder(builder), cotangents(cotangents) {}
  LogicalResult run();

private:
  /// Returns the positions beyond `seeded` whose cotangents differ from zero, too.
  FailureOr<SmallVector<unsigned>> transposeBody(TransposedBody &body);
  /// The ops of the body that depend on a cotangent.
  llvm::SetVector<Operation *> backwardOps(TransposedBody &body);
  scf::ForOp createForward(TransposedBody &body, const llvm::SetVector<Operation *> &backward,
                           ArrayRef<Value> recorded, OpFoldResult count);
  void createBackward(TransposedBody &body, const llvm::SetVector<Operation *> &backward,
                      const Recording &recording, ValueRange tapes, OpFoldResult count);

  scf::ForOp loop;
  Location loc;
  const ValueSet &active;
  OpBuilder &builder;
  Cotangents &cotangents;
  SmallVector<Value> captured; // active
};
} // namespace

FailureOr<SmallVector<unsigned>> LoopTransposer::transposeBody(TransposedBody &body) {
  body.holder = cast<scf::ForOp>(builder.clone(*loop));
  Block &block = body.block();
  ValueSet inner = active;
  for (auto [original, clone] : llvm::zip_equal(loop.getBody()->getArguments(), block.getArguments()))
    if (active.contains(original))
      inner.insert(clone);
  addDependents(block, inner);
  unsigned carried = loop.getRegionIterArgs().size();
  for (unsigned i : body.seeded)
    body.seeds.push_back(block.addArgument(loop.getResult(i).getType(), loc));
  for (Value value : captured)
    body.sums.push_back(block.addArgument(value.getType(), loc));

  Operation *yield = block.getTerminator();
  OpBuilder inside(yield);
  Cotangents local;
  for (auto [value, sum] : llvm::zip_equal(captured, body.sums))
    local[value] = sum;
  for (auto [i, seed] : llvm::zip_equal(body.seeded, body.seeds))
    if (inner.contains(yield->getOperand(i)))
      addCotangent(inside, loc, yield->getOperand(i), seed, local);
  if (failed(transpose(block, inner, inside, local)))
    return failure();

  SmallVector<unsigned> further;
  for (unsigned i = 0; i < carried; ++i)
    if (local.lookup(block.getArgument(i + 1)) && !llvm::is_contained(body.seeded, i))
      further.push_back(i);
  for (unsigned i : body.seeded) {
    Value cotangent = local.lookup(block.getArgument(i + 1));
    body.nextSeeds.push_back(cotangent ? cotangent : zeroLike(inside, loc, loop.getInitArgs()[i]));
  }
  for (Value value : captured)
    body.nextSums.push_back(local.lookup(value));
  // The terminator keeps alive what is yielded; what active ops yielded is gone.
  SmallVector<Value> yielded;
  for (unsigned i = 0; i < carried; ++i)
    yielded.push_back(inner.contains(yield->getOperand(i)) ? loop.getInitArgs()[i] : yield->getOperand(i));
  llvm::append_range(yielded, body.nextSeeds);
  llvm::append_range(yielded, body.nextSums);
  yield->setOperands(yielded);
  if (failed(eraseActive(block, inner)))
    return failure();
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
  return further;
}

llvm::SetVector<Operation *> LoopTransposer::backwardOps(TransposedBody &body) {
  ValueSet dependent;
  dependent.insert_range(body.seeds);
  dependent.insert_range(body.sums);
  llvm::SetVector<Operation *> ops;
  auto depends = [&](Value value) { return dependent.contains(value); };
  for (Operation &op : body.block().without_terminator())
    if (llvm::any_of(op.getOperands(), depends) || llvm::any_of(capturedBy(&op), depends)) {
      ops.insert(&op);
      dependent.insert_range(op.getResults());
    }
  return ops;
}

scf::ForOp LoopTransposer::createForward(TransposedBody &body, const llvm::SetVector<Operation *> &backward,
                                         ArrayRef<Value> recorded, OpFoldResult count) {
  OpBuilder before(loop);
  SmallVector<unsigned> primal;
  SmallVector<Value> inits;
  for (auto [i, argument] : llvm::enumerate(loop.getRegionIterArgs()))
    if (!active.contains(argument)) {
      primal.push_back(i);
      inits.push_back(loop.getInitArgs()[i]);
    }
  std::optional<int64_t> bound = constantBound(count);
  OpFoldResult size = bound ? OpFoldResult(before.getIndexAttr(*bound)) : count;
  for (Value value : recorded)
    inits.push_back(createTape(before, loc, value.getType(), size));
  auto forward =
      scf::ForOp::create(before, loc, loop.getLowerBound(), loop.getUpperBound(), loop.getStep(), inits,
                         /*bodyBuilder=*/nullptr, loop.getUnsignedCmp());
  forward->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  Block &block = *forward.getBody();
  before.setInsertionPointToStart(&block);
  IRMapping mapping;
  mapping.map(body.block().getArgument(0), forward.getInductionVar());
  for (auto [position, i] : llvm::enumerate(primal))
    mapping.map(body.block().getArgument(i + 1), forward.getRegionIterArg(position));
  for (Operation &op : body.block().without_terminator())
    if (!backward.contains(&op))
      before.clone(op, mapping);
  SmallVector<Value> yielded;
  Operation *yield = body.block().getTerminator();
  for (unsigned i : primal)
    yielded.push_back(mapping.lookupOrDefault(yield->getOperand(i)));
  if (!recorded.empty()) {
    Value k = iterationAt(before, forward, forward.getInductionVar());
    for (auto [i, value] : llvm::enumerate(recorded))
      yielded.push_back(
          record(before, loc, mapping.lookup(value), forward.getRegionIterArg(primal.size() + i), k));
  }
  scf::YieldOp::create(before, loc, yielded);
  for (auto [position, i] : llvm::enumerate(primal))
    loop.getResult(i).replaceAllUsesWith(forward.getResult(position));
  return forward;
}

void LoopTransposer::createBackward(TransposedBody &body, const llvm::SetVector<Operation *> &backward,
                                    const Recording &recording, ValueRange tapes, OpFoldResult count) {
  SmallVector<Value> inits;
  for (unsigned i : body.seeded) {
    Value cotangent = cotangents.lookup(loop.getResult(i));
    inits.push_back(cotangent ? cotangent : zeroLike(builder, loc, loop.getInitArgs()[i]));
  }
  for (Value value : captured) {
    Value cotangent = cotangents.lookup(value);
    inits.push_back(cotangent ? cotangent : zeroLike(builder, loc, value));
  }
  Value zero = constantIndex(builder, loc, 0), one = constantIndex(builder, loc, 1);
  Value total = getValueOrCreateConstantIndexOp(builder, loc, count);
  auto reversed = scf::ForOp::create(builder, loc, zero, total, one, inits);
  OpBuilder inside(builder.getContext());
  inside.setInsertionPointToStart(reversed.getBody());
  Value last = arith::SubIOp::create(inside, loc, total, one);
  Value k = arith::SubIOp::create(inside, loc, last, reversed.getInductionVar());
  IRMapping mapping;
  mapping.map(body.block().getArgument(0), inductionAt(inside, loop, k));
  for (auto [value, tape] : llvm::zip_equal(recording.recorded, tapes))
    mapping.map(value, recall(inside, loc, value.getType(), tape, k));
  SmallVector<Value> seeds(body.seeds);
  llvm::append_range(seeds, body.sums);
  mapping.map(seeds, reversed.getRegionIterArgs());
  for (Operation *op : recording.recomputed) {
    inside.clone(*op, mapping);
    // Of an op with several results some may be recorded.
    for (auto [value, tape] : llvm::zip_equal(recording.recorded, tapes))
      if (value.getDefiningOp() == op)
        mapping.map(value, recall(inside, loc, value.getType(), tape, k));
  }
  for (Operation *op : backward)
    inside.clone(*op, mapping);
  SmallVector<Value> yielded;
  for (ValueRange next : {ValueRange(body.nextSeeds), ValueRange(body.nextSums)})
    for (Value value : next)
      yielded.push_back(mapping.lookupOrDefault(value));
  scf::YieldOp::create(inside, loc, yielded);

  for (auto [position, value] : llvm::enumerate(captured))
    cotangents[value] = reversed.getResult(body.seeded.size() + position);
  for (auto [position, i] : llvm::enumerate(body.seeded))
    if (active.contains(loop.getInitArgs()[i]))
      addCotangent(builder, loc, loop.getInitArgs()[i], reversed.getResult(position), cotangents);
}

LogicalResult LoopTransposer::run() {
  for (Value value : capturedBy(loop))
    if (active.contains(value))
      captured.push_back(value);
  // The carried values that a cotangent reaches, from those of the results on.
  TransposedBody body;
  for (auto [i, result] : llvm::enumerate(loop.getResults()))
    if (cotangents.lookup(result))
      body.seeded.push_back(i);
  for (;;) {
    FailureOr<SmallVector<unsigned>> further = transposeBody(body);
    if (succeeded(further) && further->empty())
      break;
    body.holder.erase();
    if (failed(further))
      return failure();
    TransposedBody wider;
    wider.seeded = body.seeded;
    llvm::append_range(wider.seeded, *further);
    llvm::sort(wider.seeded);
    body = wider;
  }
  llvm::SetVector<Operation *> backward = backwardOps(body);
  llvm::SetVector<Value> needed;
  auto need = [&](Value value) {
    bool isCotangent = llvm::is_contained(body.seeds, value) || llvm::is_contained(body.sums, value);
    if (value.getParentBlock() == &body.block() && !isCotangent && !backward.contains(value.getDefiningOp()))
      needed.insert(value);
  };
  for (Operation *op : backward) {
    for (Value operand : op->getOperands())
      need(operand);
    for (Value value : capturedBy(op))
      need(value);
  }
  for (ValueRange next : {ValueRange(body.nextSeeds), ValueRange(body.nextSums)})
    for (Value value : next)
      need(value);
  FailureOr<Recording> recording = planRecording(body.block(), needed.getArrayRef(), Recomputation::Cheap);
  if (failed(recording)) {
    body.holder.erase();
    return failure();
  }
  OpBuilder before(loop);
  OpFoldResult count = tripCount(before, loop);
  scf::ForOp forward = createForward(body, backward, recording->recorded, count);
  createBackward(body, backward, *recording, forward.getResults().take_back(recording->recorded.size()),
                 count);
  body.holder.erase();
  return success();
}

LogicalResult costate::transposeFor(scf::ForOp loop, const ValueSet &active, OpBuilder &builder,
                                    Cotangents &cotangents) {
  return LoopTransposer(loop, active, builder, cotangents).run();
}
