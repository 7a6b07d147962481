//===- BatchingInterface.h - What gives functions more samples, rows or seeds -------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIALECT_IR_BATCHINGINTERFACE_H
#define COSTATE_DIALECT_IR_BATCHINGINTERFACE_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectInterface.h"
#include "llvm/ADT/BitVector.h"

namespace costate {

/// Makes functions of many samples at once. A library that batches attaches this to the dialect, and the pass
/// that expands derivatives asks for it.
class BatchingInterface : public mlir::DialectInterface::Base<BatchingInterface> {
public:
  BatchingInterface(mlir::Dialect *dialect) : Base(dialect) {}

  /// The function that `derive`, a gram of `source`, declares: private, after `source`.
  virtual mlir::FailureOr<mlir::func::FuncOp> createGram(DeriveOp derive,
                                                         mlir::func::FuncOp source) const = 0;

  /// Replaces `function` by one for `lanes` samples at once: the arguments in `varying` and all results have
  /// one more dimension, the last.
  virtual mlir::FailureOr<mlir::func::FuncOp>
  batchFunction(mlir::func::FuncOp function, const llvm::BitVector &varying, int64_t lanes) const = 0;
};

} // namespace costate

#endif // COSTATE_DIALECT_IR_BATCHINGINTERFACE_H
