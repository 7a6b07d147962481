//===- CustomDerivative.h - Derivatives that the program states --------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_CUSTOMDERIVATIVE_H
#define COSTATE_DIFFERENTIATION_CUSTOMDERIVATIVE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include "costate/Differentiation/CustomDerivativeInterface.h.inc"

namespace costate {

/// What `function` returns for `arguments`, by ops at `builder` that are ready to be differentiated: calls
/// are inlined, linalg ops normalized.
mlir::FailureOr<llvm::SmallVector<mlir::Value>>
inlineDifferentiable(mlir::OpBuilder &builder, mlir::func::FuncOp function, mlir::ValueRange arguments);

} // namespace costate

#endif // COSTATE_DIFFERENTIATION_CUSTOMDERIVATIVE_H
