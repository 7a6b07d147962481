//===- Adam.cpp - Adam and AdamW --------------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   m ← β₁ m + (1 − β₁) d,   v ← β₂ v + (1 − β₂) d²
//   θ ← θ − η m̂ / (√v̂ + ε) − η λ θ,   m̂ = m / (1 − β₁ᵏ),  v̂ = v / (1 − β₂ᵏ)
//
// λ is zero for Adam (Kingma and Ba 2015, algorithm 1) and the decoupled decay of AdamW (Loshchilov and
// Hutter 2019, algorithm 2).
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Solvers/Optimizer.h"

using namespace costate;

namespace {
class Adam : public Optimizer {
public:
  Adam(double rate, double beta1, double beta2, double epsilon, bool decoupled, double decay)
      : rate(rate), beta1(beta1), beta2(beta2), epsilon(epsilon), decoupled(decoupled), decay(decay) {}

  std::string name() const override { return decoupled ? "adamw" : "adam"; }
  std::vector<Hyperparameter> hyperparameters() const override {
    std::vector<Hyperparameter> result{
        {"lr", rate, "learning rate", "positive", "rate"},
        {"beta1", beta1, "decay of the mean of the direction", "fraction", ""},
        {"beta2", beta2, "decay of the mean of its square", "fraction", ""},
        {"eps", epsilon, "added to the root of the mean square", "positive", ""}};
    if (decoupled)
      result.push_back({"decay", decay, "weight decay", "fraction", "decay"});
    return result;
  }
  std::vector<std::string> states() const override { return {"m", "v"}; }
  bool scalesElements() const override { return true; }
  Update update(const Expression &theta, const Expression &direction, llvm::ArrayRef<Expression> states,
                llvm::ArrayRef<Expression> hypers, const Expression &step) const override {
    const Expression &eta = hypers[0], &b1 = hypers[1], &b2 = hypers[2], &eps = hypers[3];
    Expression m = b1 * states[0] + (1.0 - b1) * direction;
    Expression v = b2 * states[1] + (1.0 - b2) * direction * direction;
    // The corrections are scalars: one division for the whole vector.
    Expression scale = eta / (1.0 - b1.power(step));
    Expression root = (1.0 / (1.0 - b2.power(step))).squareRoot();
    Expression next = theta - scale * m / (v.squareRoot() * root + eps);
    if (decoupled)
      next = next - eta * hypers[4] * theta;
    return {next.get(), {m.get(), v.get()}};
  }

private:
  double rate, beta1, beta2, epsilon;
  bool decoupled;
  double decay;
};
} // namespace

std::unique_ptr<Optimizer> costate::createAdam(double rate, double beta1, double beta2, double epsilon,
                                               bool decoupled, double decay) {
  return std::make_unique<Adam>(rate, beta1, beta2, epsilon, decoupled, decay);
}
