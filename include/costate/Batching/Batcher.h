//===- Batcher.h - Many samples at once from a function of one ----------------------------------*- C++
//-*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_BATCHING_BATCHER_H
#define COSTATE_BATCHING_BATCHER_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace costate {

/// Rewrites straight-line code for one sample as code for `lanes` samples. A value that differs between
/// samples is *varying*: its batched form has one more dimension, the last, of extent `lanes` (a scalar
/// becomes a tensor of rank one). A *uniform* value is the same for every sample and stays as it is, so work
/// on parameters is never repeated.
class Batcher {
public:
  Batcher(mlir::OpBuilder &builder, int64_t lanes) : builder(builder), lanes(lanes) {}

  /// States what `original` becomes.
  void map(mlir::Value original, mlir::Value batched, bool varying);

  /// Batches `op`; its operands must be mapped. An error at the op where no rule covers it.
  mlir::LogicalResult batch(mlir::Operation *op);

  /// Batches every op of `block` but its terminator.
  mlir::LogicalResult batchBody(mlir::Block &block);

  bool isVarying(mlir::Value original) const { return varyingValues.contains(original); }
  bool anyVarying(mlir::ValueRange originals) const {
    return llvm::any_of(originals, [&](mlir::Value v) { return isVarying(v); });
  }
  /// What `original` became, in its own form: uniform or varying.
  mlir::Value lookup(mlir::Value original) const;
  /// What `original` became, copied to every lane where it is uniform.
  mlir::Value lookupVarying(mlir::Value original);

  /// A batched scalar, spread over the elements of `type`, so that it can meet tensors in an elementwise op.
  mlir::Value spreadScalar(mlir::Location loc, mlir::Value value, mlir::RankedTensorType type);

  /// The type of `type` with the lane dimension added.
  mlir::RankedTensorType varyingType(mlir::Type type) const;

  /// While it lives, what is batched is run by those lanes only, of the ones before, whose condition or mask
  /// is set, or is not where `negated`. The others compute it all the same: their values are not taken, and
  /// must keep no loop from its end, trap nowhere and lie inside of tensors.
  class Lanes {
  public:
    Lanes(Batcher &batcher, mlir::Value condition, bool negated = false) : batcher(batcher) {
      batcher.conditions.emplace_back(condition, negated);
    }
    ~Lanes() { batcher.conditions.pop_back(); }
    Lanes(const Lanes &) = delete;
    Lanes &operator=(const Lanes &) = delete;

  private:
    Batcher &batcher;
  };
  bool allLanesRun() const { return conditions.empty(); }
  /// The condition of the lanes that run; null where all do.
  mlir::Value runningLanes(mlir::Location loc);

  mlir::OpBuilder &getBuilder() { return builder; }
  int64_t getLanes() const { return lanes; }

private:
  mlir::LogicalResult cloneUniform(mlir::Operation *op);
  mlir::LogicalResult batchElementwise(mlir::Operation *op);

  mlir::OpBuilder &builder;
  int64_t lanes;
  llvm::DenseMap<mlir::Value, mlir::Value> mapping;
  llvm::DenseMap<mlir::Value, mlir::Value> broadcasts;
  llvm::DenseSet<mlir::Value> varyingValues;
  llvm::SmallVector<std::pair<mlir::Value, bool>> conditions; // of the lanes that run, and negations
};

} // namespace costate

#include "costate/Batching/BatchableOpInterface.h.inc"

#endif // COSTATE_BATCHING_BATCHER_H
