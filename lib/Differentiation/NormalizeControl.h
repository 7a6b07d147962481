//===- NormalizeControl.h - Structured control flow in the ops that have derivatives ----------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_NORMALIZECONTROL_H
#define COSTATE_LIB_DIFFERENTIATION_NORMALIZECONTROL_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Writes the ops of `affine`, `scf.index_switch`, `scf.parallel` and `scf.forall` in `function` as `scf.for`
/// and `scf.if`.
mlir::LogicalResult normalizeControl(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_NORMALIZECONTROL_H
