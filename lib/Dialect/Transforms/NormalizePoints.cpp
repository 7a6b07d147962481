//===- NormalizePoints.cpp - Functions of one point in the ops that have derivatives ----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/CostateDialect.h"
#include "costate/Dialect/Transforms/Passes.h"
#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace costate {
#define GEN_PASS_DEF_NORMALIZEPOINTS
#include "costate/Dialect/Transforms/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {
struct NormalizePoints : costate::impl::NormalizePointsBase<NormalizePoints> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SetVector<Operation *> reached;
    auto reach = [&](FlatSymbolRefAttr symbol) {
      if (Operation *op = symbols.lookup(symbol.getAttr()))
        reached.insert(op);
    };
    getOperation().walk([&](Operation *op) {
      if (isa<ReduceSetOp, MapSetOp>(op))
        reach(op->getAttrOfType<FlatSymbolRefAttr>("callee"));
    });
    for (unsigned i = 0; i < reached.size(); ++i)
      reached[i]->walk([&](Operation *op) {
        if (auto derive = dyn_cast<DeriveOp>(op))
          reach(derive.getSourceAttr());
        else if (auto call = dyn_cast<CallOp>(op))
          reach(call.getCalleeAttr());
        else if (auto call = dyn_cast<func::CallOp>(op))
          reach(call.getCalleeAttr());
      });
    for (Operation *op : reached) {
      auto function = dyn_cast<func::FuncOp>(op);
      if (function && function.getBody().hasOneBlock() &&
          failed(normalize(function, function.getArguments())))
        return signalPassFailure();
    }
  }
};
} // namespace
