//===- LargeCalls.h - Calls that stay calls -----------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A function that calls another one twice, which calls a third one twice, has code that doubles with each
// when it is inlined. So a call of a function that would be large, and that is called elsewhere, too, stays a
// call; its derivative is a call of the derivative of that function, which is made once.
//
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_TRANSFORMS_LARGECALLS_H
#define COSTATE_LIB_DIALECT_TRANSFORMS_LARGECALLS_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Makes a `costate.custom_call` without stated derivative of each call that is to stay one, in `function`
/// and in what it calls.
void markLargeCalls(mlir::func::FuncOp function);
/// Makes calls again of those that are no derivatives, in the same functions: a transpose is one of code, not
/// of a derivative.
void unmarkLargeCalls(mlir::func::FuncOp function);

/// The tangents of the results of such a call, by a call.
mlir::FailureOr<llvm::SmallVector<mlir::Value>>
linearizeLargeCall(CustomCallOp call, mlir::OpBuilder &builder, llvm::ArrayRef<mlir::Value> tangents);
/// If a call is linear in its last operands, the first of these.
std::optional<unsigned> firstTangentOf(CustomCallOp call);
/// The cotangents of these operands, by a call.
mlir::FailureOr<llvm::SmallVector<mlir::Value>>
transposeLargeCall(CustomCallOp call, mlir::OpBuilder &builder, llvm::ArrayRef<mlir::Value> cotangents);

/// After all derivatives: forbids to inline, in a module that is no program, what is to stay a call.
void keepLargeCalls(mlir::ModuleOp module);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_TRANSFORMS_LARGECALLS_H
