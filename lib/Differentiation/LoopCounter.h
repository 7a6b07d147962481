//===- LoopCounter.h - Iterations of a loop by number ------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_LOOPCOUNTER_H
#define COSTATE_LIB_DIFFERENTIATION_LOOPCOUNTER_H

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace costate {

mlir::Value constantIndex(mlir::OpBuilder &builder, mlir::Location loc, int64_t value);

/// The number of iterations from `lower` up to `upper`, by a `step` of at least 1.
int64_t tripCount(int64_t lower, int64_t upper, int64_t step);

/// The number of iterations of `loop`: a constant where the bounds are constants, else computed at `builder`.
mlir::OpFoldResult tripCount(mlir::OpBuilder &builder, mlir::scf::ForOp loop);

/// The value of the induction variable of `loop` in iteration number `k`, an index counted from zero.
mlir::Value inductionAt(mlir::OpBuilder &builder, mlir::scf::ForOp loop, mlir::Value k);

/// The number of the iteration of `loop` in which the induction variable is `induction`.
mlir::Value iterationAt(mlir::OpBuilder &builder, mlir::scf::ForOp loop, mlir::Value induction);

/// A constant that a count is known not to exceed.
std::optional<int64_t> constantBound(mlir::OpFoldResult count);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_LOOPCOUNTER_H
