//===- Activity.h - Which values depend on given ones ------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_ACTIVITY_H
#define COSTATE_LIB_DIFFERENTIATION_ACTIVITY_H

#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseSet.h"

namespace costate {

using ValueSet = llvm::DenseSet<mlir::Value>;

/// What makes a result depend on an operand: that the op takes it, of whatever type the result is, but not
/// for its sizes alone; or that its rule differentiates by it and the result has a tangent.
enum class Dependence { Any, Differentiable };

/// Whether the results of the op, or what it does, depend on a value of the set.
bool takesActive(mlir::Operation &op, const ValueSet &active, Dependence dependence = Dependence::Any);

/// Adds to `active` every value of `block`, and of the conditionals and loops in it, that depends on a value
/// of the set. What a loop carries is the least fixed point.
void addDependents(mlir::Block &block, ValueSet &active, Dependence dependence = Dependence::Any);

/// The same for the results of one op, and for what is in its regions.
void addDependents(mlir::Operation &op, ValueSet &active, Dependence dependence = Dependence::Any);

/// Whether the op is a structured op on tensors without a rule, so that what its body yields says which
/// results depend differentiably on its operands: the place of a maximum does not.
bool isDecidedByBody(mlir::Operation &op);

/// Whether a result of the op is in the set.
bool definesActive(mlir::Operation &op, const ValueSet &active);

/// What the regions of `op` use from outside of it.
llvm::SmallVector<mlir::Value> capturedBy(mlir::Operation *op);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_ACTIVITY_H
