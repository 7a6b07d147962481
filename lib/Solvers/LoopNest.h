//===- LoopNest.h - Loops of a solver that read like its formulas ------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_SOLVERS_LOOPNEST_H
#define COSTATE_LIB_SOLVERS_LOOPNEST_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace costate {

/// Loops and branches with one builder, which stands in the body while that is written. What is carried is a
/// list of values that the body replaces.
class LoopNest {
public:
  using Values = llvm::SmallVector<mlir::Value>;
  explicit LoopNest(mlir::ImplicitLocOpBuilder &builder) : b(builder) {}

  mlir::Value index(int64_t value) { return mlir::arith::ConstantIndexOp::create(b, value); }
  mlir::Value add(mlir::Value a, int64_t c) { return mlir::arith::AddIOp::create(b, a, index(c)); }
  mlir::Value sub(mlir::Value a, mlir::Value c) { return mlir::arith::SubIOp::create(b, a, c); }
  mlir::Value min(mlir::Value a, int64_t c) { return mlir::arith::MinSIOp::create(b, a, index(c)); }

  /// for i = from, …, to - 1
  void forEach(mlir::Value from, mlir::Value to, Values &carried,
               llvm::function_ref<void(mlir::Value, Values &)> body) {
    auto loop = mlir::scf::ForOp::create(b, from, to, index(1), carried);
    mlir::OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Values inside(loop.getRegionIterArgs());
    body(loop.getInductionVar(), inside);
    mlir::scf::YieldOp::create(b, inside);
    carried.assign(loop.getResults().begin(), loop.getResults().end());
  }

  /// As long as `condition` holds of what is carried.
  void repeat(Values &carried, llvm::function_ref<mlir::Value(const Values &)> condition,
              llvm::function_ref<void(Values &)> body) {
    mlir::scf::WhileOp loop = mlir::scf::WhileOp::create(
        b, mlir::TypeRange(mlir::ValueRange(carried)), carried,
        [&](mlir::OpBuilder &, mlir::Location, mlir::ValueRange inside) {
          mlir::scf::ConditionOp::create(b, condition(Values(inside)), inside);
        },
        [&](mlir::OpBuilder &, mlir::Location, mlir::ValueRange inside) {
          Values next(inside);
          body(next);
          mlir::scf::YieldOp::create(b, next);
        });
    carried.assign(loop.getResults().begin(), loop.getResults().end());
  }

  /// Where `condition` holds, what the body makes of `values`.
  void when(mlir::Value condition, Values &values, llvm::function_ref<void(Values &)> body) {
    llvm::SmallVector<mlir::Type> types(mlir::ValueRange(values).getTypes());
    auto branch = mlir::scf::IfOp::create(b, types, condition, /*withElseRegion=*/true);
    mlir::OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(branch.elseBlock());
    mlir::scf::YieldOp::create(b, values);
    b.setInsertionPointToStart(branch.thenBlock());
    Values inside(values);
    body(inside);
    mlir::scf::YieldOp::create(b, inside);
    values.assign(branch.getResults().begin(), branch.getResults().end());
  }

private:
  mlir::ImplicitLocOpBuilder &b;
};

} // namespace costate

#endif // COSTATE_LIB_SOLVERS_LOOPNEST_H
