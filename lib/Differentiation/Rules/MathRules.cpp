//===- MathRules.cpp - Models of differentiation for math -------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Attach.h"

#include "ExprBuilder.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace costate;

static Value productOf(OpBuilder &builder, math::FmaOp op, Value lhs, Value rhs) {
  return ExprBuilder(builder, op.getLoc(), op.getType()).mul(lhs, rhs);
}

static Value transposeOf(OpBuilder &builder, math::FmaOp op, unsigned operand, Value ct) {
  return ExprBuilder(builder, op.getLoc(), op.getType()).mul(ct, op->getOperand(1 - operand));
}

#include "MathRules.inc"

void costate::attachMathRules(MLIRContext *context) { attachRules(context); }
