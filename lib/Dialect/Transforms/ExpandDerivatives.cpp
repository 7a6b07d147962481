//===- ExpandDerivatives.cpp - Operators become Taylor coefficients ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/Transforms/Passes.h"

#include "CustomDerivative.h"
#include "Operators.h"
#include "costate/Differentiation/Differentiation.h"
#include "costate/Differentiation/Jet.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/SetVector.h"

#include <set>

namespace costate {
#define GEN_PASS_DEF_EXPANDDERIVATIVESPASS
#include "costate/Dialect/Transforms/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {
struct ExpandDerivatives : costate::impl::ExpandDerivativesPassBase<ExpandDerivatives> {
  void runOnOperation() override {
    markCustomCalls(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(expand(function)))
        return signalPassFailure();
    if (failed(checkPushforwards(getOperation())))
      return signalPassFailure();
  }

private:
  /// Inlines every call of a function that has a body; callees are expanded before.
  LogicalResult inlineCalls(func::FuncOp function) {
    SmallVector<func::CallOp> calls;
    function.walk([&](func::CallOp call) { calls.push_back(call); });
    for (func::CallOp call : calls) {
      auto callee = getOperation().lookupSymbol<func::FuncOp>(call.getCallee());
      if (!callee || callee.isExternal() || !callee.getBody().hasOneBlock())
        continue;
      if (failed(expand(callee)))
        return failure();
      OpBuilder builder(call);
      IRMapping mapping;
      mapping.map(callee.getArguments(), call.getOperands());
      Block &body = callee.getBody().front();
      for (Operation &op : body.without_terminator())
        builder.clone(op, mapping);
      for (auto [result, value] : llvm::zip(call.getResults(), body.getTerminator()->getOperands()))
        result.replaceAllUsesWith(mapping.lookupOrDefault(value));
      call.erase();
    }
    return success();
  }

  LogicalResult expand(func::FuncOp function) {
    if (function.isExternal() || !done.insert(function.getOperation()).second)
      return success();
    lowerToOperators(function);
    SmallVector<OperatorOp> operators;
    function.walk([&](OperatorOp op) { operators.push_back(op); });
    if (operators.empty())
      return success();
    if (failed(inlineCalls(function)) || failed(normalizeLinalg(function)))
      return failure();

    // One builder for all, so that operators on one value share their coefficients.
    llvm::SmallVector<Variable> variables;
    for (OperatorOp op : operators)
      for (auto &[partial, weight] : readOperator(op))
        for (const Variable &variable : partial)
          if (!llvm::is_contained(variables, variable))
            variables.push_back(variable);
    SmallVector<JetVariable> jetVariables;
    for (const Variable &variable : variables)
      jetVariables.push_back({variable.input, variable.component});
    OpBuilder builder(function.getContext());
    JetBuilder jets(builder, jetVariables);
    bool failedAny = false;
    for (OperatorOp op : operators) {
      SmallVector<JetTerm> terms;
      for (auto &[partial, weight] : readOperator(op)) {
        JetTerm term{SmallVector<unsigned>(variables.size(), 0), weight};
        for (const Variable &variable : partial)
          ++term.index[llvm::find(variables, variable) - variables.begin()];
        terms.push_back(term);
      }
      FailureOr<Value> value = jets.derivative(op.getValue(), terms);
      if (failed(value)) {
        failedAny = true;
        continue;
      }
      Value replacement = *value;
      if (!replacement) {
        builder.setInsertionPoint(op);
        replacement =
            arith::ConstantOp::create(builder, op.getLoc(), builder.getZeroAttr(op.getResult().getType()));
      }
      op.getResult().replaceAllUsesWith(replacement);
      op.erase();
    }
    if (failedAny)
      return failure();
    if (JetBuilder::ChannelCount count = jets.countChannels(); count.channels > 0)
      remark::analysis(function.getLoc(),
                       remark::RemarkOpts::name("jet").category("jets").function(function.getName()))
          << (function.getName() + ": " + Twine(count.channels) + " Taylor channels through a contraction, " +
              Twine(count.sums) + " of them sums of several derivatives")
                 .str();
    simplifyFunction(function);
    return success();
  }

  std::set<Operation *> done;
};
} // namespace
