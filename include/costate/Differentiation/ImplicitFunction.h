//===- ImplicitFunction.h - Results of equations, and what their solvers need ------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_IMPLICITFUNCTION_H
#define COSTATE_DIFFERENTIATION_IMPLICITFUNCTION_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {
enum class EquationKind { Root, FixedPoint, Linear };
} // namespace costate

#include "costate/Differentiation/ImplicitFunctionInterface.h.inc"

namespace costate {

/// Inlines what the equations in `function` call, and rewrites its linalg ops to those with rules; an error
/// where an equation calls itself.
mlir::LogicalResult prepareEquations(mlir::func::FuncOp function);

/// The value that the equation of `op` yields where the unknown is `y`.
mlir::Value evaluateEquation(mlir::OpBuilder &builder, ImplicitFunctionInterface op, mlir::Value y);

/// The solution z of F_y z = `rhs`, or of (I - G_y) z = `rhs`, with the derivative where the unknown is `y`;
/// z, y and `rhs` have one type. This is Newton's direction, and the last step of every derivative.
mlir::FailureOr<mlir::Value> solveLinearized(mlir::OpBuilder &builder, ImplicitFunctionInterface op,
                                             mlir::Value y, mlir::Value rhs);

/// An error at the ops of the equation of `op`, of kind Linear, that are not linear in its unknown.
mlir::LogicalResult verifyLinearEquation(ImplicitFunctionInterface op);

} // namespace costate

#endif // COSTATE_DIFFERENTIATION_IMPLICITFUNCTION_H
