//===- ComplexToPairs.cpp - Complex scalars as pairs of floats --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ComplexToPairs.h"

#include "ComplexArithmetic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace costate;

static bool isComplex(Value value) {
  auto type = dyn_cast<ComplexType>(value.getType());
  return type && isa<FloatType>(type.getElementType());
}

namespace {
class ComplexToPairs {
public:
  void visit(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(block))
      visit(&op);
  }
  void finish();

private:
  void visit(Operation *op);
  void visitFor(scf::ForOp op);
  void visitIf(scf::IfOp op);
  void visitWhile(scf::WhileOp op);

  Pair partsOf(Value value);
  /// Each complex value as two.
  SmallVector<Value> flatten(ValueRange values);
  /// Has `block` take two arguments for each complex one.
  void splitArguments(Block &block);
  /// Results of an op that returns two values for each complex one.
  void setResults(Operation *op, ValueRange flat);

  DenseMap<Value, Pair> pairs;
  SmallVector<Operation *> replaced;
};
} // namespace

Pair ComplexToPairs::partsOf(Value value) {
  Pair &parts = pairs[value];
  if (!parts.re) {
    OpBuilder builder(value.getContext());
    builder.setInsertionPointAfterValue(value);
    parts = {complex::ReOp::create(builder, value.getLoc(), value),
             complex::ImOp::create(builder, value.getLoc(), value)};
  }
  return parts;
}

SmallVector<Value> ComplexToPairs::flatten(ValueRange values) {
  SmallVector<Value> flat;
  for (Value value : values) {
    if (!isComplex(value)) {
      flat.push_back(value);
      continue;
    }
    Pair parts = partsOf(value);
    flat.append({parts.re, parts.im});
  }
  return flat;
}

void ComplexToPairs::splitArguments(Block &block) {
  for (unsigned i = 0; i < block.getNumArguments(); ++i) {
    BlockArgument argument = block.getArgument(i);
    if (!isComplex(argument))
      continue;
    Type element = cast<ComplexType>(argument.getType()).getElementType();
    Pair parts = {block.insertArgument(i + 1, element, argument.getLoc()),
                  block.insertArgument(i + 2, element, argument.getLoc())};
    // What is left of the uses takes the number put together.
    OpBuilder builder = OpBuilder::atBlockBegin(&block);
    auto create =
        complex::CreateOp::create(builder, argument.getLoc(), argument.getType(), parts.re, parts.im);
    argument.replaceAllUsesWith(create);
    pairs[create] = parts;
    replaced.push_back(create);
    block.eraseArgument(i);
    ++i;
  }
}

void ComplexToPairs::setResults(Operation *op, ValueRange flat) {
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(flat.front().getDefiningOp());
  unsigned position = 0;
  for (Value result : op->getResults()) {
    if (!isComplex(result)) {
      result.replaceAllUsesWith(flat[position++]);
      continue;
    }
    Pair parts = {flat[position], flat[position + 1]};
    position += 2;
    auto create = complex::CreateOp::create(builder, op->getLoc(), result.getType(), parts.re, parts.im);
    result.replaceAllUsesWith(create);
    pairs[create] = parts;
    replaced.push_back(create);
  }
}

void ComplexToPairs::visitFor(scf::ForOp op) {
  OpBuilder builder(op);
  auto loop = scf::ForOp::create(builder, op.getLoc(), op.getLowerBound(), op.getUpperBound(), op.getStep(),
                                 flatten(op.getInitArgs()), /*bodyBuilder=*/nullptr, op.getUnsignedCmp());
  loop->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  loop.getRegion().takeBody(op.getRegion());
  splitArguments(*loop.getBody());
  visit(*loop.getBody());
  Operation *yield = loop.getBody()->getTerminator();
  yield->setOperands(flatten(yield->getOperands()));
  setResults(op, loop.getResults());
  op.erase();
}

void ComplexToPairs::visitIf(scf::IfOp op) {
  SmallVector<SmallVector<Value>> yielded;
  for (Region &region : op->getRegions()) {
    visit(region.front());
    yielded.push_back(flatten(region.front().getTerminator()->getOperands()));
  }
  OpBuilder builder(op);
  auto conditional = scf::IfOp::create(builder, op.getLoc(), ValueRange(yielded[0]).getTypes(),
                                       op.getCondition(), /*addThenBlock=*/false, /*addElseBlock=*/false);
  conditional->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  for (unsigned i : {0, 1}) {
    conditional->getRegion(i).takeBody(op->getRegion(i));
    conditional->getRegion(i).front().getTerminator()->setOperands(yielded[i]);
  }
  setResults(op, conditional.getResults());
  op.erase();
}

