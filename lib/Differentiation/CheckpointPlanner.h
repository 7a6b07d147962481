//===- CheckpointPlanner.h - A derivative backwards that stays below a memory limit ------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// What the loops of a function record is known once it is transposed. So it is transposed with everything
// recorded, and where that is too much, schemes are chosen by what was recorded, and it is transposed again.
//
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_CHECKPOINTPLANNER_H
#define COSTATE_LIB_DIFFERENTIATION_CHECKPOINTPLANNER_H

#include "CheckpointChoice.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

// Attributes, on the way through one transposition.
/// The number of a loop that is to say what it records.
constexpr llvm::StringLiteral kLoopNumberAttr = "costate.loop";
/// What it records: bytes needed of an iteration without the tapes of other loops, bytes carried, bytes of a
/// snapshot, iterations or -1, and how many of its results are tapes.
constexpr llvm::StringLiteral kRecordedAttr = "costate.recorded";
/// A tape.
constexpr llvm::StringLiteral kTapeAttr = "costate.tape";

class CheckpointPlanner {
public:
  /// The limit is that of `function`, else of its module; there may be none.
  explicit CheckpointPlanner(mlir::func::FuncOp function);

  /// In a copy of the function that is about to be differentiated.
  mlir::LogicalResult annotate(mlir::Block &body);
  /// In what has become of it, before it is simplified.
  void measure(mlir::func::FuncOp derivative);
  /// Whether the derivative is as it should be; else it is to be made again. An error at a loop if none can
  /// be.
  mlir::FailureOr<bool> isDone();

private:
  mlir::FailureOr<bool> isPlanned();
  void findLoops(mlir::Block &body);
  void remark();
  mlir::LogicalResult reportExcess(int64_t required);

  mlir::func::FuncOp function;
  std::optional<int64_t> limit;
  bool isActive; // there is a limit, or someone who wants to know
  llvm::SmallVector<RecordingLoop> loops;
  std::optional<CheckpointChoice> choice; // none before the first measurement
  int64_t budget = 0;                     // what the choice may take by its own account
  int64_t recordedBytes = 0;              // by the derivative at hand
  unsigned rounds = 0;
  int64_t largestTape = 0; // bits
  std::optional<mlir::Location> ofLargestTape;
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_CHECKPOINTPLANNER_H
