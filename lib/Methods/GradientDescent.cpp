//===- GradientDescent.cpp - Gradient descent -----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

// x <- P(x - t g), t by a line search.

#include "Searching.h"
#include "costate/Methods/Methods.h"

using namespace costate::methods;

namespace {

class GradientDescentMethod : public Searching {
public:
  GradientDescentMethod(const GradientDescent &options, Oracle &oracle, const Tolerances &tolerances,
                        const Bounds &bounds)
      : Searching(oracle, options.search, tolerances, bounds), options(options) {}

private:
  void advance() override {
    bool grows = options.growth > 0 && length > 0;
    if (!move(-g, grows ? options.growth * length : options.initial))
      haltAfterSearch();
  }

  const GradientDescent options;
};

} // namespace

std::unique_ptr<Method> costate::methods::create(const GradientDescent &options, Oracle &oracle,
                                                 const Tolerances &tolerances, const Bounds &bounds) {
  return std::make_unique<GradientDescentMethod>(options, oracle, tolerances, bounds);
}
