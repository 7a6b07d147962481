//===- ComplexToPairs.h - Complex scalars as pairs of floats ----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_COMPLEXTOPAIRS_H
#define COSTATE_LIB_DIFFERENTIATION_COMPLEXTOPAIRS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Computes with real and imaginary parts what `function` computes with complex scalars, also where loops and
/// conditionals carry them. An op that is none of the arithmetic keeps its complex operands and results.
void expandComplex(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_COMPLEXTOPAIRS_H
