//===- MethodAttrs.h - Numbers of strategies, optimizers and schedules ------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_IR_METHODATTRS_H
#define COSTATE_LIB_DIALECT_IR_METHODATTRS_H

#include "mlir/IR/Attributes.h"
#include "mlir/IR/Diagnostics.h"

namespace costate {

/// The most steps, rows or points that a program can be told of, as its runtime has it: beyond, it would
/// refuse what it was made with.
constexpr int64_t largestSetting = 1'000'000'000'000'000;

/// Checks that what a strategy, an optimizer or a schedule requires of its numbers holds once they are
/// rounded to f32.
mlir::LogicalResult verifyInF32(mlir::Attribute method,
                                mlir::function_ref<mlir::InFlightDiagnostic()> emitError);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_IR_METHODATTRS_H
