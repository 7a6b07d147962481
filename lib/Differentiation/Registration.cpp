//===- Registration.cpp - Attaches the derivative rules to the upstream dialects --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Differentiation/Registration.h"
#include "Rules/Attach.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;

/// A rule builds ops of its own dialect and of these.
static void loadTargets(MLIRContext *context) {
  context
      ->loadDialect<arith::ArithDialect, math::MathDialect, tensor::TensorDialect, linalg::LinalgDialect>();
}

void costate::registerDifferentiationInterfaces(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, arith::ArithDialect *) { attachArithRules(context); });
  registry.addExtension(+[](MLIRContext *context, math::MathDialect *) {
    loadTargets(context);
    attachMathRules(context);
  });
  registry.addExtension(+[](MLIRContext *context, tensor::TensorDialect *) {
    loadTargets(context);
    attachTensorRules(context);
  });
  registry.addExtension(+[](MLIRContext *context, linalg::LinalgDialect *) { attachLinalgRules(context); });
}
