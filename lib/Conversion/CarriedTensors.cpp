//===- CarriedTensors.cpp - The buffers of what loops carry -----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A tensor that a loop carries has one buffer for all iterations, which each iteration leaves with the next
// value. An `scf.while` has two sets of values, those that its first region takes and those that its second
// does: both regions get the same tensors at the same places, so that each has one buffer.
//
//===------------------------------------------------------------------------------------------------------===//
#include "CarriedTensors.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

using namespace mlir;
using namespace costate;

namespace {

/// Whether two tensors of one type are known to have the same extents.
bool haveSameExtents(Value a, Value b) {
  auto type = cast<RankedTensorType>(a.getType());
  return a == b || llvm::all_of(llvm::seq<int64_t>(0, type.getRank()), [&](int64_t i) {
           if (!type.isDynamicDim(i))
             return true;
           FailureOr<bool> equal = ValueBoundsConstraintSet::areEqual({a, i}, {b, i});
           return succeeded(equal) && *equal;
         });
}

/// Writes the tensors among the operands `first`, `first` + 1, ... of a terminator to the buffers of the
/// values in `carried`.
void carry(Operation *terminator, unsigned first, ValueRange carried, WriteFn write) {
  SmallVector<ParallelWrite> writes;
  SmallVector<OpOperand *> operands;
  for (auto [i, value] : llvm::enumerate(carried))
    if (OpOperand &next = terminator->getOpOperand(first + i);
        isa<RankedTensorType>(value.getType()) && haveSameExtents(next.get(), value)) {
      operands.push_back(&next);
      writes.push_back({next.get(), value, {}});
    }
  OpBuilder builder(terminator);
  write(builder, writes);
  for (auto [operand, done] : llvm::zip_equal(operands, writes))
    operand->set(done.result);
}

/// Gives both regions of a loop the same tensors at the same places: those that the first takes, then those
/// of the second that need a buffer beside them. What has no buffer before the loop and only the second
/// region takes follows: scalars and tensors of unknown extents.
scf::WhileOp alignRegions(scf::WhileOp loop) {
  scf::ConditionOp condition = loop.getConditionOp();
  auto arguments = loop.getBeforeArguments();
  unsigned count = arguments.size();
  if (llvm::equal(condition.getArgs(), arguments))
    return loop;
  // Where each value that the second region takes is found in the new loop, and what is handed over there.
  SmallVector<unsigned> places(loop.getNumResults());
  SmallVector<Value> handed(arguments.begin(), arguments.end());
  SmallVector<unsigned> computed, unplaced;
  SmallVector<bool> isFree(count, true);
  for (auto [i, value] : llvm::enumerate(condition.getArgs())) {
    auto known = llvm::find(arguments, value);
    if (known != arguments.end()) {
      places[i] = std::distance(arguments.begin(), known);
      isFree[places[i]] = false;
    } else {
      auto type = dyn_cast<RankedTensorType>(value.getType());
      (type && type.hasStaticShape() ? computed : unplaced).push_back(i);
    }
  }
  IRRewriter rewriter(loop.getContext());
  rewriter.setInsertionPoint(loop);
  SmallVector<Value> inits(loop.getInits());
  for (unsigned i : computed) {
    Value value = condition.getArgs()[i];
    // The buffer of a tensor that the second region does not ask for serves, too.
    unsigned place = 0;
    while (place != count && !(isFree[place] && arguments[place].getType() == value.getType()))
      ++place;
    if (place != count) {
      isFree[place] = false;
      handed[place] = value;
    } else {
      auto type = cast<RankedTensorType>(value.getType());
      place = inits.size();
      inits.push_back(
          tensor::EmptyOp::create(rewriter, loop.getLoc(), type.getShape(), type.getElementType()));
      handed.push_back(value);
    }
    places[i] = place;
  }
  for (unsigned i : unplaced) {
    places[i] = handed.size();
    handed.push_back(condition.getArgs()[i]);
  }
  SmallVector<Type> types(ValueRange(handed).getTypes());
  condition.getArgsMutable().assign(handed);
  auto aligned = scf::WhileOp::create(rewriter, loop.getLoc(), types, inits);
  SmallVector<Location> locations(types.size(), loop.getLoc());
  Block *before = rewriter.createBlock(&aligned.getBefore(), {}, ValueRange(inits).getTypes(),
                                       ArrayRef(locations).take_front(inits.size()));
  rewriter.mergeBlocks(loop.getBeforeBody(), before, before->getArguments().take_front(count));
  Block *after = rewriter.createBlock(&aligned.getAfter(), {}, types, locations);
  SmallVector<Value> taken;
  for (unsigned place : places)
    taken.push_back(after->getArgument(place));
  rewriter.mergeBlocks(loop.getAfterBody(), after, taken);
  aligned.getYieldOp().getResultsMutable().append(after->getArguments().slice(count, inits.size() - count));

  SmallVector<Value> results;
  for (unsigned place : places)
    results.push_back(aligned.getResult(place));
  rewriter.replaceOp(loop, results);
  return aligned;
}

} // namespace

void costate::carryInPlace(Operation *root, WriteFn write) {
  SmallVector<Operation *> loops;
  root->walk([&](Operation *op) {
    if (isa<scf::ForOp, scf::WhileOp>(op))
      loops.push_back(op);
  });
  // Inner loops first: where their results are, is known then.
  for (Operation *op : loops) {
    if (auto loop = dyn_cast<scf::ForOp>(op)) {
      carry(loop.getBody()->getTerminator(), 0, loop.getRegionIterArgs(), write);
      continue;
    }
    scf::WhileOp loop = alignRegions(cast<scf::WhileOp>(op));
    carry(loop.getConditionOp(), 1, loop.getBeforeArguments(), write);
    carry(loop.getYieldOp(), 0, loop.getAfterArguments().take_front(loop.getInits().size()), write);
  }
}
