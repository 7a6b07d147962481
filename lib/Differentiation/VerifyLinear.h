//===- VerifyLinear.h - Proves that ops are linear, before they are transposed -----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_VERIFYLINEAR_H
#define COSTATE_LIB_DIFFERENTIATION_VERIFYLINEAR_H

#include "Activity.h"

namespace costate {

/// Checks that every active value of `block` is a linear function of the values that `active` began with.
/// Emits an error at each op that is not.
mlir::LogicalResult verifyLinear(mlir::Block &block, const ValueSet &active);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_VERIFYLINEAR_H
