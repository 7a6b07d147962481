//===- SumsFromZero.cpp - Finds the sums that start from a fill -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "SumsFromZero.h"

#include "BaseBuffer.h"
#include "Captures.h"
#include "TilePlan.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate;

static bool touches(Operation *op, Value base) {
  return op
      ->walk([&](Operation *inner) {
        auto isBase = [&](Value operand) {
          return isa<MemRefType>(operand.getType()) && baseOf(operand) == base;
        };
        return !isa<ViewLikeOpInterface>(inner) && llvm::any_of(inner->getOperands(), isBase)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

linalg::LinalgOp costate::findSumsOnto(linalg::FillOp fill) {
  Value buffer = fill.getOutputs()[0], base = baseOf(buffer);
  if (!matchPattern(fill.getInputs()[0], m_AnyZeroFloat()) || !isDistinct(base))
    return nullptr;
  for (Operation *op = fill->getNextNode(); op; op = op->getNextNode()) {
    if (!touches(op, base))
      continue;
    auto sums = dyn_cast<linalg::LinalgOp>(op);
    if (!sums || sums.getNumDpsInits() != 1 || sums.getDpsInits()[0] != buffer ||
        sums.getNumReductionLoops() == 0 ||
        !sums.getMatchingIndexingMap(sums.getDpsInitOperand(0)).isProjectedPermutation() ||
        !isa_and_present<arith::AddFOp>(findCombiner(sums, 0)))
      return nullptr;
    for (OpOperand *input : sums.getDpsInputOperands())
      if (isa<MemRefType>(input->get().getType()) && baseOf(input->get()) == base)
        return nullptr;
    return sums;
  }
  return nullptr;
}
