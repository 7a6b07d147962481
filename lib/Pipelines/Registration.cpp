//===- Registration.cpp - What every tool registers -------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/Passes.h"
#include "costate/Batching/Registration.h"
#include "costate/Constraints/Passes.h"
#include "costate/Conversion/Passes.h"
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/Transforms/Passes.h"
#include "costate/Differentiation/Passes.h"
#include "costate/Pipelines/Pipelines.h"
#include "costate/Solvers/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"

void costate::registerDialects(mlir::DialectRegistry &registry) {
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<CostateDialect>();
  registerBatchingInterfaces(registry);
}

void costate::registerPasses() {
  registerCostateTransformsPasses();
  registerCostateDifferentiationPasses();
  registerCostateConstraintsPasses();
  registerCostateBatchingPasses();
  registerCostateConversionPasses();
  registerCostateSolversPasses();
}
