//===- Recording.cpp - What to record of an iteration, and what to compute again --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Recording.h"

#include "Activity.h"
#include "FlowNetwork.h"
#include "Tape.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace costate;

/// Moves data, counts, or is one addition or scaling for each element: as fast as reading the result.
static bool isCheap(Operation *op) {
  if (op->hasTrait<OpTrait::ConstantLike>() || isa<tensor::TensorDialect>(op->getDialect()))
    return true;
  if (isa<linalg::BroadcastOp, linalg::TransposeOp, linalg::FillOp>(op))
    return true;
  if (op->getNumRegions() > 0)
    return false;
  if (isa<arith::AddFOp, arith::SubFOp, arith::NegFOp, arith::SelectOp, arith::CmpFOp, arith::ExtFOp,
          arith::TruncFOp, arith::SIToFPOp, arith::UIToFPOp>(op))
    return true;
  if (isa<arith::MulFOp>(op))
    return llvm::any_of(op->getOperands(),
                        [&](Value factor) { return factor.getParentBlock() != op->getBlock(); });
  // Index arithmetic.
  return isa<arith::ArithDialect>(op->getDialect()) &&
         llvm::all_of(op->getResultTypes(), [](Type type) { return type.isIntOrIndex(); }) &&
         llvm::all_of(op->getOperandTypes(), [](Type type) { return type.isIntOrIndex(); });
}

static bool mayRecompute(Operation *op, Recomputation recomputation) {
  if (!isMemoryEffectFree(op))
    return false;
  // The tape of an inner loop whose count is not known cannot be part of another tape.
  return recomputation == Recomputation::Everything || isCheap(op) ||
         !llvm::all_of(op->getResultTypes(), isRecordable);
}

static SmallVector<Value> readBy(Operation *op) {
  SmallVector<Value> values(op->getOperands());
  llvm::append_range(values, capturedBy(op));
  return values;
}

FailureOr<Recording> costate::planRecording(Block &block, ArrayRef<Value> needed,
                                            Recomputation recomputation) {
  FlowNetwork network;
  unsigned source = network.addNode(), sink = network.addNode();
  // Each value is two nodes, and the edge between them is what recording it costs.
  llvm::MapVector<Value, unsigned> entry; // the exit is entry + 1
  SmallVector<Value> worklist;
  auto isFree = [&](Value value) {
    return value.getParentBlock() != &block || value == block.getArgument(0);
  };
  auto nodeOf = [&](Value value) {
    auto [it, inserted] = entry.try_emplace(value, 0);
    if (inserted) {
      it->second = network.addNode();
      network.addNode();
      network.addEdge(it->second, it->second + 1,
                      isRecordable(value.getType()) ? bitsOf(value.getType()) : FlowNetwork::infinity);
      worklist.push_back(value);
    }
    return it->second;
  };
  for (Value value : needed)
    if (!isFree(value))
      network.addEdge(nodeOf(value) + 1, sink, FlowNetwork::infinity);
  while (!worklist.empty()) {
    Value value = worklist.pop_back_val();
    unsigned node = entry[value];
    Operation *op = value.getDefiningOp();
    if (!op || !mayRecompute(op, recomputation)) {
      network.addEdge(source, node, FlowNetwork::infinity);
      continue;
    }
    for (Value read : readBy(op))
      if (!isFree(read))
        network.addEdge(nodeOf(read) + 1, node, FlowNetwork::infinity);
  }
  if (network.maximize(source, sink) >= FlowNetwork::infinity) {
    for (auto [value, node] : entry)
      if (!isRecordable(value.getType()) &&
          (!value.getDefiningOp() || !mayRecompute(value.getDefiningOp(), recomputation)))
        return emitError(value.getLoc())
               << "a value of type " << value.getType()
               << " cannot be recorded for the backward pass of a loop; a static shape is required";
    return failure();
  }
  Recording recording;
  llvm::BitVector reaching = network.reaching(sink);
  for (auto [value, node] : entry)
    if (!reaching.test(node) && reaching.test(node + 1))
      recording.recorded.push_back(value);

  llvm::DenseSet<Operation *> recomputed;
  SmallVector<Value> stack(needed);
  while (!stack.empty()) {
    Value value = stack.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (isFree(value) || !op || llvm::is_contained(recording.recorded, value) ||
        !recomputed.insert(op).second)
      continue;
    llvm::append_range(stack, readBy(op));
  }
  for (Operation &op : block)
    if (recomputed.contains(&op))
      recording.recomputed.push_back(&op);
  return recording;
}
