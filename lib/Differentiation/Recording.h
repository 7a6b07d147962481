//===- Recording.h - What to record of an iteration, and what to compute again -----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_RECORDING_H
#define COSTATE_LIB_DIFFERENTIATION_RECORDING_H

#include "mlir/IR/Block.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"

namespace costate {

/// What may be computed a second time: what costs no more than reading it back, or everything.
enum class Recomputation { Cheap, Everything };

struct Recording {
  llvm::SmallVector<mlir::Value> recorded;
  /// In the order of the block; together with what is recorded they give the values that are needed.
  llvm::SmallVector<mlir::Operation *> recomputed;
};

/// The fewest bits of the body of a loop from which the values `needed` can be computed again: a minimum cut
/// between what is carried or dear and what is needed. The first argument of the block, and what is defined
/// outside, costs nothing. `needed` are values of the block. An error at what can neither be recorded nor
/// computed.
mlir::FailureOr<Recording> planRecording(mlir::Block &block, llvm::ArrayRef<mlir::Value> needed,
                                         Recomputation recomputation);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_RECORDING_H
