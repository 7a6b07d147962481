//===- Normalize.cpp - A function in the ops that have rules ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ComplexToPairs.h"
#include "ExprBuilder.h"
#include "LinalgToLoops.h"
#include "MemoryToValues.h"
#include "NormalizeControl.h"
#include "costate/Differentiation/Differentiation.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace costate {
#define GEN_PASS_DEF_NORMALIZEFORMS
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

LogicalResult costate::normalize(func::FuncOp function, ValueRange sources) {
  // Loops first: those of affine and parallel ones carry nothing, and buffers become what the others carry.
  if (failed(normalizeControl(function)))
    return failure();
  convertMemoryToValues(function);
  expandComplex(function);
  if (failed(normalizeLinalg(function)))
    return failure();
  lowerToLoops(function,
               llvm::filter_to_vector(sources, [](Value source) { return hasTangent(source.getType()); }));
  return success();
}

namespace {
struct NormalizeForms : costate::impl::NormalizeFormsBase<NormalizeForms> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || !function.getBody().hasOneBlock())
      return;
    if (failed(normalize(function, function.getArguments())))
      return signalPassFailure();
    simplifyFunction(function);
  }
};
} // namespace
