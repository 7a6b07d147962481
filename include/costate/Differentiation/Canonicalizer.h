//===- Canonicalizer.h - Upstream's canonicalizer, where it is right ----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_CANONICALIZER_H
#define COSTATE_DIFFERENTIATION_CANONICALIZER_H

#include "mlir/Pass/Pass.h"

#include <memory>
#include <string>

namespace costate {

/// Patterns of MLIR 22 that change what a program computes. `ForOpTensorCastFolder` gives a carried tensor
/// that starts as a cast from a static shape that shape in each iteration, whatever is yielded.
llvm::ArrayRef<std::string> unsoundPatterns();

/// The canonicalizer of upstream without them.
std::unique_ptr<mlir::Pass> createSoundCanonicalizerPass();

/// The inliner of upstream, which canonicalizes what it inlines, without them.
std::unique_ptr<mlir::Pass> createSoundInlinerPass();

} // namespace costate

#endif // COSTATE_DIFFERENTIATION_CANONICALIZER_H
