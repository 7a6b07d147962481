//===- Canonicalizer.cpp - Upstream's canonicalizer, where it is right ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Differentiation/Canonicalizer.h"

#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

llvm::ArrayRef<std::string> costate::unsoundPatterns() {
  static const std::string patterns[] = {"(anonymous namespace)::ForOpTensorCastFolder"};
  return patterns;
}

std::unique_ptr<Pass> costate::createSoundCanonicalizerPass() {
  return createCanonicalizerPass(GreedyRewriteConfig(), unsoundPatterns());
}

std::unique_ptr<Pass> costate::createSoundInlinerPass() {
  return createInlinerPass({},
                           [](OpPassManager &manager) { manager.addPass(createSoundCanonicalizerPass()); });
}
