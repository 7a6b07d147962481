//===- Prepare.h - A copy of a function, ready to be differentiated ----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_PREPARE_H
#define COSTATE_LIB_DIFFERENTIATION_PREPARE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// A private copy of `function` after it, named `name`: of one block, its calls inlined, in normal
/// form, without what no result needs. `wrt` has to list arguments of a type with a tangent.
mlir::FailureOr<mlir::func::FuncOp> prepare(mlir::func::FuncOp function, llvm::ArrayRef<int64_t> wrt,
                                            llvm::StringRef name);

/// Inlines the calls among `calls` of functions with one block, and what these call, but not the functions of
/// `chain`, which the calls are in.
void inlineCalls(llvm::ArrayRef<mlir::func::CallOp> calls, llvm::SmallVectorImpl<mlir::Operation *> &chain);

/// Gives `function` the results and the arguments that its body now has.
void updateType(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_PREPARE_H
