//===- Jet.h - Higher partial derivatives of values by Taylor arithmetic -----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_JET_H
#define COSTATE_DIFFERENTIATION_JET_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"
#include "llvm/ADT/SmallVector.h"
#include <functional>
#include <memory>

namespace costate {

class JetEngine;

/// One component of a value, by which is differentiated; or, with a direction, several unit directions at
/// once. The direction is a value of the type of the input that stands for each of them in turn. By several
/// directions only Σᵢ∂ᵢ² is taken, as an exponent of two: a sum of products over the directions.
struct JetVariable {
  mlir::Value input;
  int64_t component = 0; // row-major and flat in a tensor, 0 for a scalar
  mlir::Value direction = {};
  unsigned directions = 1; // how many
};

/// Emits the sum of `value` over the directions that `direction` stands for.
using SumDirections =
    std::function<mlir::Value(mlir::OpBuilder &builder, mlir::Value value, mlir::Value direction)>;

/// A weighted partial derivative: one exponent for each variable.
struct JetTerm {
  llvm::SmallVector<unsigned> index;
  double weight;
};

/// Generates Taylor coefficients of values on demand, and each only once, right after the op that defines the
/// value. A sum of derivatives is carried as one coefficient as far as the ops are linear in their top order.
class JetBuilder {
public:
  /// `sumDirections` is needed if a variable is several directions at once.
  JetBuilder(mlir::OpBuilder &builder, llvm::ArrayRef<JetVariable> variables,
             SumDirections sumDirections = {});
  ~JetBuilder();

  /// The value of Σ weight · ∂^index value, of the type of `value`. Null, inside success, means that it is
  /// zero wherever it is evaluated. On failure one error was emitted at each op that has no rule.
  mlir::FailureOr<mlir::Value> derivative(mlir::Value value, llvm::ArrayRef<JetTerm> terms);

  /// The largest number of coefficients that one contraction's result has, its value included, and how many
  /// of them are sums of several derivatives.
  struct ChannelCount {
    unsigned channels = 0, sums = 0;
  };
  ChannelCount countChannels() const;

private:
  std::unique_ptr<JetEngine> engine;
};

} // namespace costate

#endif // COSTATE_DIFFERENTIATION_JET_H
