//===- Passes.h - Passes of Solvers -----------------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_SOLVERS_PASSES_H
#define COSTATE_SOLVERS_PASSES_H

#include "mlir/Pass/Pass.h"

namespace costate {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "costate/Solvers/Passes.h.inc"
} // namespace costate

#endif // COSTATE_SOLVERS_PASSES_H
