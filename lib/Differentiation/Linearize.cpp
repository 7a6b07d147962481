//===- Linearize.cpp - Tangents beside the primal ---------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Linearizer.h"

#include "Activity.h"
#include "ExprBuilder.h"
#include "ImplicitFunction.h"
#include "VerifyTangents.h"
#include "costate/Differentiation/CustomDerivative.h"

using namespace mlir;
using namespace costate;

bool Linearizer::isActive(Operation *op) const {
  auto active = [&](Value value) { return tangents.contains(value); };
  return llvm::any_of(op->getOperands(), active) || llvm::any_of(capturedBy(op), active);
}

void Linearizer::visitRange(Operation *first, Operation *end) {
  for (Operation *op = first; op != end;) {
    Operation *next = op->getNextNode(); // before any tangent op is put in between
    visit(op);
    op = next;
  }
}

void Linearizer::visit(Operation *op) {
  // A loop may be there for a count alone.
  bool isLoop = isa<scf::ForOp, scf::WhileOp>(op);
  auto matters = [&](Value result) {
    return hasTangent(result.getType()) && !(isLoop && result.use_empty());
  };
  if (op->hasTrait<OpTrait::IsTerminator>() || llvm::none_of(op->getResults(), matters) || !isActive(op))
    return;
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return visitFor(loop);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return visitWhile(loop);
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(op);
  if (auto conditional = dyn_cast<scf::IfOp>(op))
    return visitIf(conditional, builder);
  if (auto implicit = dyn_cast<ImplicitFunctionInterface>(op)) {
    FailureOr<Value> tangent = linearizeImplicit(builder, implicit, tangents);
    failed |= mlir::failed(tangent);
    return setTangent(op->getResult(0), succeeded(tangent) ? *tangent : Value());
  }
  if (auto custom = dyn_cast<CustomDerivativeInterface>(op)) {
    auto operands = llvm::map_to_vector(op->getOperands(), [&](Value operand) { return tangentOf(operand); });
    FailureOr<SmallVector<Value>> results = custom.linearize(builder, operands);
    failed |= mlir::failed(results);
    if (succeeded(results))
      for (auto [result, tangent] : llvm::zip_equal(op->getResults(), *results))
        setTangent(result, tangent);
    return;
  }
  auto rule = dyn_cast<DifferentiableOpInterface>(op);
  switch (rule ? rule.getRuleKind() : RuleKind::None) {
  case RuleKind::None:
    reportNoRule(op);
    failed = true;
    return;
  case RuleKind::Zero:
    return;
  case RuleKind::Linear: {
    auto operands = llvm::map_to_vector(op->getOperands(), [&](Value operand) { return tangentOf(operand); });
    return setTangent(op->getResult(0), rule.push(builder, operands));
  }
  case RuleKind::Bilinear:
    return visitBilinear(rule, builder);
  case RuleKind::Solve:
    return visitSolve(rule, builder);
  case RuleKind::Partials:
    return visitPartials(rule, builder);
  case RuleKind::Compose:
    return visitComposition(rule);
  }
}

void Linearizer::visitBilinear(DifferentiableOpInterface op, OpBuilder &builder) {
  ExprBuilder e(builder, op.getLoc(), op->getResult(0).getType());
  Value sum;
  if (Value lhs = tangentOf(op->getOperand(0)))
    sum = op.multiply(builder, lhs, op->getOperand(1));
  if (Value rhs = tangentOf(op->getOperand(1)))
    sum = e.accumulate(sum, op.multiply(builder, op->getOperand(0), rhs));
  if (op->getNumOperands() > 2)
    sum = e.accumulate(sum, tangentOf(op->getOperand(2)));
  setTangent(op->getResult(0), sum);
}

/// A y = b  =>  A ẏ = ḃ - Ȧ y
void Linearizer::visitSolve(DifferentiableOpInterface op, OpBuilder &builder) {
  Value y = op->getResult(0), rhs = tangentOf(op->getOperand(1));
  ExprBuilder e(builder, op.getLoc(), op->getOperand(1).getType());
  if (Value matrix = tangentOf(op->getOperand(0)))
    rhs = e.accumulate(rhs, e.neg(op.multiply(builder, matrix, y)));
  if (rhs)
    setTangent(y, op.push(builder, {Value(), rhs}));
}

void Linearizer::visitPartials(DifferentiableOpInterface op, OpBuilder &builder) {
  ExprBuilder e(builder, op.getLoc(), op->getResult(0).getType());
  Value sum;
  for (unsigned i = 0; i < op->getNumOperands(); ++i) {
    Value tangent = tangentOf(op->getOperand(i));
    if (!tangent || !op.isDifferentiable(i))
      continue;
    if (Value partial = op.partial(builder, i); partial && !isZeroValue(partial))
      sum = e.accumulate(sum, e.mul(partial, tangent));
  }
  setTangent(op->getResult(0), sum);
}

void Linearizer::visitComposition(DifferentiableOpInterface op) {
  Operation *end = op->getNextNode();
  OpBuilder builder(op.getContext());
  builder.setInsertionPointAfter(op);
  SmallVector<Value> values = op.compose(builder);
  visitRange(op->getNextNode(), end);
  for (auto [result, value] : llvm::zip_equal(op->getResults(), values))
    setTangent(result, tangentOf(value));
}

/// The tangents come from a conditional of their own, whose branches compute the primal again; simplification
/// merges the two where both stay. A branch that is not taken never contributes.
void Linearizer::visitIf(scf::IfOp op, OpBuilder &builder) {
  auto clone = cast<scf::IfOp>(builder.clone(*op));
  SmallVector<SmallVector<Value>, 2> branches;
  for (Region *region : {&clone.getThenRegion(), &clone.getElseRegion()}) {
    Block &block = region->front();
    visitRange(&block.front(), nullptr);
    branches.push_back(llvm::map_to_vector(block.getTerminator()->getOperands(),
                                           [&](Value yielded) { return tangentOf(yielded); }));
  }
  SmallVector<unsigned> active;
  SmallVector<Type> types;
  for (auto [i, result] : llvm::enumerate(op.getResults()))
    if (branches[0][i] || branches[1][i]) {
      active.push_back(i);
      types.push_back(result.getType());
    }
  auto linear = scf::IfOp::create(builder, op.getLoc(), types, op.getCondition(), /*addThenBlock=*/false,
                                  /*addElseBlock=*/false);
  linear.getThenRegion().takeBody(clone.getThenRegion());
  linear.getElseRegion().takeBody(clone.getElseRegion());
  for (auto [region, tangents] : llvm::zip_equal(linear->getRegions(), branches)) {
    Operation *yield = region.front().getTerminator();
    OpBuilder inner(yield);
    SmallVector<Value> yielded;
    for (unsigned i : active)
      yielded.push_back(tangents[i] ? tangents[i] : zeroLike(inner, op.getLoc(), yield->getOperand(i)));
    yield->setOperands(yielded);
  }
  clone.erase();
  for (auto [i, result] : llvm::zip_equal(active, linear.getResults()))
    setTangent(op.getResult(i), result);
}

LogicalResult costate::linearize(Block &block, Tangents &tangents) {
  ValueSet active;
  for (auto &[value, tangent] : tangents)
    active.insert(value);
  if (failed(verifyTangents(block, std::move(active))))
    return failure();
  Linearizer linearizer(tangents);
  if (!block.empty())
    linearizer.visitRange(&block.front(), nullptr);
  return failure(linearizer.failed);
}