void ComplexToPairs::visitWhile(scf::WhileOp op) {
  OpBuilder builder(op);
  SmallVector<Type> types;
  for (Value result : op.getResults()) {
    auto complex = dyn_cast<ComplexType>(result.getType());
    types.append(complex ? 2 : 1, complex ? complex.getElementType() : result.getType());
  }
  auto loop = scf::WhileOp::create(builder, op.getLoc(), types, flatten(op.getInits()));
  loop->setDiscardableAttrs(op->getDiscardableAttrDictionary());
  loop.getBefore().takeBody(op.getBefore());
  loop.getAfter().takeBody(op.getAfter());
  for (Block *block : {loop.getBeforeBody(), loop.getAfterBody()}) {
    splitArguments(*block);
    visit(*block);
  }
  scf::ConditionOp condition = loop.getConditionOp();
  SmallVector<Value> forwarded = flatten(condition.getArgs());
  condition.getArgsMutable().assign(forwarded);
  loop.getYieldOp()->setOperands(flatten(loop.getYieldOp()->getOperands()));
  setResults(op, loop.getResults());
  op.erase();
}

void ComplexToPairs::visit(Operation *op) {
  bool carries = llvm::any_of(op->getResults(), isComplex) || llvm::any_of(op->getOperands(), isComplex);
  if (auto loop = dyn_cast<scf::ForOp>(op); loop && carries)
    return visitFor(loop);
  if (auto conditional = dyn_cast<scf::IfOp>(op); conditional && carries)
    return visitIf(conditional);
  if (auto loop = dyn_cast<scf::WhileOp>(op); loop && carries)
    return visitWhile(loop);
  for (Region &region : op->getRegions())
    for (Block &block : region)
      visit(block);
  bool arithmetic = isa<complex::ComplexDialect>(op->getDialect());
  auto select = dyn_cast<arith::SelectOp>(op);
  if (!carries || (!arithmetic && !select) || (arithmetic && pairs.contains(op->getResult(0))))
    return;
  OpBuilder builder(op);
  if (select) {
    Pair a = partsOf(select.getTrueValue()), b = partsOf(select.getFalseValue());
    pairs[select] = {arith::SelectOp::create(builder, op->getLoc(), select.getCondition(), a.re, b.re),
                     arith::SelectOp::create(builder, op->getLoc(), select.getCondition(), a.im, b.im)};
    replaced.push_back(op);
    return;
  }
  // The parts of what is no arithmetic are taken by ops that stay.
  if (isa<complex::ReOp, complex::ImOp>(op)) {
    Pair parts = pairs.lookup(op->getOperand(0));
    if (!parts.re || llvm::is_contained({parts.re, parts.im}, op->getResult(0)))
      return;
  }
  SmallVector<Pair> operands = llvm::map_to_vector(op->getOperands(), [&](Value operand) {
    return isComplex(operand) ? partsOf(operand) : Pair{operand, Value()};
  });
  std::optional<Pair> result = expandArithmetic(builder, op, operands);
  if (!result)
    return;
  if (isComplex(op->getResult(0)))
    pairs[op->getResult(0)] = *result;
  else
    op->getResult(0).replaceAllUsesWith(result->re);
  replaced.push_back(op);
}

void ComplexToPairs::finish() {
  for (Operation *op : llvm::reverse(replaced)) {
    if (!op->use_empty()) {
      // For an op that keeps its operand.
      OpBuilder builder(op);
      Pair parts = pairs.lookup(op->getResult(0));
      Value whole =
          complex::CreateOp::create(builder, op->getLoc(), op->getResult(0).getType(), parts.re, parts.im);
      op->getResult(0).replaceAllUsesWith(whole);
    }
    op->erase();
  }
}

void costate::expandComplex(func::FuncOp function) {
  bool any = function
                 .walk([](Operation *op) {
                   return isa<complex::ComplexDialect>(op->getDialect()) ? WalkResult::interrupt()
                                                                         : WalkResult::advance();
                 })
                 .wasInterrupted();
  if (!any)
    return;
  ComplexToPairs conversion;
  conversion.visit(function.getBody().front());
  conversion.finish();
}
