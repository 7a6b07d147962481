//===- NormalizeMoves.h - Gathers and scatters as loops, reshapes without a shape -------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_NORMALIZEMOVES_H
#define COSTATE_LIB_DIFFERENTIATION_NORMALIZEMOVES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Writes `tensor.gather` and `tensor.scatter` of static shapes as loops over their indices, which move one
/// slice each, and `tensor.reshape` as a collapse and an expansion.
void normalizeMoves(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_NORMALIZEMOVES_H
