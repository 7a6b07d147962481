//===- Linearize.h - Tangents beside the primal ------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_LINEARIZE_H
#define COSTATE_LIB_DIFFERENTIATION_LINEARIZE_H

#include "mlir/IR/Builders.h"

namespace costate {

/// The tangents of values. A value without an entry has the tangent zero, which is never written down.
using Tangents = llvm::DenseMap<mlir::Value, mlir::Value>;

/// Puts after each op of `block` ops that compute the tangents of its results, each linear in the tangents
/// that it takes, and enters these into `tangents`. Emits an error at each op that has no rule.
mlir::LogicalResult linearize(mlir::Block &block, Tangents &tangents);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_LINEARIZE_H
