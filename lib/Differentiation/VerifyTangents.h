//===- VerifyTangents.h - Finds where no tangent can follow an active value --------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_VERIFYTANGENTS_H
#define COSTATE_LIB_DIFFERENTIATION_VERIFYTANGENTS_H

#include "Activity.h"

namespace costate {

/// Whether the op may write memory, itself and not by what is in its regions. A call is taken to do so if it
/// has no result.
bool mayWrite(mlir::Operation &op);

/// The first op that may write memory among `op` and those in its regions; null if there is none.
mlir::Operation *findWrite(mlir::Operation &op);

/// Checks that tangents can follow the values of `active` through `block`, and through the conditionals,
/// loops and equations in it. An error at each op that takes one, whose derivative is not stated to be zero,
/// and whose effect has no tangent: a result of another type than floats, what is written to memory, or no
/// result at all; and at each op that writes memory where a derivative may run it again. An op that has no
/// rule, and results with tangents only, is named if there is such an error; else its derivative may not be
/// needed.
mlir::LogicalResult verifyTangents(mlir::Block &block, ValueSet active);

/// An error at an op that has no rule for its derivative, with the reason where the types give one.
void reportNoRule(mlir::Operation *op);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_VERIFYTANGENTS_H
