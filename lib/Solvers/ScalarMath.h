//===- ScalarMath.h - Floating-point ops on scalars or elementwise on tensors -------------------*- C++
//-*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_SOLVERS_SCALARMATH_H
#define COSTATE_LIB_SOLVERS_SCALARMATH_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace costate {

/// Shorthand with which a solver reads like its equations. Operands have equal types: all scalars or all
/// tensors.
class ScalarMath {
public:
  ScalarMath(mlir::ImplicitLocOpBuilder &builder, mlir::FloatType type) : builder(builder), type(type) {}

  mlir::Value constant(double value) {
    return mlir::arith::ConstantOp::create(builder, builder.getFloatAttr(type, value));
  }
  mlir::Value index(int64_t value) { return mlir::arith::ConstantIndexOp::create(builder, value); }
  mlir::Value add(mlir::Value a, mlir::Value b) { return mlir::arith::AddFOp::create(builder, a, b); }
  mlir::Value sub(mlir::Value a, mlir::Value b) { return mlir::arith::SubFOp::create(builder, a, b); }
  mlir::Value mul(mlir::Value a, mlir::Value b) { return mlir::arith::MulFOp::create(builder, a, b); }
  mlir::Value div(mlir::Value a, mlir::Value b) { return mlir::arith::DivFOp::create(builder, a, b); }
  mlir::Value max(mlir::Value a, mlir::Value b) { return mlir::arith::MaximumFOp::create(builder, a, b); }
  mlir::Value min(mlir::Value a, mlir::Value b) { return mlir::arith::MinimumFOp::create(builder, a, b); }
  mlir::Value abs(mlir::Value a) { return mlir::math::AbsFOp::create(builder, a); }
  mlir::Value sqrt(mlir::Value a) { return mlir::math::SqrtOp::create(builder, a); }
  /// a > b, false where either is NaN.
  mlir::Value greater(mlir::Value a, mlir::Value b) {
    return mlir::arith::CmpFOp::create(builder, mlir::arith::CmpFPredicate::OGT, a, b);
  }
  /// a > b, true where either is NaN.
  mlir::Value notLessEqual(mlir::Value a, mlir::Value b) {
    return mlir::arith::CmpFOp::create(builder, mlir::arith::CmpFPredicate::UGT, a, b);
  }
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b) {
    return mlir::arith::SelectOp::create(builder, condition, a, b);
  }
  mlir::Value extract(mlir::Value tensor, mlir::ValueRange indices) {
    return mlir::tensor::ExtractOp::create(builder, tensor, indices);
  }
  /// `scalar` in every element of a vector of `size`.
  mlir::Value splat(mlir::Value scalar, int64_t size) {
    return mlir::tensor::SplatOp::create(builder, scalar, mlir::RankedTensorType::get({size}, type));
  }

  mlir::ImplicitLocOpBuilder &builder;
  mlir::FloatType type;
};

} // namespace costate

#endif // COSTATE_LIB_SOLVERS_SCALARMATH_H
