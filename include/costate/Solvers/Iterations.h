//===- Iterations.h - Solvers of equations that go on until they converge -----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_SOLVERS_ITERATIONS_H
#define COSTATE_SOLVERS_ITERATIONS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace costate {

/// When to stop. What has not converged by then is NaN.
struct StoppingRule {
  double tolerance;
  int64_t maxIterations;
};

/// A function of a tensor or a scalar, as code at the builder; null where it cannot be written.
using EmitFunction = llvm::function_ref<mlir::Value(mlir::Value)>;

// Each writes a loop that ends once the iteration has converged. With lanes, it ends with the last of them.

/// y with F(y) = 0 by Newton's method with damping. `direction(y, F)` is F_y⁻¹ F.
mlir::Value emitNewton(mlir::ImplicitLocOpBuilder &builder, mlir::Value start, EmitFunction function,
                       llvm::function_ref<mlir::Value(mlir::Value, mlir::Value)> direction,
                       const StoppingRule &rule);

/// y with y = G(y) by iteration, or by Anderson's method of depth one.
mlir::Value emitFixedPoint(mlir::ImplicitLocOpBuilder &builder, mlir::Value start, EmitFunction function,
                           bool anderson, const StoppingRule &rule);

/// y with A y = `rhs` by conjugate gradients, A symmetric and positive definite.
mlir::Value emitConjugateGradients(mlir::ImplicitLocOpBuilder &builder, mlir::Value rhs, EmitFunction product,
                                   const StoppingRule &rule);

/// y with A y = `rhs` by BiCGSTAB.
mlir::Value emitBiCGSTAB(mlir::ImplicitLocOpBuilder &builder, mlir::Value rhs, EmitFunction product,
                         const StoppingRule &rule);

} // namespace costate

#endif // COSTATE_SOLVERS_ITERATIONS_H
