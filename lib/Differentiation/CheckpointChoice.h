//===- CheckpointChoice.h - Which loops record how much, for a limit on all of them ------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// With o bytes that an iteration needs, t bytes of tapes of the loops inside it, s bytes that it carries, w
// its work and e what the loops inside run again in it, a loop of n iterations takes
//
//   "all"          n (o + t) bytes                                   n e work again
//   {every = k}    ⌈n/k⌉ s bytes, and k (o + t) of one block         n (w + e)
//   {snapshots=c}  (c + 1) s bytes                                   (r n - β(c + 1, r - 1)) w + n e
//
// and besides what the loops inside need for themselves while one iteration runs. Of what a loop can be made
// to take, the choices that no other beats in memory and in work are kept, from the innermost loops outwards;
// of all that stay below the limit, the one of least work is taken.
//
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_CHECKPOINTCHOICE_H
#define COSTATE_LIB_DIFFERENTIATION_CHECKPOINTCHOICE_H

#include "Checkpointing.h"

namespace costate {

/// A loop of a function that is to be differentiated backwards. Loops stand in the order of the text, the
/// outer one before those inside it.
struct RecordingLoop {
  explicit RecordingLoop(mlir::Location loc) : loc(loc) {}

  mlir::Location loc;
  std::optional<unsigned> parent; // the number of the loop around it
  bool isTransient = false; // in a branch, which runs again: the loop around it records none of its tapes
  std::optional<Checkpointing> stated;
  double work = 0; // elements computed in one iteration

  // What it records, where everything is recorded; nothing if it has no backward pass.
  bool isReversed = false;
  std::optional<int64_t> count;
  RecordedBytes bytes; // without the tapes of the loops inside

  /// An unknown count has to have some size in comparisons.
  int64_t likelyCount() const { return count.value_or(1000); }
};

/// A scheme for each loop.
struct CheckpointChoice {
  llvm::SmallVector<Checkpointing> schemes;
  llvm::SmallVector<int64_t> bytes; // of each loop, at a time
  int64_t total = 0;                // bytes
};

/// The least work that takes at most `limit` bytes, or the fewest bytes where none does.
CheckpointChoice chooseCheckpoints(llvm::ArrayRef<RecordingLoop> loops, int64_t limit);

/// How many iterations of `count` run again with the binomial schedule.
double binomialRepetitions(int64_t count, int64_t snapshots);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_CHECKPOINTCHOICE_H
