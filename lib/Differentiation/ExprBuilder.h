//===- ExprBuilder.h - Builds elementwise expressions of one type ------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_EXPRBUILDER_H
#define COSTATE_LIB_DIFFERENTIATION_EXPRBUILDER_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

namespace costate {

/// Writes `arith` and `math` ops on values of one type (a float, or a static tensor or vector of floats), and
/// leaves out what constants decide: derivative expressions are full of ones, zeros and minus ones.
class ExprBuilder {
public:
  ExprBuilder(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type)
      : builder(builder), loc(loc), type(type) {}

  mlir::Value constant(double value);
  mlir::Value zero() { return constant(0.0); }
  mlir::Value one() { return constant(1.0); }

  mlir::Value id(mlir::Value a) { return a; }
  mlir::Value neg(mlir::Value a);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value div(mlir::Value a, mlir::Value b);
  mlir::Value scale(mlir::Value a, double factor);
  /// a + b, where null means zero, and a negated summand is subtracted.
  mlir::Value accumulate(mlir::Value a, mlir::Value b);

  mlir::Value sqrt(mlir::Value a);
  mlir::Value rsqrt(mlir::Value a);
  mlir::Value exp(mlir::Value a);
  mlir::Value log(mlir::Value a);
  mlir::Value sin(mlir::Value a);
  mlir::Value cos(mlir::Value a);
  mlir::Value sinh(mlir::Value a);
  mlir::Value cosh(mlir::Value a);
  mlir::Value trunc(mlir::Value a);
  mlir::Value copysign(mlir::Value magnitude, mlir::Value sign);
  mlir::Value powDerivative(mlir::Value base, mlir::Value exponent);
  mlir::Value powiDerivative(mlir::Value base, mlir::Value exponent);
  /// a / (a² + b²), also where the squares are out of range.
  mlir::Value overSquares(mlir::Value a, mlir::Value b);
  /// `a` in the type of this builder.
  mlir::Value convert(mlir::Value a);

  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  mlir::Value greater(mlir::Value a, mlir::Value b);
  mlir::Value less(mlir::Value a, mlir::Value b);
  mlir::Value isZero(mlir::Value a);
  mlir::Value isNaN(mlir::Value a);

private:
  mlir::Value compare(mlir::arith::CmpFPredicate predicate, mlir::Value a, mlir::Value b);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::Type type;
};

/// A float, or a ranked tensor or vector of floats: what has a tangent.
bool hasTangent(mlir::Type type);

/// The value of a constant float, or of a constant with all elements equal.
std::optional<double> constantValue(mlir::Value value);

/// Whether the value is zero by its defining op.
bool isZeroValue(mlir::Value value);

/// Zeros of the type of `value`, and of its sizes where these are dynamic.
mlir::Value zeroLike(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value);

/// A tensor of zeros to accumulate into.
mlir::Value zeroTensor(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_EXPRBUILDER_H
