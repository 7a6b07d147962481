//===- Registration.h - Attaches the derivative rules to the upstream dialects -----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_REGISTRATION_H
#define COSTATE_DIFFERENTIATION_REGISTRATION_H

#include "mlir/IR/DialectRegistry.h"

namespace costate {

/// Attaches the rules for arith, math, tensor and linalg as soon as these dialects are loaded.
void registerDifferentiationInterfaces(mlir::DialectRegistry &registry);

} // namespace costate

#endif // COSTATE_DIFFERENTIATION_REGISTRATION_H
