//===- CustomDerivative.h - Calls of functions whose derivative is stated ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_TRANSFORMS_CUSTOMDERIVATIVE_H
#define COSTATE_LIB_DIALECT_TRANSFORMS_CUSTOMDERIVATIVE_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace costate {

/// Makes a `costate.custom_call` of each call of a function whose derivative is stated.
void markCustomCalls(mlir::ModuleOp module);

/// A function that does nothing but call `function`, if the derivative of that is stated; else null. The
/// caller erases it.
mlir::func::FuncOp wrapCustom(mlir::func::FuncOp function);

/// An error at each derivative forwards that only has a vjp.
mlir::LogicalResult checkPushforwards(mlir::ModuleOp module);

/// A name that no symbol of the module around `op` has: `name`, or it with a number.
std::string unusedSymbol(mlir::Operation *op, llvm::StringRef name);

/// Replaces a custom call by a call.
mlir::func::CallOp makePlainCall(CustomCallOp call);

/// The same with all of them, and removes the statements.
void resolveCustomCalls(mlir::ModuleOp module);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_TRANSFORMS_CUSTOMDERIVATIVE_H
