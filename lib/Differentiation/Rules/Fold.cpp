//===- Fold.cpp - By which op a reduction folds its elements ----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Fold.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace costate;

/// The other one of two values, if one of them is `out`.
static Value otherThan(Value out, Value a, Value b) {
  if ((a == out) == (b == out))
    return {};
  return a == out ? b : a;
}

static std::optional<Fold::Kind> kindOf(Operation *op) {
  if (isa<arith::AddFOp>(op))
    return Fold::Kind::Sum;
  if (isa<arith::MulFOp>(op))
    return Fold::Kind::Product;
  if (isa<arith::MaximumFOp, arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp>(op))
    return Fold::Kind::Extremum;
  return std::nullopt;
}

/// Whether the predicate says which of two numbers is larger.
static bool isOrder(arith::CmpFPredicate predicate) {
  using enum arith::CmpFPredicate;
  return llvm::is_contained({OGT, OGE, OLT, OLE, UGT, UGE, ULT, ULE}, predicate);
}

std::optional<Fold> costate::foldOf(Block &body) {
  Operation *fold = body.getTerminator()->getOperand(0).getDefiningOp();
  Value out = body.getArguments().back();
  if (!fold || fold->getBlock() != &body)
    return std::nullopt;
  if (auto kind = kindOf(fold)) {
    if (Value value = otherThan(out, fold->getOperand(0), fold->getOperand(1)))
      return Fold{*kind, {fold}, value};
    return std::nullopt;
  }
  auto select = dyn_cast<arith::SelectOp>(fold);
  auto comparison = select ? select.getCondition().getDefiningOp<arith::CmpFOp>() : arith::CmpFOp();
  if (!comparison || comparison->getBlock() != &body || !isOrder(comparison.getPredicate()))
    return std::nullopt;
  Value value = otherThan(out, select.getTrueValue(), select.getFalseValue());
  if (!value || otherThan(out, comparison.getLhs(), comparison.getRhs()) != value)
    return std::nullopt;
  return Fold{Fold::Kind::Extremum, {comparison, select}, value};
}

std::optional<Fold> costate::foldOf(linalg::ReduceOp op) {
  if (op.getInputs().size() != 1 || op->getNumResults() != 1)
    return std::nullopt;
  Block &body = *op.getBody();
  std::optional<Fold> fold = foldOf(body);
  if (!fold || fold->value != body.getArgument(0) || body.getOperations().size() != fold->ops.size() + 1)
    return std::nullopt;
  return fold;
}
