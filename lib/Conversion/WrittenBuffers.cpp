//===- WrittenBuffers.cpp - What a function writes to its buffers -----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "WrittenBuffers.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace costate;

namespace {

/// The tensor in a buffer, if all that a function does with the buffer is to enter it as a tensor of one type
/// and to write such tensors to it, the latter in the body of the function itself.
RankedTensorType tensorOf(BlockArgument buffer) {
  RankedTensorType type;
  for (OpOperand &use : buffer.getUses()) {
    Operation *user = use.getOwner();
    Type entered;
    if (auto read = dyn_cast<bufferization::ToTensorOp>(user))
      entered = read.getType();
    else if (auto write = dyn_cast<bufferization::MaterializeInDestinationOp>(user);
             write && write->getBlock() == buffer.getOwner())
      entered = write.getSource().getType();
    auto tensor = dyn_cast_or_null<RankedTensorType>(entered);
    if (!tensor || (type && type != tensor))
      return {};
    type = tensor;
  }
  return type;
}

} // namespace

void costate::exposeWrites(func::FuncOp function, WriteFn writeAll) {
  Block &block = function.front();
  Location loc = function.getLoc();
  auto builder = OpBuilder::atBlockBegin(&block);
  llvm::SmallMapVector<Value, ParallelWrite, 8> buffers;
  for (BlockArgument buffer : block.getArguments())
    if (isa<MemRefType>(buffer.getType()))
      if (RankedTensorType type = tensorOf(buffer)) {
        bool isWritten = llvm::any_of(buffer.getUsers(), [](Operation *user) {
          return isa<bufferization::MaterializeInDestinationOp>(user);
        });
        // What is not written must not become a place for intermediate values either.
        Value tensor = bufferization::ToTensorOp::create(builder, loc, type, buffer, /*restrict=*/true,
                                                         /*writable=*/isWritten);
        buffers[buffer] = {tensor, tensor, {}};
      }
  if (buffers.empty())
    return;

  Block::iterator first = builder.getInsertionPoint();
  for (Operation &op : llvm::make_early_inc_range(llvm::make_range(first, block.end()))) {
    if (auto write = dyn_cast<bufferization::MaterializeInDestinationOp>(op)) {
      auto it = buffers.find(write.getDest());
      if (it == buffers.end())
        continue;
      it->second.source = write.getSource();
      write.erase();
      continue;
    }
    op.walk([&](bufferization::ToTensorOp read) {
      auto it = buffers.find(read.getBuffer());
      if (it == buffers.end())
        return;
      read.replaceAllUsesWith(it->second.source);
      read.erase();
    });
  }

  SmallVector<Value> written;
  SmallVector<ParallelWrite> writes;
  for (auto &[buffer, write] : buffers)
    if (write.source != write.destination) {
      written.push_back(buffer);
      writes.push_back(write);
    }
  builder.setInsertionPoint(block.getTerminator());
  writeAll(builder, writes);
  for (auto [buffer, write] : llvm::zip_equal(written, writes))
    bufferization::MaterializeInDestinationOp::create(builder, loc, Type(), write.result, buffer,
                                                      /*restrict=*/false, /*writable=*/true);
}
