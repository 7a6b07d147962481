//===- Passes.h - Passes of Batching ---*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_BATCHING_PASSES_H
#define COSTATE_BATCHING_PASSES_H

#include "mlir/Pass/Pass.h"

namespace costate {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "costate/Batching/Passes.h.inc"
} // namespace costate

#endif // COSTATE_BATCHING_PASSES_H
