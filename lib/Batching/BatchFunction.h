//===- BatchFunction.h - Functions of many samples at once --------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_BATCHFUNCTION_H
#define COSTATE_LIB_BATCHING_BATCHFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/BitVector.h"

namespace costate {

/// Replaces `function` by one for `lanes` samples at once: the arguments in `varying` and all results have
/// one more dimension, the last.
mlir::FailureOr<mlir::func::FuncOp> batchFunction(mlir::func::FuncOp function, const llvm::BitVector &varying,
                                                  int64_t lanes);

} // namespace costate

#endif // COSTATE_LIB_BATCHING_BATCHFUNCTION_H
