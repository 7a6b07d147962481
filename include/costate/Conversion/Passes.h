//===- Passes.h - Passes of Conversion ---*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONVERSION_PASSES_H
#define COSTATE_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace costate {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

#endif // COSTATE_CONVERSION_PASSES_H
