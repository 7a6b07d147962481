//===- GramInterface.h - What makes the function that a gram declares ---------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIALECT_IR_GRAMINTERFACE_H
#define COSTATE_DIALECT_IR_GRAMINTERFACE_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectInterface.h"

namespace costate {

/// Makes Gram matrices. They are found for many rows and samples at once, so a library that batches attaches
/// this to the dialect, and the pass that expands derivatives asks for it.
class GramInterface : public mlir::DialectInterface::Base<GramInterface> {
public:
  GramInterface(mlir::Dialect *dialect) : Base(dialect) {}

  /// The function that `derive`, a gram of `source`, declares: private, after `source`.
  virtual mlir::FailureOr<mlir::func::FuncOp> createGram(DeriveOp derive,
                                                         mlir::func::FuncOp source) const = 0;
};

} // namespace costate

#endif // COSTATE_DIALECT_IR_GRAMINTERFACE_H
