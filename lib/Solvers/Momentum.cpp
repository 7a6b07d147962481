//===- Momentum.cpp - Stochastic gradient descent with momentum -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   v_{k+1} = μ v_k + d_k
//   θ_{k+1} = θ_k − η v_{k+1}                 (heavy ball)
//   θ_{k+1} = θ_k − η (d_k + μ v_{k+1})       (Nesterov, in the form of Sutskever et al. 2013)
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Solvers/Optimizer.h"

using namespace costate;

namespace {
class Momentum : public Optimizer {
public:
  Momentum(double rate, double momentum, bool nesterov)
      : rate(rate), momentum(momentum), nesterov(nesterov) {}

  std::string name() const override { return nesterov ? "nesterov" : "sgd"; }
  std::vector<Hyperparameter> hyperparameters() const override {
    return {{"lr", rate, "learning rate", "positive", "rate"},
            {"momentum", momentum, "momentum", "fraction", ""}};
  }
  std::vector<std::string> states() const override { return {"velocity"}; }
  Update update(const Expression &theta, const Expression &direction, llvm::ArrayRef<Expression> states,
                llvm::ArrayRef<Expression> hypers, const Expression &) const override {
    Expression velocity = hypers[1] * states[0] + direction;
    Expression step = nesterov ? direction + hypers[1] * velocity : velocity;
    return {(theta - hypers[0] * step).get(), {velocity.get()}};
  }

private:
  double rate, momentum;
  bool nesterov;
};
} // namespace

std::unique_ptr<Optimizer> costate::createMomentum(double rate, double momentum, bool nesterov) {
  return std::make_unique<Momentum>(rate, momentum, nesterov);
}
