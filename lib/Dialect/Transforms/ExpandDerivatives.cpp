//===- ExpandDerivatives.cpp - Operators become Taylor coefficients ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/Transforms/Passes.h"

#include "CustomDerivative.h"
#include "Operators.h"
#include "costate/Differentiation/Differentiation.h"
#include "costate/Differentiation/Jet.h"

#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
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
/// What the operators of a function differentiate by: components of its arguments. Second derivatives in many
/// directions that an operator has with one weight, as a Laplacian has them, are one variable.
class Variables {
public:
  Variables(func::FuncOp function, bool isDifferentiated, size_t minDirections)
      : function(function), minDirections(minDirections) {
    // Sums over directions have no derivative rule; and the directions become a dimension of tensors, which
    // these dialects have rules for.
    mayGroup = !isDifferentiated;
    function.walk([&](Operation *op) {
      if (isa<OperatorOp>(op)) {
        SetVector<Operation *> slice;
        getForwardSlice(op, &slice);
        mayGroup &= llvm::none_of(slice, llvm::IsaPred<OperatorOp>);
      } else {
        mayGroup &= op == function || isa<func::ReturnOp>(op) ||
                    isa<arith::ArithDialect, math::MathDialect, linalg::LinalgDialect, tensor::TensorDialect>(
                        op->getDialect());
      }
    });
  }

  /// The terms of an operator; an index ends with the last variable known so far.
  SmallVector<JetTerm> read(OperatorOp op) {
    SmallVector<JetTerm> terms;
    Operator whole = readOperator(op);
    std::map<std::pair<unsigned, double>, SmallVector<Variable>> groups;
    auto groupOf = [&](const Partial &partial, double weight) {
      bool fits = mayGroup && partial.size() == 2 && partial[0] == partial[1];
      return fits ? &groups[{partial[0].input.getArgNumber(), weight}] : nullptr;
    };
    auto add = [&](ArrayRef<unsigned> numbers, double weight) {
      JetTerm term{SmallVector<unsigned>(all.size(), 0), weight};
      for (unsigned number : numbers)
        ++term.index[number];
      terms.push_back(std::move(term));
    };
    for (auto &[partial, weight] : whole)
      if (auto *group = groupOf(partial, weight))
        group->push_back(partial[0]);
    for (auto &[partial, weight] : whole)
      if (auto *group = groupOf(partial, weight); !group || group->size() < minDirections)
        add(llvm::map_to_vector(partial, [&](const Variable &variable) { return numberOf(variable); }),
            weight);
    for (auto &[key, group] : groups)
      if (group.size() >= minDirections) {
        unsigned number = numberOf(group, op.getLoc());
        add({number, number}, key.second);
      }
    return terms;
  }

  SmallVector<JetVariable> all;

private:
  unsigned numberOf(const Variable &variable) {
    auto same = [&](const JetVariable &other) {
      return !other.direction && other.input == variable.input && other.component == variable.component;
    };
    auto known = llvm::find_if(all, same);
    if (known == all.end()) {
      all.push_back({variable.input, variable.component});
      return all.size() - 1;
    }
    return known - all.begin();
  }

  unsigned numberOf(ArrayRef<Variable> group, Location loc) {
    auto components = llvm::map_to_vector(group, [](const Variable &variable) { return variable.component; });
    Value input = group.front().input;
    for (auto [number, variable] : llvm::enumerate(all))
      if (variable.input == input && variable.direction &&
          variable.direction.getDefiningOp<DirectionOp>().getComponents() == ArrayRef(components))
        return number;
    OpBuilder builder = OpBuilder::atBlockBegin(&function.front());
    Value direction = DirectionOp::create(builder, loc, input.getType(), components);
    all.push_back({input, 0, direction, static_cast<unsigned>(group.size())});
    return all.size() - 1;
  }

  func::FuncOp function;
  size_t minDirections;
  bool mayGroup;
};

