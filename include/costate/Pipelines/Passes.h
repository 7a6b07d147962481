//===- Passes.h - Passes of Pipelines ---*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_PIPELINES_PASSES_H
#define COSTATE_PIPELINES_PASSES_H

#include "mlir/Pass/Pass.h"

namespace costate {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "costate/Pipelines/Passes.h.inc"
} // namespace costate

#endif // COSTATE_PIPELINES_PASSES_H
