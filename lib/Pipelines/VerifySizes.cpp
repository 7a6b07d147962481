//===- VerifySizes.cpp - No value is larger than what can be addressed ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Passes compute sizes, places and costs with 64 bits. With this behind them they need not ask, each at every
// product, whether these are enough.
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/IR/TensorSize.h"
#include "costate/Pipelines/Passes.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEVERIFYSIZES
#include "costate/Pipelines/Passes.h.inc"
} // namespace costate

using namespace mlir;

namespace {
struct CostateVerifySizes : costate::impl::CostateVerifySizesBase<CostateVerifySizes> {
  void runOnOperation() override {
    markAllAnalysesPreserved();
    auto check = [](Operation *op, TypeRange types) {
      for (Type type : types) {
        auto shaped = dyn_cast<ShapedType>(type);
        if (shaped && shaped.hasRank() && !costate::isAddressable(shaped.getShape())) {
          op->emitOpError() << "has a value of type " << type << ", but " << costate::kNotAddressable;
          return failure();
        }
      }
      return success();
    };
    WalkResult result = getOperation()->walk([&](Operation *op) -> WalkResult {
      if (failed(check(op, op->getResultTypes())))
        return failure();
      // A declaration has no values for its arguments.
      if (auto function = dyn_cast<FunctionOpInterface>(op))
        if (failed(check(op, function.getArgumentTypes())) || failed(check(op, function.getResultTypes())))
          return failure();
      for (Region &region : op->getRegions())
        for (Block &block : region)
          if (failed(check(op, block.getArgumentTypes())))
            return failure();
      return success();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
