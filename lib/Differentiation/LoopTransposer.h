//===- LoopTransposer.h - The parts of a loop backwards ----------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A loop that carries p (primal) and a (active), the latter linearly,
//
//   p', a' = P(k, p), L(k, p)·a + M(k, p)·g          g active, from outside
//
// becomes a loop forwards that carries p and records what L and M need of each iteration, and one backwards
//
//   ā = Lᵀ·ā',  ḡ = ḡ + Mᵀ·ā'
//
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_LOOPTRANSPOSER_H
#define COSTATE_LIB_DIFFERENTIATION_LOOPTRANSPOSER_H

#include "Checkpointing.h"
#include "Recording.h"
#include "Transpose.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace costate {

class LoopTransposer {
public:
  LoopTransposer(mlir::scf::ForOp loop, const ValueSet &active, mlir::OpBuilder &builder,
                 Cotangents &cotangents)
      : loop(loop), loc(loop.getLoc()), active(active), builder(builder), cotangents(cotangents) {}
  mlir::LogicalResult run(Checkpointing checkpointing);

private:
  // The body of the loop with the transposes of its active ops behind its primal ones.
  /// Returns the positions beyond `seeded` whose cotangents differ from zero, too.
  mlir::FailureOr<llvm::SmallVector<unsigned>> transposeBody();
  mlir::LogicalResult settleSeeds();
  void findBackwardOps();
  llvm::SmallVector<mlir::Value> neededValues();
  mlir::FailureOr<RecordedBytes> countBytes(mlir::ArrayRef<mlir::Value> recorded,
                                            mlir::ArrayRef<mlir::Value> needed);
  mlir::Attribute describe(const Recording &recording, mlir::ArrayRef<mlir::Value> needed,
                           mlir::OpFoldResult count);

  // Record all, or run everything from what is carried.
  void createForward(llvm::ArrayRef<mlir::Value> recorded, mlir::OpFoldResult count,
                     llvm::SmallVectorImpl<mlir::Value> &tapes);
  void createBackward(const Recording &recording, mlir::ValueRange tapes, mlir::OpFoldResult count);
  mlir::LogicalResult runBlocked(mlir::OpFoldResult count, int64_t size);
  /// Binomial.cpp.
  mlir::LogicalResult runBinomial(mlir::OpFoldResult count, int64_t snapshots);

  /// One iteration of the primal: the next carried primal values.
  llvm::SmallVector<mlir::Value> clonePrimal(mlir::OpBuilder &b, mlir::Value induction,
                                             mlir::ValueRange carried, mlir::IRMapping &mapping);
  /// The ops that take cotangents, which are those of what `mapping` holds; returns the next ones.
  llvm::SmallVector<mlir::Value> cloneBackward(mlir::OpBuilder &b, mlir::ValueRange current,
                                               mlir::IRMapping &mapping);
  /// Cotangents of the results, then those there are of what is captured.
  llvm::SmallVector<mlir::Value> initialCotangents();
  void enterCotangents(mlir::ValueRange results);
  mlir::Block &block() { return *holder.getBody(); }

  mlir::scf::ForOp loop;
  mlir::Location loc;
  const ValueSet &active;
  mlir::OpBuilder &builder;
  Cotangents &cotangents;

  mlir::scf::ForOp holder;                 // of the transposed body; erased at the end
  llvm::SmallVector<unsigned> primal;      // the positions of what is carried and inactive
  llvm::SmallVector<mlir::Value> captured; // active
  llvm::SmallVector<unsigned> seeded; // the positions of carried values whose cotangent can differ from zero
  llvm::SmallVector<mlir::Value> seeds; // block arguments: cotangents of what is yielded at these
  llvm::SmallVector<mlir::Value> sums;  // block arguments: cotangents of what is captured
  llvm::SmallVector<mlir::Value> nextSeeds, nextSums;
  llvm::SetVector<mlir::Operation *> backward; // the ops of the body that depend on a cotangent
  mlir::Attribute recorded;                    // what the loop forwards is to say of itself
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_LOOPTRANSPOSER_H
