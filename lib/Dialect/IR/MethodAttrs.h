//===- MethodAttrs.h - Numbers of strategies and optimizers in f32 -------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_IR_METHODATTRS_H
#define COSTATE_LIB_DIALECT_IR_METHODATTRS_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/Diagnostics.h"

namespace costate {

/// Checks that what a strategy or an optimizer requires of its numbers holds once they are rounded to f32.
mlir::LogicalResult verifyInF32(mlir::Attribute method,
                                mlir::function_ref<mlir::InFlightDiagnostic()> emitError);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_IR_METHODATTRS_H
