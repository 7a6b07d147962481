//===- Optimizer.h - One step of a first-order optimizer, as IR ---------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_SOLVERS_OPTIMIZER_H
#define COSTATE_SOLVERS_OPTIMIZER_H

#include "costate/Solvers/Expression.h"

#include <memory>
#include <string>
#include <vector>

namespace costate {

/// Writes the update of θ ∈ R^N along a direction d: the gradient of an objective, or what a strategy made of
/// it.
class Optimizer {
public:
  /// A number that may change from step to step and be overridden where the program runs.
  struct Hyperparameter {
    std::string name;
    double value;
    std::string doc;
    /// What the program accepts in its place, as the verifier does: "positive" or "fraction", which is at
    /// least 0 and below 1.
    std::string range;
    /// What a runtime has to know of it: the step is a multiple of the "rate", and "decay" moves parameters
    /// whatever the direction is.
    std::string role;
  };

  virtual ~Optimizer() = default;
  virtual std::string name() const = 0;
  virtual std::vector<Hyperparameter> hyperparameters() const = 0;
  /// Names of the state vectors, each of N elements, zero at first.
  virtual std::vector<std::string> states() const { return {}; }

  /// Whether each element has a step size of its own, so that steps do not follow the direction as a whole.
  virtual bool scalesElements() const { return false; }

  struct Update {
    mlir::Value theta;
    llvm::SmallVector<mlir::Value> states;
  };
  /// `hypers` are scalars in the order of hyperparameters(); `step` is the number of the step, from one.
  virtual Update update(const Expression &theta, const Expression &direction,
                        llvm::ArrayRef<Expression> states, llvm::ArrayRef<Expression> hypers,
                        const Expression &step) const = 0;
};

/// θ ← θ − η d. With η = Δt this is the explicit Euler step of the flow θ' = −d.
std::unique_ptr<Optimizer> createGradientDescent(llvm::StringRef name, llvm::StringRef rateName, double rate);

/// v ← μ v + d; θ ← θ − η v, or θ ← θ − η (d + μ v) in Nesterov's form.
std::unique_ptr<Optimizer> createMomentum(double rate, double momentum, bool nesterov);

/// Adam (Kingma and Ba 2015), and where `decoupled` AdamW (Loshchilov and Hutter 2019).
std::unique_ptr<Optimizer> createAdam(double rate, double beta1, double beta2, double epsilon, bool decoupled,
                                      double decay);

} // namespace costate

#endif // COSTATE_SOLVERS_OPTIMIZER_H
