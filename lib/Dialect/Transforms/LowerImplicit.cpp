//===- LowerImplicit.cpp - Equations become iterations, linear systems factors and solutions --------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/Transforms/Passes.h"
#include "costate/Differentiation/ImplicitFunction.h"
#include "costate/Solvers/Iterations.h"
#include "costate/Solvers/LUFactorization.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace costate {
#define GEN_PASS_DEF_LOWERIMPLICITPASS
#define GEN_PASS_DEF_LOWERFACTORIZATIONSPASS
#include "costate/Dialect/Transforms/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

//===----------------------------------------------------------------------===//
// Equations
//===----------------------------------------------------------------------===//

template <typename Op> static StoppingRule stoppingRule(Op op, int64_t maxIterations) {
  bool single = getElementTypeOrSelf(op.getType()).isF32();
  return {op.getTolerance() ? op.getTolerance()->convertToDouble()
          : single          ? 1e-5
                            : 1e-10,
          static_cast<int64_t>(op.getMaxIterations().value_or(maxIterations))};
}

/// The iteration that finds the result of `op`, before it; null after an error.
static Value lowerEquation(ImplicitFunctionInterface op) {
  ImplicitLocOpBuilder builder(op.getLoc(), op);
  auto equation = [&](Value y) { return evaluateEquation(builder, op, y); };
  if (auto root = dyn_cast<RootOp>(op.getOperation())) {
    bool failed = false;
    auto direction = [&](Value y, Value value) {
      FailureOr<Value> d = solveLinearized(builder, op, y, value);
      failed |= mlir::failed(d);
      return succeeded(d) ? *d : value;
    };
    Value result = emitNewton(builder, root.getStart(), equation, direction, stoppingRule(root, 50));
    return failed ? Value() : result;
  }
  if (auto fixed = dyn_cast<FixedPointOp>(op.getOperation()))
    return emitFixedPoint(builder, fixed.getStart(), equation, fixed.getAnderson(), stoppingRule(fixed, 200));
  auto solve = cast<KrylovSolveOp>(op.getOperation());
  if (failed(verifyLinearEquation(op)))
    return {};
  auto emit = solve.getMethod() == KrylovMethod::cg ? emitConjugateGradients : emitBiCGSTAB;
  return emit(builder, solve.getStart(), equation, stoppingRule(solve, 1000));
}

namespace {
struct LowerImplicit : costate::impl::LowerImplicitPassBase<LowerImplicit> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (failed(prepareEquations(function)))
      return signalPassFailure();
    // An iteration may hold equations in its turn.
    while (ImplicitFunctionInterface op = outermost(function)) {
      Value result = lowerEquation(op);
      if (!result)
        return signalPassFailure();
      op->getResult(0).replaceAllUsesWith(result);
      op.erase();
    }
    function.walk([](LinearSolveOp solve) {
      OpBuilder builder(solve);
      auto factors = LUOp::create(builder, solve.getLoc(), solve.getMatrix(), solve.getBandsAttr());
      Value solution =
          LUSolveOp::create(builder, solve.getLoc(), solve.getType(), factors.getFactors(),
                            factors.getSwaps(), solve.getRhs(), solve.getTransposed(), solve.getBandsAttr());
      solve.replaceAllUsesWith(solution);
      solve.erase();
    });
  }

private:
  static ImplicitFunctionInterface outermost(func::FuncOp function) {
    ImplicitFunctionInterface found;
    function.walk<WalkOrder::PreOrder>([&](ImplicitFunctionInterface op) {
      found = op;
      return WalkResult::interrupt();
    });
    return found;
  }
};

//===----------------------------------------------------------------------===//
// Linear systems
//===----------------------------------------------------------------------===//

MatrixLayout layoutOf(RankedTensorType type, std::optional<ArrayRef<int64_t>> bands) {
  int64_t n = type.getDimSize(1);
  return bands ? MatrixLayout{n, (*bands)[0], (*bands)[1], true} : MatrixLayout{n, n - 1, n - 1, false};
}

struct LowerFactorizations : costate::impl::LowerFactorizationsPassBase<LowerFactorizations> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      ImplicitLocOpBuilder builder(op->getLoc(), op);
      if (auto lu = dyn_cast<LUOp>(op)) {
        auto [factors, swaps] =
            emitLU(builder, lu.getMatrix(),
                   layoutOf(cast<RankedTensorType>(lu.getMatrix().getType()), lu.getBands()),
                   cast<RankedTensorType>(lu.getFactors().getType()),
                   cast<RankedTensorType>(lu.getSwaps().getType()));
        lu.getFactors().replaceAllUsesWith(factors);
        lu.getSwaps().replaceAllUsesWith(swaps);
        lu.erase();
      } else if (auto solve = dyn_cast<LUSolveOp>(op)) {
        auto type = cast<RankedTensorType>(solve.getFactors().getType());
        Value solution = emitLUSolve(builder, solve.getFactors(), solve.getSwaps(), solve.getRhs(),
                                     layoutOf(type, solve.getBands()), solve.getTransposed());
        solve.replaceAllUsesWith(solution);
        solve.erase();
      }
    });
  }
};
} // namespace
