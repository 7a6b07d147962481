//===- Monitor.cpp - A constraint that is measured and not enforced ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Constraints/Strategy.h"

using namespace mlir;
using namespace costate;

namespace {
class Monitor : public Strategy {
public:
  LogicalResult check(const Constraint &) const override { return success(); }
  bool needsAggregateGradient() const override { return false; }
};
} // namespace

std::unique_ptr<Strategy> costate::createMonitor() { return std::make_unique<Monitor>(); }
