//===- ReuseBuffers.cpp - One buffer for values that are never alive together -----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ReuseBuffers.h"

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "llvm/ADT/IntEqClasses.h"

#include <map>

using namespace mlir;
using namespace costate;

namespace {

/// A buffer and the operations of its block that use it or a view of it first and last.
struct LiveBuffer {
  memref::AllocOp alloc;
  Operation *firstUser = nullptr;
  unsigned first = 0, last = 0;
};

class BlockReuse {
public:
  BlockReuse(Block &block, const BufferViewFlowAnalysis &views) : block(block), views(views) {}

  void run() {
    for (Operation &op : block)
      positions.try_emplace(&op, positions.size());
    for (Operation &op : block)
      if (auto alloc = dyn_cast<memref::AllocOp>(op); alloc && alloc.getType().hasStaticShape())
        findUsers(alloc);
    SmallVector<unsigned> order = llvm::to_vector(llvm::seq<unsigned>(0, buffers.size()));
    llvm::sort(order, [&](unsigned a, unsigned b) {
      return std::pair(buffers[a].first, a) < std::pair(buffers[b].first, b);
    });
    // By type: buffers that others may use, by their last users.
    llvm::DenseMap<Type, std::multimap<unsigned, unsigned>> known;
    for (unsigned later : order) {
      LiveBuffer &buffer = buffers[later];
      auto &sameType = known[buffer.alloc.getType()];
      unsigned kept = later;
      for (auto it = sameType.upper_bound(buffer.first); it != sameType.begin();) {
        unsigned earlier = (--it)->second;
        if (it->first == buffer.first && !overwrites(buffer.firstUser, earlier, later))
          continue;
        buffer.alloc.getResult().replaceAllUsesWith(buffers[earlier].alloc.getResult());
        buffer.alloc.erase();
        owners.join(earlier, later);
        kept = earlier;
        sameType.erase(it);
        break;
      }
      sameType.insert({buffer.last, kept});
    }
  }

private:
  void findUsers(memref::AllocOp alloc) {
    LiveBuffer buffer{alloc};
    unsigned number = buffers.size();
    SmallVector<Value> values;
    for (Value view : views.resolve(alloc.getResult())) {
      values.push_back(view);
      for (Operation *user : view.getUsers()) {
        Operation *ancestor = block.findAncestorOpInBlock(*user);
        // What leaves the block lives longer.
        if (!ancestor || ancestor->hasTrait<OpTrait::IsTerminator>())
          return;
        unsigned position = positions.lookup(ancestor);
        if (!buffer.firstUser || position < buffer.first) {
          buffer.firstUser = ancestor;
          buffer.first = position;
        }
        buffer.last = std::max(buffer.last, position);
      }
    }
    if (!buffer.firstUser)
      return;
    buffers.push_back(buffer);
    owners.grow(buffers.size());
    for (Value value : values)
      bufferOf[value] = number;
  }

  /// Whether an op computes each element of `later` from the same one of `earlier`, if from any.
  bool overwrites(Operation *op, unsigned earlier, unsigned later) {
    auto elementwise = dyn_cast<linalg::LinalgOp>(op);
    if (!elementwise || elementwise.getNumParallelLoops() != elementwise.getNumLoops())
      return false;
    auto isEarlier = [&](Value value) {
      auto it = bufferOf.find(value);
      return it != bufferOf.end() && owners.findLeader(it->second) == owners.findLeader(earlier);
    };
    auto isLater = [&](Value value) {
      auto it = bufferOf.find(value);
      return it != bufferOf.end() && it->second == later;
    };
    // What the body itself loads or stores may be any element.
    WalkResult body = op->walk([&](Operation *nested) {
      auto takesEither = [&](Value operand) { return isEarlier(operand) || isLater(operand); };
      return nested != op && llvm::any_of(nested->getOperands(), takesEither) ? WalkResult::interrupt()
                                                                              : WalkResult::advance();
    });
    if (body.wasInterrupted())
      return false;
    return llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
      bool writes = isLater(operand.get());
      if (!writes && !isEarlier(operand.get()))
        return true;
      return operand.get().getType() == buffers[later].alloc.getType() &&
             elementwise.getMatchingIndexingMap(&operand).isIdentity() &&
             elementwise.isDpsInit(&operand) == writes;
    });
  }

  Block &block;
  const BufferViewFlowAnalysis &views;
  DenseMap<Operation *, unsigned> positions;
  SmallVector<LiveBuffer> buffers;
  DenseMap<Value, unsigned> bufferOf; // Of buffers and their views.
  llvm::IntEqClasses owners;          // Of buffers that have become one.
};

} // namespace

void costate::reuseBuffers(func::FuncOp function) {
  BufferViewFlowAnalysis views(function);
  function.walk([&](Block *block) { BlockReuse(*block, views).run(); });
}
