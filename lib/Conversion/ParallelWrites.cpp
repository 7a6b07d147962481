//===- ParallelWrites.cpp - Tensors that go to buffers at once --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Bufferization must be able to do every write in place, or it refuses the program. So nothing that may be in
// the buffer of a destination is read once that is written:
// - A value that a branch yields is one buffer with all that its regions yield. The write goes into the
// branch
//   where it can, else the branch yields a copy of the destination.
// - A source that an op may compute in the buffer of a destination is written before that is, or copied.
//
//===------------------------------------------------------------------------------------------------------===//
#include "ParallelWrites.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace costate;

namespace {

/// Whether the results of an op are what one of its regions yields.
bool isBranch(Operation *op) { return isa_and_present<scf::IfOp, scf::ExecuteRegionOp>(op); }

/// The terminators that give a branch its results.
SmallVector<scf::YieldOp> yieldsOf(Operation *branch) {
  SmallVector<scf::YieldOp> yields;
  for (Region &region : branch->getRegions())
    for (Block &block : region)
      if (auto yield = dyn_cast<scf::YieldOp>(block.getTerminator()))
        yields.push_back(yield);
  return yields;
}

Value copyOf(OpBuilder &builder, Value tensor) {
  return bufferization::AllocTensorOp::create(builder, tensor.getLoc(),
                                              cast<RankedTensorType>(tensor.getType()), ValueRange(), tensor);
}

Value writeTo(OpBuilder &builder, const ParallelWrite &write) {
  return bufferization::MaterializeInDestinationOp::create(
             builder, write.source.getLoc(), write.destination.getType(), write.source, write.destination)
      .getResult();
}

class Writer {
public:
  Writer(OpBuilder &builder, MutableArrayRef<ParallelWrite> writes)
      : builder(builder), block(builder.getInsertionBlock()), writes(writes) {}

  void run() {
    OpBuilder::InsertionGuard guard(builder);
    OpBuilder::InsertPoint end = builder.saveInsertionPoint();
    for (ParallelWrite &write : writes)
      if (write.source == write.destination)
        write.result = write.source;
    enterBranches();
    detach();
    for (ParallelWrite &write : writes)
      if (!write.result && isInPlace(write.source, write.destination))
        write.result = write.source;
    builder.restoreInsertionPoint(end);
    emit();
  }

private:
  /// Writes to a buffer in the branch that computes what goes there, if nothing reads the buffer afterwards.
  void enterBranches() {
    llvm::MapVector<Operation *, SmallVector<unsigned>> entered;
    for (auto [i, write] : llvm::enumerate(writes))
      if (!write.result && canEnter(write))
        entered[write.source.getDefiningOp()].push_back(i);
    for (auto &[branch, group] : entered) {
      for (scf::YieldOp yield : yieldsOf(branch)) {
        SmallVector<ParallelWrite> inner;
        for (unsigned i : group)
          inner.push_back({yield.getOperand(position(writes[i].source)), writes[i].destination, {}});
        builder.setInsertionPoint(yield);
        writeInParallel(builder, inner);
        for (auto [i, write] : llvm::zip_equal(group, inner))
          yield->setOperand(position(writes[i].source), write.result);
      }
      for (unsigned i : group)
        writes[i].result = writes[i].source;
    }
  }

  static unsigned position(Value result) { return cast<OpResult>(result).getResultNumber(); }

