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

/// What one iteration takes: of what is needed, and of what is carried.
struct RecordedBytes {
  int64_t needed, carried;
};

/// The scheme that stays below `cap` bytes and runs the fewest iterations again. `count` is null where it is
/// not known before the loop runs. An error at the loop if there is none.
mlir::FailureOr<Checkpointing> chooseCheckpointing(mlir::Operation *loop, int64_t cap, RecordedBytes bytes,
                                                   std::optional<int64_t> count);

/// Puts before `loop` one over blocks of `size` iterations, with a loop over the block inside, and returns
/// it. `loop` stays as it is.
mlir::scf::ForOp createBlocked(mlir::scf::ForOp loop, mlir::OpFoldResult count, int64_t size);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_CHECKPOINTING_H
