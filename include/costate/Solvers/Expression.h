//===- Expression.h - Formulas that read as mathematics and build IR ----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_SOLVERS_EXPRESSION_H
#define COSTATE_SOLVERS_EXPRESSION_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Value.h"

namespace costate {

/// A scalar or a tensor of floats as an operand of a formula. Arithmetic is elementwise; a scalar that meets
/// a tensor holds for all its elements. Both operands have one element type, and tensors one shape.
class Expression {
public:
  Expression(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value)
      : builder(&builder), loc(loc), value(value) {}

  mlir::Value get() const { return value; }
  mlir::Type getElementType() const { return mlir::getElementTypeOrSelf(value.getType()); }

  /// The same formula over another value.
  Expression wrap(mlir::Value other) const { return {*builder, loc, other}; }
  /// A number, as a scalar of the element type.
  Expression number(double number) const;

  Expression operator+(const Expression &other) const;
  Expression operator-(const Expression &other) const;
  Expression operator*(const Expression &other) const;
  Expression operator/(const Expression &other) const;
  Expression operator+(double other) const { return *this + number(other); }
  Expression operator-(double other) const { return *this - number(other); }
  Expression operator*(double other) const { return *this * number(other); }
  Expression operator/(double other) const { return *this / number(other); }
  friend Expression operator*(double a, const Expression &b) { return b.number(a) * b; }
  friend Expression operator-(double a, const Expression &b) { return b.number(a) - b; }
  friend Expression operator+(double a, const Expression &b) { return b.number(a) + b; }
  friend Expression operator/(double a, const Expression &b) { return b.number(a) / b; }
  Expression operator-() const;

  Expression squareRoot() const;
  Expression absolute() const;
  Expression power(const Expression &exponent) const;
  Expression exponential() const;
  Expression logarithm() const;
  Expression maximum(const Expression &other) const;
  Expression minimum(const Expression &other) const;
  /// Elementwise `this <= other ? yes : no`.
  Expression selectLessEqual(const Expression &other, const Expression &yes, const Expression &no) const;

  /// The sum over all elements of a tensor, as a scalar; a scalar is its own sum.
  Expression sum() const;
  /// The largest element of a tensor, as a scalar; NaN where one is. A scalar is its own.
  Expression largest() const;
  /// The inner product of two tensors of one shape, as a scalar.
  Expression dot(const Expression &other) const;
  /// Element `index` of a tensor of rank one, as a scalar.
  Expression element(int64_t index) const;

private:
  /// Gives both operands one shape.
  std::pair<mlir::Value, mlir::Value> meet(const Expression &other) const;

  mlir::OpBuilder *builder;
  mlir::Location loc;
  mlir::Value value;
};

} // namespace costate

#endif // COSTATE_SOLVERS_EXPRESSION_H
