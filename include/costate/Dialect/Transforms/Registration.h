//===- Registration.h - Attaches the derivatives of the dialect's own ops ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIALECT_TRANSFORMS_REGISTRATION_H
#define COSTATE_DIALECT_TRANSFORMS_REGISTRATION_H

#include "mlir/IR/DialectRegistry.h"

namespace costate {

/// Attaches the rules of linear systems and of equations as soon as the dialect is loaded.
void registerImplicitRules(mlir::DialectRegistry &registry);

/// The same for calls of functions whose derivative is stated.
void registerCustomDerivatives(mlir::DialectRegistry &registry);

} // namespace costate

#endif // COSTATE_DIALECT_TRANSFORMS_REGISTRATION_H
