//===- Activation.h - Activations as elementwise ops --------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_TRANSFORMS_ACTIVATION_H
#define COSTATE_LIB_DIALECT_TRANSFORMS_ACTIVATION_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/IR/Builders.h"

namespace costate {

/// The activation of every element of `value`.
mlir::Value createActivation(mlir::OpBuilder &builder, mlir::Location loc, Activation activation,
                             mlir::Value value);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_TRANSFORMS_ACTIVATION_H
