//===- IterationBuilder.h - What the iterations share -------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_SOLVERS_ITERATIONBUILDER_H
#define COSTATE_LIB_SOLVERS_ITERATIONBUILDER_H

#include "LoopNest.h"
#include "costate/Solvers/Expression.h"
#include "costate/Solvers/Iterations.h"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace costate {

/// Formulas for iterates, and the loop around them. The first value carried is the error, a scalar that is
/// compared with a bound; NaN ends the iteration as well.
class IterationBuilder {
public:
  using Values = LoopNest::Values;
  IterationBuilder(mlir::ImplicitLocOpBuilder &builder, mlir::Value like, const StoppingRule &rule)
      : builder(builder), loops(builder), like(like), rule(rule) {}

  Expression wrap(mlir::Value value) { return {builder, builder.getLoc(), value}; }
  mlir::Value scalar(double value) { return wrap(like).number(value).get(); }
  mlir::Value infinity() { return scalar(std::numeric_limits<double>::infinity()); }
  /// `value` in every element.
  mlir::Value filled(double value) { return mlir::arith::ConstantOp::create(builder, attribute(value)); }
  Expression dot(const Expression &a, const Expression &b) {
    auto type = mlir::dyn_cast<mlir::RankedTensorType>(a.get().getType());
    return type && type.getNumElements() > 1 ? a.dot(b) : (a * b).sum();
  }
  Expression squared(const Expression &a) { return dot(a, a); }
  /// The largest magnitude in `a`, so that the squares of what is divided by it neither overflow nor vanish;
  /// one where `a` is zero.
  Expression scaleOf(const Expression &a) {
    Expression largest = a.absolute().largest();
    return largest.selectLessEqual(largest.number(0.0), largest.number(1.0), largest);
  }
  mlir::Value less(mlir::Value a, mlir::Value b) {
    return mlir::arith::CmpFOp::create(builder, mlir::arith::CmpFPredicate::OLT, a, b);
  }
  mlir::Value lessEqual(mlir::Value a, mlir::Value b) {
    return mlir::arith::CmpFOp::create(builder, mlir::arith::CmpFPredicate::OLE, a, b);
  }
  void when(mlir::Value condition, Values &values, llvm::function_ref<void(Values &)> body) {
    loops.when(condition, values, body);
  }

  /// Runs `step` on the state as long as the error, its first value, exceeds `bound`.
  void iterate(Values &state, mlir::Value bound, llvm::function_ref<void(Values &)> step) {
    // As wide as most data, so that with lanes the counts of all fit beside it.
    auto count = [&](int64_t value) -> mlir::Value {
      return mlir::arith::ConstantIntOp::create(builder, value, 32);
    };
    state.push_back(count(0));
    loops.repeat(
        state,
        [&](const Values &s) -> mlir::Value {
          mlir::Value some =
              mlir::arith::CmpIOp::create(builder, mlir::arith::CmpIPredicate::slt, s.back(),
                                          count(std::min<int64_t>(rule.maxIterations, INT32_MAX)));
          return mlir::arith::AndIOp::create(builder, less(bound, s[0]), some);
        },
        [&](Values &s) {
          mlir::Value done = s.pop_back_val();
          step(s);
          s.push_back(mlir::arith::AddIOp::create(builder, done, count(1)));
        });
    state.pop_back();
  }
  /// `result` where the error is within the bound, else NaN.
  mlir::Value converged(mlir::Value error, mlir::Value bound, mlir::Value result) {
    mlir::Value nan = filled(std::numeric_limits<double>::quiet_NaN());
    return mlir::arith::SelectOp::create(builder, lessEqual(error, bound), result, nan);
  }
  /// The squares of relative errors are compared with this.
  double squaredTolerance() const { return rule.tolerance * rule.tolerance; }

private:
  mlir::TypedAttr attribute(double value) {
    mlir::Type type = like.getType();
    mlir::TypedAttr element = builder.getFloatAttr(mlir::getElementTypeOrSelf(type), value);
    auto shaped = mlir::dyn_cast<mlir::ShapedType>(type);
    return shaped ? mlir::TypedAttr(mlir::DenseElementsAttr::get(shaped, mlir::Attribute(element))) : element;
  }

  mlir::ImplicitLocOpBuilder &builder;
  LoopNest loops;
  mlir::Value like;
  StoppingRule rule;
};

} // namespace costate

#endif // COSTATE_LIB_SOLVERS_ITERATIONBUILDER_H