struct ExpandDerivatives : costate::impl::ExpandDerivativesPassBase<ExpandDerivatives> {
  using ExpandDerivativesPassBase::ExpandDerivativesPassBase;

  void runOnOperation() override {
    markCustomCalls(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>())
      lowerToOperators(function);
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (hasOperators(function))
        markCallees(function);
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(expand(function)))
        return signalPassFailure();
    if (failed(checkPushforwards(getOperation())))
      return signalPassFailure();
  }

private:
  static bool hasOperators(func::FuncOp function) {
    return function.walk([](OperatorOp) { return WalkResult::interrupt(); }).wasInterrupted();
  }

  /// Enters what the function calls, itself or by others.
  void markCallees(func::FuncOp function) {
    function.walk([&](func::CallOp call) {
      auto callee = getOperation().lookupSymbol<func::FuncOp>(call.getCallee());
      if (callee && callees.insert(callee.getOperation()).second)
        markCallees(callee);
    });
  }

  /// Inlines calls of functions that have a body, and what these call; callees are expanded before. An error
  /// where one of `chain`, functions that the calls are in, is called.
  LogicalResult inlineCalls(Operation *root, SmallVectorImpl<func::FuncOp> &chain) {
    SmallVector<func::CallOp> calls;
    root->walk([&](func::CallOp call) { calls.push_back(call); });
    for (func::CallOp call : calls) {
      auto callee = getOperation().lookupSymbol<func::FuncOp>(call.getCallee());
      if (!callee || callee.isExternal() || !callee.getBody().hasOneBlock())
        continue;
      if (llvm::is_contained(chain, callee)) {
        InFlightDiagnostic error = call.emitOpError() << "calls @" << callee.getName()
                                                      << " recursively; recursion cannot be differentiated";
        error.attachNote(callee.getLoc()) << "@" << callee.getName() << " is defined here";
        return error;
      }
      if (failed(expand(callee)))
        return failure();
      OpBuilder builder(call);
      IRMapping mapping;
      mapping.map(callee.getArguments(), call.getOperands());
      Block &body = callee.getBody().front();
      SmallVector<Operation *> inlined;
      for (Operation &op : body.without_terminator())
        inlined.push_back(builder.clone(op, mapping));
      for (auto [result, value] : llvm::zip(call.getResults(), body.getTerminator()->getOperands()))
        result.replaceAllUsesWith(mapping.lookupOrDefault(value));
      call.erase();
      chain.push_back(callee);
      for (Operation *op : inlined)
        if (failed(inlineCalls(op, chain)))
          return failure();
      chain.pop_back();
    }
    return success();
  }

  LogicalResult expand(func::FuncOp function) {
    if (function.isExternal() || !done.insert(function.getOperation()).second)
      return success();
    SmallVector<OperatorOp> operators;
    function.walk([&](OperatorOp op) { operators.push_back(op); });
    if (operators.empty())
      return success();
    SmallVector<func::FuncOp> chain = {function};
    if (failed(inlineCalls(function, chain)) || failed(normalize(function, function.getArguments())))
      return failure();

    // One builder for all, so that operators on one value share their coefficients.
    Variables variables(function, /*isDifferentiated=*/callees.contains(function), minDirections);
    auto terms = llvm::map_to_vector(operators, [&](OperatorOp op) { return variables.read(op); });
    OpBuilder builder(function.getContext());
    JetBuilder jets(builder, variables.all, [](OpBuilder &builder, Value value, Value direction) -> Value {
      return SumDirectionsOp::create(builder, value.getLoc(), value.getType(), value, direction);
    });
    bool failedAny = false;
    for (auto [op, operatorTerms] : llvm::zip(operators, terms)) {
      for (JetTerm &term : operatorTerms)
        term.index.resize(variables.all.size());
      FailureOr<Value> value = jets.derivative(op.getValue(), operatorTerms);
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
  DenseSet<Operation *> callees; // Of functions with operators.
};
} // namespace
