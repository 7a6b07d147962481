//===- Activity.h - Which values depend on given ones ------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_ACTIVITY_H
#define COSTATE_LIB_DIFFERENTIATION_ACTIVITY_H

#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseSet.h"

namespace costate {

using ValueSet = llvm::DenseSet<mlir::Value>;

/// What makes a result depend on an operand: that the op takes it, or that its rule differentiates by it.
enum class Dependence { Any, Differentiable };

/// Adds to `active` every value of `block`, and of the conditionals and loops in it, that has a tangent and
/// depends on a value of the set. What a loop carries is the least fixed point.
void addDependents(mlir::Block &block, ValueSet &active, Dependence dependence = Dependence::Any);

/// The same for the results of one op, and for what is in its regions.
void addDependents(mlir::Operation &op, ValueSet &active, Dependence dependence = Dependence::Any);

/// Whether a result of the op is in the set.
bool definesActive(mlir::Operation &op, const ValueSet &active);

/// What the regions of `op` use from outside of it.
llvm::SmallVector<mlir::Value> capturedBy(mlir::Operation *op);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_ACTIVITY_H
