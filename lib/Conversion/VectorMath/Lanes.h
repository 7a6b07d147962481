//===- Lanes.h - Arithmetic on floating-point scalars and vectors, written as formulas
//--------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_VECTORMATH_LANES_H
#define COSTATE_LIB_CONVERSION_VECTORMATH_LANES_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"

namespace costate {

class Lanes;

/// A value of f32 or f64, scalar or vector. The operators emit `arith` ops without fast-math flags: the range
/// reductions below rely on each rounding happening where it is written, in scalars and vectors alike.
struct Real {
  Lanes *lanes;
  mlir::Value value;
};

/// One element type and one shape; what formulas need to be written for it.
class Lanes {
public:
  /// For the operands of `op`.
  Lanes(mlir::OpBuilder &builder, mlir::Operation *op, bool &failed)
      : b(builder), loc(op->getLoc()), type(op->getOperand(0).getType()),
        element(mlir::getElementTypeOrSelf(type)), op(op), failed(failed) {}
  /// Those of the same op, of another type.
  Lanes(const Lanes &other, mlir::Type type)
      : b(other.b), loc(other.loc), type(type), element(mlir::getElementTypeOrSelf(type)), op(other.op),
        failed(other.failed) {}

  bool isDouble() const { return element.isF64(); }
  int mantissaBits() const { return isDouble() ? 52 : 23; }
  int exponentBias() const { return isDouble() ? 1023 : 127; }

  mlir::Type shaped(mlir::Type scalar) const {
    auto vector = llvm::dyn_cast<mlir::VectorType>(type);
    return vector ? llvm::cast<mlir::Type>(vector.clone(scalar)) : scalar;
  }
  mlir::Type integerType() const { return shaped(b.getIntegerType(isDouble() ? 64 : 32)); }

  Real real(mlir::Value value) { return {this, value}; }
  Real constant(double value) { return real(splat(b.getFloatAttr(element, value), type)); }
  Real constant(double forFloat, double forDouble) { return constant(isDouble() ? forDouble : forFloat); }
  mlir::Value integer(int64_t value) {
    return splat(b.getIntegerAttr(mlir::getElementTypeOrSelf(integerType()), value), integerType());
  }
  mlir::Value bits(Real x) { return mlir::arith::BitcastOp::create(b, loc, integerType(), x.value); }
  Real fromBits(mlir::Value value) { return real(mlir::arith::BitcastOp::create(b, loc, type, value)); }
  int64_t bitsOf(double value) const {
    return isDouble() ? llvm::bit_cast<int64_t>(value) : llvm::bit_cast<int32_t>(static_cast<float>(value));
  }
  /// Added to a number below 2^(mantissa - 2), leaves it rounded to an integer in the low bits.
  double roundingConstant() const { return isDouble() ? 6755399441055744.0 : 12582912.0; }

  mlir::Value compare(mlir::arith::CmpFPredicate predicate, Real x, Real y) {
    return mlir::arith::CmpFOp::create(b, loc, predicate, x.value, y.value);
  }
  mlir::Value less(Real x, Real y) { return compare(mlir::arith::CmpFPredicate::OLT, x, y); }
  mlir::Value greater(Real x, Real y) { return compare(mlir::arith::CmpFPredicate::OGT, x, y); }
  mlir::Value equal(Real x, Real y) { return compare(mlir::arith::CmpFPredicate::OEQ, x, y); }
  Real select(mlir::Value condition, Real x, Real y) {
    return real(mlir::arith::SelectOp::create(b, loc, condition, x.value, y.value));
  }
  /// Limits that let NaN through.
  Real atMost(Real x, double limit) { return select(greater(x, constant(limit)), constant(limit), x); }
  Real atLeast(Real x, double limit) { return select(less(x, constant(limit)), constant(limit), x); }
  Real fma(Real x, Real y, Real z) {
    return real(mlir::math::FmaOp::create(b, loc, x.value, y.value, z.value));
  }
  Real abs(Real x) { return real(mlir::math::AbsFOp::create(b, loc, x.value)); }
  Real sqrt(Real x) { return real(mlir::math::SqrtOp::create(b, loc, x.value)); }
  Real copySign(Real x, Real sign) {
    return real(mlir::math::CopySignOp::create(b, loc, x.value, sign.value));
  }
  /// Coefficients from the constant term up.
  Real polynomial(Real x, llvm::ArrayRef<double> coefficients) {
    Real sum = constant(coefficients.back());
    for (double c : llvm::reverse(coefficients.drop_back()))
      sum = fma(sum, x, constant(c));
    return sum;
  }
  Real polynomial(Real x, llvm::ArrayRef<double> forFloat, llvm::ArrayRef<double> forDouble) {
    return polynomial(x, isDouble() ? forDouble : forFloat);
  }

