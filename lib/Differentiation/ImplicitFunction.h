//===- ImplicitFunction.h - Derivatives of what an equation defines ----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_IMPLICITFUNCTION_H
#define COSTATE_LIB_DIFFERENTIATION_IMPLICITFUNCTION_H

#include "Linearize.h"
#include "costate/Differentiation/ImplicitFunction.h"

namespace costate {

/// What the result of `op` depends on differentiably: what its equation takes from outside, and a right side.
llvm::SmallVector<mlir::Value> sourcesOf(ImplicitFunctionInterface op);

/// The tangent of the result, at `builder`, from those of its sources; null if zero.
mlir::FailureOr<mlir::Value> linearizeImplicit(mlir::OpBuilder &builder, ImplicitFunctionInterface op,
                                               const Tangents &tangents);

/// The cotangent of the right side of a linear equation.
mlir::FailureOr<mlir::Value> transposeLinearSolve(mlir::OpBuilder &builder, ImplicitFunctionInterface op,
                                                  mlir::Value cotangent);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_IMPLICITFUNCTION_H
