//===- Passes.h - Passes of Differentiation ---*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_PASSES_H
#define COSTATE_DIFFERENTIATION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace costate {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

#endif // COSTATE_DIFFERENTIATION_PASSES_H