  bool canEnter(const ParallelWrite &write) {
    Operation *branch = write.source.getDefiningOp();
    if (!isBranch(branch) || branch->getBlock() != block)
      return false;
    for (const ParallelWrite &other : writes)
      if (&other != &write && (other.source == write.destination || other.source == write.source))
        return false;
    if (isYieldedOn(write.source))
      return false;
    // The uses that are the write itself.
    DenseSet<OpOperand *> own;
    SmallVector<Value> results{write.source};
    while (!results.empty()) {
      Value result = results.pop_back_val();
      for (scf::YieldOp yield : yieldsOf(result.getDefiningOp())) {
        OpOperand &yielded = yield->getOpOperand(position(result));
        own.insert(&yielded);
        if (Operation *inner = yielded.get().getDefiningOp(); isBranch(inner) && branch->isAncestor(inner))
          results.push_back(yielded.get());
      }
    }
    return llvm::all_of(write.destination.getUses(), [&](OpOperand &use) {
      Operation *ancestor = block->findAncestorOpInBlock(*use.getOwner());
      if (own.contains(&use) || (ancestor == branch && !isYieldedByBranch(use)))
        return true;
      return (!ancestor || ancestor->isBeforeInBlock(branch)) && !isYieldedByBranch(use) &&
             state.getAliasingValues(use).getNumAliases() == 0;
    });
  }

  /// Whether a branch within the block yields a value.
  bool isYieldedOn(Value value) {
    return llvm::any_of(value.getUses(), [&](OpOperand &use) {
      return isYieldedByBranch(use) && use.getOwner() != block->getTerminator();
    });
  }

  /// Lets branches yield copies of destinations, and of what may be in their buffers, and remembers what else
  /// is one buffer by branches.
  void detach() {
    DenseSet<Value> destinations, entered;
    for (ParallelWrite &write : writes) {
      if (write.result == write.source)
        entered.insert(write.source);
      else
        destinations.insert(write.destination);
    }
    for (Value destination : destinations)
      for (OpOperand &use : llvm::make_early_inc_range(destination.getUses()))
        if (block->findAncestorOpInBlock(*use.getOwner()) &&
            llvm::any_of(state.getAliasingValues(use),
                         [&](bufferization::AliasingValue alias) { return isYieldedOn(alias.value); })) {
          builder.setInsertionPoint(use.getOwner());
          use.set(copyOf(destination));
        }
    block->walk([&](scf::YieldOp yield) {
      Operation *branch = yield->getParentOp();
      if (!isBranch(branch) || yield == block->getTerminator())
        return;
      for (auto [operand, result] : llvm::zip_equal(yield->getOpOperands(), branch->getResults())) {
        if (!isa<RankedTensorType>(result.getType()) || entered.contains(result))
          continue;
        if (destinations.contains(operand.get())) {
          builder.setInsertionPoint(yield);
          operand.set(copyOf(operand.get()));
        }
        buffers.unionSets(operand.get(), result);
      }
    });
  }

  /// Whether what is written is computed in the buffer already, as bufferization sees it.
  bool isInPlace(Value source, Value destination) {
    if (isYieldedOn(source))
      return false;
    SmallVector<OpOperand *> chain;
    while (source != destination) {
      auto result = dyn_cast<OpResult>(source);
      OpOperand *start = result ? startOf(result) : nullptr;
      if (!start)
        return false;
      chain.push_back(start);
      source = start->get();
    }
    // What is there must not be read any more once it is overwritten.
    return llvm::all_of(chain, [&](OpOperand *start) {
      return llvm::all_of(start->get().getUses(), [&](OpOperand &use) {
        Operation *ancestor = start->getOwner()->getBlock()->findAncestorOpInBlock(*use.getOwner());
        return &use == start ||
               (!isYieldedByBranch(use) && (!ancestor || ancestor->isBeforeInBlock(start->getOwner())));
      });
    });
  }

  Value copyOf(Value tensor) { return ::copyOf(builder, tensor); }

