//===- Checkpointing.h - How much a loop records for its backward pass -------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_CHECKPOINTING_H
#define COSTATE_LIB_DIFFERENTIATION_CHECKPOINTING_H

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace costate {

/// The attribute `checkpoint` of a loop.
struct Checkpointing {
  enum class Scheme {
    All,       // "all": what is needed of every iteration
    Every,     // {every = n}: what is carried in every n-th iteration; n iterations at a time are run again
    Snapshots, // {snapshots = n}: what is carried in at most n iterations at a time, by the binomial schedule
    Bytes,     // {bytes = n}: the fastest of these that takes no more memory
  };
  Scheme scheme = Scheme::All;
  int64_t amount = 0;
};

/// An error at the loop if the attribute is none of these.
mlir::FailureOr<Checkpointing> checkpointingOf(mlir::Operation *loop);

/// Sets the attribute.
void setCheckpointing(mlir::Operation *loop, Checkpointing checkpointing);

/// More bytes than there can be; sums of a few of these do not overflow.
constexpr int64_t kTooMuch = std::numeric_limits<int64_t>::max() / 1024;
/// The product of sizes, or `kTooMuch`.
int64_t times(int64_t a, int64_t b);

/// What one iteration takes: of what is needed, of what is carried, and as a snapshot with its position.
struct RecordedBytes {
  int64_t needed = 0, carried = 0, snapshot = 0;
};

/// The length of blocks, of 2 iterations or more, that takes the least memory.
int64_t bestBlock(int64_t count, RecordedBytes bytes);

/// The scheme that stays below `cap` bytes and runs the fewest iterations again, if there is one. `count` is
/// null where it is not known before the loop runs.
std::optional<Checkpointing> chooseCheckpointing(int64_t cap, RecordedBytes bytes,
                                                 std::optional<int64_t> count);

/// Puts before `loop` one over blocks of `size` iterations, with a loop over the block inside, and returns
/// it. `loop` stays as it is.
mlir::scf::ForOp createBlocked(mlir::scf::ForOp loop, mlir::OpFoldResult count, int64_t size);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_CHECKPOINTING_H
