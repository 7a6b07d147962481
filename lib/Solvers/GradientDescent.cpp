//===- GradientDescent.cpp - The plain gradient step ------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   θ_{k+1} = θ_k − η d_k
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Solvers/Optimizer.h"

using namespace costate;

namespace {
class GradientDescent : public Optimizer {
public:
  GradientDescent(llvm::StringRef name, llvm::StringRef rateName, double rate)
      : title(name), rateName(rateName), rate(rate) {}

  std::string name() const override { return title; }
  std::vector<Hyperparameter> hyperparameters() const override {
    return {
        {rateName, rate, rateName == "dt" ? "time step of the flow" : "learning rate", "positive", "rate"}};
  }
  Update update(const Expression &theta, const Expression &direction, llvm::ArrayRef<Expression>,
                llvm::ArrayRef<Expression> hypers, const Expression &) const override {
    return {(theta - hypers[0] * direction).get(), {}};
  }

private:
  std::string title, rateName;
  double rate;
};
} // namespace

std::unique_ptr<Optimizer> costate::createGradientDescent(llvm::StringRef name, llvm::StringRef rateName,
                                                          double rate) {
  return std::make_unique<GradientDescent>(name, rateName, rate);
}