  template <typename Op> mlir::Value integerOp(mlir::Value x, mlir::Value y) {
    return Op::create(b, loc, x, y);
  }

  mlir::OpBuilder &b;
  mlir::Location loc;
  mlir::Type type, element;
  /// What the formulas are for, and whether they have reported an error at it.
  mlir::Operation *op;
  bool &failed;

private:
  mlir::Value splat(mlir::TypedAttr value, mlir::Type shape) {
    if (auto vector = llvm::dyn_cast<mlir::VectorType>(shape))
      value = mlir::DenseElementsAttr::get(vector, value);
    return mlir::arith::ConstantOp::create(b, loc, value);
  }
};

inline Real operator+(Real x, Real y) {
  return x.lanes->real(mlir::arith::AddFOp::create(x.lanes->b, x.lanes->loc, x.value, y.value));
}
inline Real operator-(Real x, Real y) {
  return x.lanes->real(mlir::arith::SubFOp::create(x.lanes->b, x.lanes->loc, x.value, y.value));
}
inline Real operator*(Real x, Real y) {
  return x.lanes->real(mlir::arith::MulFOp::create(x.lanes->b, x.lanes->loc, x.value, y.value));
}
inline Real operator/(Real x, Real y) {
  return x.lanes->real(mlir::arith::DivFOp::create(x.lanes->b, x.lanes->loc, x.value, y.value));
}
inline Real operator-(Real x) {
  return x.lanes->real(mlir::arith::NegFOp::create(x.lanes->b, x.lanes->loc, x.value));
}
inline Real operator*(double x, Real y) { return y.lanes->constant(x) * y; }
inline Real operator+(double x, Real y) { return y.lanes->constant(x) + y; }
inline Real operator-(double x, Real y) { return y.lanes->constant(x) - y; }
inline Real operator/(double x, Real y) { return y.lanes->constant(x) / y; }

/// Evaluates an f32 formula in f64 and rounds once.
inline Real inDouble(Real x, llvm::function_ref<Real(Real)> formula) {
  Lanes &narrow = *x.lanes;
  Lanes wide(narrow, narrow.shaped(narrow.b.getF64Type()));
  Real result = formula(wide.real(mlir::arith::ExtFOp::create(narrow.b, narrow.loc, wide.type, x.value)));
  return narrow.real(mlir::arith::TruncFOp::create(narrow.b, narrow.loc, narrow.type, result.value));
}

/// Calls the C library's scalar function for each element, from a private function kept for that purpose.
Real callLibrary(llvm::StringRef name, llvm::ArrayRef<Real> arguments);

// Exponentials: e^x * 2^scale, e^x - 1, 2^x and hyperbolic functions.
Real expandExp(Real x, int scale = 0);
Real expandExpM1(Real x);
Real expandExp2(Real x);
Real expandTanh(Real x);
Real expandSinh(Real x);
Real expandCosh(Real x);

// Logarithms and what is written with them.
Real expandLog(Real x);
Real expandLog1p(Real x);
Real expandLog2(Real x);
Real expandLog10(Real x);
Real expandAsinh(Real x);
Real expandAcosh(Real x);
Real expandAtanh(Real x);

// Powers.
Real expandPow(Real x, Real y);
Real expandPowI(Real x, mlir::Value exponent);
/// Of integers, scalars or vectors; 0 where an exponent below zero has a fraction as its power.
mlir::Value expandIPowI(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value base, mlir::Value exponent);
Real expandCbrt(Real x);
Real expandRsqrt(Real x);

// Trigonometric functions and their inverses.
Real expandSin(Real x);
Real expandCos(Real x);
Real expandTan(Real x);
Real expandAtan(Real x);
Real expandAtan2(Real y, Real x);
Real expandAsin(Real x);
Real expandAcos(Real x);

Real expandErf(Real x);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_VECTORMATH_LANES_H
