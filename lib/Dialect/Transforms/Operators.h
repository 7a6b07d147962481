//===- Operators.h - Derivative ops as weighted sums of partial derivatives ---------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_TRANSFORMS_OPERATORS_H
#define COSTATE_LIB_DIALECT_TRANSFORMS_OPERATORS_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>

namespace costate {

/// A component of an argument that is differentiated by. The order is that of the arguments, so that nothing
/// depends on addresses.
struct Variable {
  mlir::BlockArgument input;
  int64_t component;
  bool operator<(const Variable &other) const {
    return std::pair(input.getArgNumber(), component) <
           std::pair(other.input.getArgNumber(), other.component);
  }
  bool operator==(const Variable &other) const {
    return input == other.input && component == other.component;
  }
};
/// A partial derivative: the variables, sorted, each as often as it is differentiated by.
using Partial = std::vector<Variable>;
/// Σ weight · partial.
using Operator = std::map<Partial, double>;

/// What an operator op says.
Operator readOperator(OperatorOp op);
/// An operator op that says it.
OperatorOp createOperator(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                          const Operator &terms);

/// Rewrites diff, grad, div, laplacian, jacobian and hessian in `function` to operators.
void lowerToOperators(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_TRANSFORMS_OPERATORS_H