  /// Writes what is left, each destination after all writes that read it.
  void emit() {
    auto bufferOf = [&](Value value) {
      auto known = buffers.findLeader(value);
      return known == buffers.member_end() ? value : *known;
    };
    // The writes that read what a write overwrites, and how many are to come before each.
    overwritten.resize(writes.size());
    readers.resize(writes.size());
    for (auto [i, write] : llvm::enumerate(writes)) {
      if (write.result)
        continue;
      DenseSet<Value> inside{bufferOf(write.destination)};
      for (OpOperand &use : write.destination.getUses())
        for (bufferization::AliasingValue alias : state.getAliasingValues(use))
          inside.insert(bufferOf(alias.value));
      for (auto [j, other] : llvm::enumerate(writes)) {
        if (other.result || !inside.contains(bufferOf(other.source)))
          continue;
        if (i == j) {
          other.source = copyOf(other.source);
        } else {
          overwritten[j].push_back(i);
          ++readers[i];
        }
      }
    }
    SmallVector<unsigned> ready;
    for (auto [i, write] : llvm::enumerate(writes))
      if (!write.result && readers[i] == 0)
        ready.push_back(i);
    emit(ready);
    // What is left are cycles: a copy opens one.
    for (auto [i, write] : llvm::enumerate(writes)) {
      if (write.result)
        continue;
      write.source = copyOf(write.source);
      emit(release(i));
    }
  }

  /// The writes that need not wait any more once a write has read its source.
  SmallVector<unsigned> release(unsigned write) {
    SmallVector<unsigned> ready;
    for (unsigned next : overwritten[write])
      if (--readers[next] == 0)
        ready.push_back(next);
    overwritten[write].clear();
    return ready;
  }

  /// Emits the given writes, and those that become possible.
  void emit(SmallVector<unsigned> ready) {
    for (size_t next = 0; next < ready.size(); ++next) {
      ParallelWrite &write = writes[ready[next]];
      write.result = writeTo(builder, write);
      llvm::append_range(ready, release(ready[next]));
    }
  }

  OpBuilder &builder;
  Block *block;
  MutableArrayRef<ParallelWrite> writes;
  bufferization::BufferizationOptions options;
  bufferization::AnalysisState state{options};
  llvm::EquivalenceClasses<Value> buffers;        // What is one buffer by branches.
  SmallVector<SmallVector<unsigned>> overwritten; // By write: those that overwrite what it reads.
  SmallVector<unsigned> readers;                  // By write: how many still read what it overwrites.
};

} // namespace

bool costate::isYieldedByBranch(OpOperand &use) {
  return isa<scf::YieldOp>(use.getOwner()) && isBranch(use.getOwner()->getParentOp());
}

void costate::writeInParallel(OpBuilder &builder, MutableArrayRef<ParallelWrite> writes) {
  Writer(builder, writes).run();
}

void costate::writeApart(OpBuilder &builder, MutableArrayRef<ParallelWrite> writes) {
  for (ParallelWrite &write : writes) {
    if (write.source == write.destination) {
      write.result = write.source;
      continue;
    }
    if (write.destination.use_empty())
      continue;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfterValue(write.destination);
    Value copy = copyOf(builder, write.destination);
    write.destination.replaceAllUsesExcept(copy, copy.getDefiningOp());
    for (ParallelWrite &other : writes)
      if (other.source == write.destination)
        other.source = copy;
  }
  for (ParallelWrite &write : writes)
    if (!write.result)
      write.result = writeTo(builder, write);
}

OpOperand *costate::startOf(OpResult result) {
  Operation *op = result.getOwner();
  if (auto loop = dyn_cast<LoopLikeOpInterface>(op)) {
    // Writing in parallel has given these one buffer from iteration to iteration, unless extents change.
    bool isStatic = cast<ShapedType>(result.getType()).hasStaticShape();
    if (isa<scf::ForallOp>(op) || (isa<scf::ForOp>(op) && isStatic) ||
        (isa<scf::WhileOp>(op) && isStatic && result.getResultNumber() < loop.getInits().size() &&
         loop.getInits()[result.getResultNumber()].getType() == result.getType()))
      return &loop.getInitsMutable()[result.getResultNumber()];
    return nullptr;
  }
  if (auto destination = dyn_cast<DestinationStyleOpInterface>(op))
    return destination.getTiedOpOperand(result);
  return nullptr;
}
