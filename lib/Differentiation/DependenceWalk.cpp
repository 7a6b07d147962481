//===- DependenceWalk.cpp - What each element of a value depends on ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "DependenceWalk.h"
#include "Activity.h"
#include "LoopCounter.h"
#include "VerifyTangents.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace costate;

ArrayRef<int64_t> costate::shapeOf(Value value) {
  auto shaped = dyn_cast<ShapedType>(value.getType());
  return shaped ? shaped.getShape() : ArrayRef<int64_t>();
}

int64_t costate::sizeOf(Value value) { return ShapedType::getNumElements(shapeOf(value)); }

void DependenceWalk::seed(Value source, unsigned first) {
  Rows rows(sizeOf(source), BitVector(columns));
  for (auto [i, row] : llvm::enumerate(rows))
    row.set(first + i);
  known[source] = std::move(rows);
}

SparsityPattern DependenceWalk::rowsOf(Value value) const {
  const Rows *rows = lookup(value);
  SparsityPattern pattern = rows ? *rows : Rows(sizeOf(value));
  for (BitVector &row : pattern)
    row.resize(columns);
  return pattern;
}

BitVector DependenceWalk::anyOf(Value value) {
  BitVector all;
  if (const Rows *rows = lookup(value))
    for (const BitVector &row : *rows)
      add(all, row);
  return all;
}

std::optional<int64_t> DependenceWalk::integerOf(Value value) const {
  if (auto it = counters.find(value); it != counters.end())
    return it->second;
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return constant;
  Operation *op = value.getDefiningOp();
  if (!op || !isa<arith::AddIOp, arith::SubIOp, arith::MulIOp>(op))
    return std::nullopt;
  std::optional<int64_t> lhs = integerOf(op->getOperand(0)), rhs = integerOf(op->getOperand(1));
  if (!lhs || !rhs)
    return std::nullopt;
  return isa<arith::AddIOp>(op) ? *lhs + *rhs : isa<arith::SubIOp>(op) ? *lhs - *rhs : *lhs * *rhs;
}

bool DependenceWalk::visitBody(Block &block) {
  for (Operation &op : block.without_terminator())
    if (!visit(op))
      return false;
  return work <= maxWork;
}

/// Iteration by iteration where their number is constant and that is not too much; else until nothing is
/// added.
bool DependenceWalk::visitLoop(scf::ForOp loop) {
  std::optional<int64_t> lower = integerOf(loop.getLowerBound()), upper = integerOf(loop.getUpperBound()),
                         step = integerOf(loop.getStep());
  bool counts = lower && upper && step && *step > 0;
  int64_t iterations = 0;
  if (counts) {
    int64_t words = 1;
    for (Value value : loop.getInitArgs())
      words += sizeOf(value) * (1 + columns / 64);
    int64_t ops = llvm::range_size(loop.getBody()->getOperations());
    iterations = tripCount(*lower, *upper, *step);
    counts = iterations <= std::min(maxIterations, maxWork / 4 / words / ops);
  }
  auto rowsAt = [&](Value value) { return lookup(value) ? *lookup(value) : Rows(sizeOf(value)); };
  SmallVector<Rows> carried = llvm::map_to_vector(loop.getInitArgs(), rowsAt);
  auto enter = [&](ValueRange values) {
    for (auto [value, rows] : llvm::zip_equal(values, carried)) {
      work += rows.size() * (1 + columns / 64);
      known[value] = rows;
    }
  };
  for (int64_t iteration = 0; !counts || iteration < iterations; ++iteration) {
    if (counts)
      counters[loop.getInductionVar()] = *lower + iteration * *step;
    enter(loop.getRegionIterArgs());
    if (!visitBody(*loop.getBody()))
      return false;
    SmallVector<Rows> next = llvm::map_to_vector(loop.getYieldedValues(), rowsAt);
    if (!counts) {
      for (auto [rows, before] : llvm::zip_equal(next, carried))
        add(rows, before);
      if (next == carried)
        break;
    }
    carried = std::move(next);
  }
  counters.erase(loop.getInductionVar());
  enter(loop.getResults());
  return true;
}

bool DependenceWalk::visitConditional(scf::IfOp conditional) {
  SmallVector<Rows> rows =
      llvm::map_to_vector(conditional.getResults(), [&](Value value) { return Rows(sizeOf(value)); });
  for (Region &region : conditional->getRegions()) {
    if (region.empty())
      continue;
    if (!visitBody(region.front()))
      return false;
    for (auto [value, to] : llvm::zip(region.front().getTerminator()->getOperands(), rows))
      if (const Rows *from = lookup(value))
        add(to, *from);
  }
  for (auto [result, of] : llvm::zip_equal(conditional.getResults(), rows))
    known[result] = std::move(of);
  return true;
}

bool DependenceWalk::visit(Operation &op) {
  for (Value result : op.getResults())
    known.erase(result); // of another iteration
  SmallVector<Value> read = capturedBy(&op);
  llvm::append_range(read, op.getOperands());
  if (llvm::none_of(read, [&](Value value) { return lookup(value); }))
    return true;
  for (ValueRange values : {ValueRange(read), ValueRange(op.getResults())})
    for (Value value : values) {
      if (ShapedType::isDynamicShape(shapeOf(value)))
        return false;
      work += sizeOf(value);
    }
  if (work > maxWork)
    return false;
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return visitLoop(loop);
  if (auto conditional = dyn_cast<scf::IfOp>(op))
    return visitConditional(conditional);
  if (findWrite(op))
    return false; // what is written may be read anywhere
  auto structured = dyn_cast<linalg::LinalgOp>(op);
  if (!visitMove(op) && !(structured && visitStructured(structured)) && !visitElementwise(op))
    visitConservatively(op);
  return work <= maxWork;
}

void DependenceWalk::visitConservatively(Operation &op) {
  BitVector all;
  for (Value value : capturedBy(&op))
    add(all, anyOf(value));
  for (Value value : op.getOperands())
    add(all, anyOf(value));
  for (Value result : op.getResults()) {
    work += sizeOf(result) * (1 + columns / 64);
    known[result] = Rows(sizeOf(result), all);
  }
}
