//===- ArithRules.cpp - Models of differentiation for arith -----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Attach.h"
#include "Rules/Structural.h"

#include "ExprBuilder.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace costate;

static Value productOf(OpBuilder &builder, arith::MulFOp op, Value lhs, Value rhs) {
  return ExprBuilder(builder, op.getLoc(), op.getType()).mul(lhs, rhs);
}

static Value transposeOf(OpBuilder &builder, arith::MulFOp op, unsigned operand, Value ct) {
  return ExprBuilder(builder, op.getLoc(), op.getType()).mul(ct, op->getOperand(1 - operand));
}

static Value transposeOf(OpBuilder &builder, arith::SelectOp op, unsigned operand, Value ct) {
  ExprBuilder e(builder, op.getLoc(), op.getType());
  return operand == 1 ? e.select(op.getCondition(), ct, e.zero()) : e.select(op.getCondition(), e.zero(), ct);
}

#include "ArithRules.inc"

void costate::attachArithRules(MLIRContext *context) { attachRules(context); }
