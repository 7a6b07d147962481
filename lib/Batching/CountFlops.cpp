//===- CountFlops.cpp - The arithmetic of contractions ----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CountFlops.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;

int64_t costate::countContractionFlops(func::FuncOp function) {
  int64_t flops = 0;
  function.walk([&](linalg::LinalgOp op) {
    if (op.hasDynamicShape())
      return;
    int64_t points = ShapedType::getNumElements(op.getStaticLoopRanges());
    auto isSmaller = [&](OpOperand *operand) {
      auto type = dyn_cast<ShapedType>(operand->get().getType());
      return !type || type.getNumElements() < points;
    };
    if (op.getNumDpsInputs() == 2 &&
        (op.getNumReductionLoops() > 0 || llvm::all_of(op.getDpsInputOperands(), isSmaller)))
      flops += 2 * points;
  });
  return flops;
}
