//===- DifferentiableOpInterface.h - What differentiation asks of an op ------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_DIFFERENTIABLEOPINTERFACE_H
#define COSTATE_DIFFERENTIATION_DIFFERENTIABLEOPINTERFACE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

namespace costate {

/// How an op depends on its differentiable operands. One declaration of the kind gives jvp, transpose and
/// jet.
enum class RuleKind {
  None,     // no rule for this op as it stands
  Zero,     // derivative zero wherever it exists
  Linear,   // jointly linear
  Bilinear, // linear in operand 0 and in operand 1, plus operand 2 if there is one
  Solve,    // y with product(operand 0, y) = operand 1, where the product is bilinear
  Partials, // elementwise, with one partial derivative for each operand
  Compose   // equal to an expression of ops that have rules
};

} // namespace costate

#include "costate/Differentiation/DifferentiableOpInterface.h.inc"

#endif // COSTATE_DIFFERENTIATION_DIFFERENTIABLEOPINTERFACE_H
