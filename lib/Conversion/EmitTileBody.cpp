//===- EmitTileBody.cpp - The body of an op at every point of a register tile -----------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "TileEmitter.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace costate;

TileEmitter::Values TileEmitter::emitPoints(ArrayRef<Value> accumulators) {
  Block *body = plan.body();
  loads.clear();
  SmallVector<SmallVector<int64_t>> points;
  forEachPoint([&](ArrayRef<int64_t> offsets) { points.emplace_back(offsets); });
  SmallVector<IRMapping> maps(points.size());
  if (!accumulators.empty())
    for (size_t p = 0; p < points.size(); ++p)
      for (unsigned o = 0; o < numOutputs; ++o)
        maps[p].map(body->getArgument(plan.numInputs + o), accumulators[p * numOutputs + o]);
  if (plan.opByOp) {
    for (Operation &op : body->without_terminator())
      for (size_t p = 0; p < points.size(); ++p)
        emitOp(op, maps[p], points[p]);
  } else {
    for (size_t p = 0; p < points.size(); ++p)
      for (Operation &op : body->without_terminator())
        emitOp(op, maps[p], points[p]);
  }
  Values results;
  for (size_t p = 0; p < points.size(); ++p)
    for (Value value : body->getTerminator()->getOperands())
      results.push_back(lookup(value, maps[p], points[p]));
  return results;
}

Value TileEmitter::lookup(Value value, IRMapping &map, ArrayRef<int64_t> offsets) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (argument && argument.getOwner() == plan.body() && !map.contains(value)) {
    unsigned number = argument.getArgNumber();
    map.map(value, load(plan.operands[number], offsets, /*cache=*/true, number));
  }
  return map.lookupOrDefault(value);
}

void TileEmitter::emitOp(Operation &op, IRMapping &map, ArrayRef<int64_t> offsets) {
  if (auto indexOp = dyn_cast<linalg::IndexOp>(op)) {
    unsigned dim = indexOp.getDim();
    Value value = add({position[dim].base, position[dim].offset + offsets[dim]});
    if (dim == plan.lane && width > 1)
      value =
          arith::AddIOp::create(b, loc, broadcast(value),
                                vector::StepOp::create(b, loc, cast<VectorType>(laneType(b.getIndexType()))));
    map.map(op.getResult(0), value);
    return;
  }
  if (emitFMA(op, map, offsets))
    return;
  SmallVector<Value> operands;
  for (Value operand : op.getOperands())
    operands.push_back(lookup(operand, map, offsets));
  bool inVectors = llvm::any_of(operands, [](Value v) { return isa<VectorType>(v.getType()); });
  Operation *copy = b.clone(op, map);
  if (inVectors) {
    for (auto [i, operand] : llvm::enumerate(operands)) {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPoint(copy);
      copy->setOperand(i, broadcast(operand));
    }
    for (Value result : copy->getResults())
      result.setType(laneType(result.getType()));
  }
  for (Value result : copy->getResults())
    contracted(result);
}

bool TileEmitter::emitFMA(Operation &op, IRMapping &map, ArrayRef<int64_t> offsets) {
  if (auto mul = dyn_cast<arith::MulFOp>(op); mul && onlyInFMA(mul))
    return true;
  if (!isa<arith::AddFOp, arith::SubFOp>(op))
    return false;
  // The accumulator stays an addend: a chain of FMAs is as short as a chain can be.
  int side = -1;
  for (int i : {0, 1})
    if (auto mul = op.getOperand(i).getDefiningOp<arith::MulFOp>(); mul && onlyInFMA(mul) && side < 0)
      side = i;
  if (side < 0)
    return false;
  auto mul = op.getOperand(side).getDefiningOp<arith::MulFOp>();
  Value x = lookup(mul.getLhs(), map, offsets), y = lookup(mul.getRhs(), map, offsets),
        z = lookup(op.getOperand(1 - side), map, offsets);
  bool inVectors =
      isa<VectorType>(x.getType()) || isa<VectorType>(y.getType()) || isa<VectorType>(z.getType());
  if (inVectors)
    x = broadcast(x), y = broadcast(y), z = broadcast(z);
  if (isa<arith::SubFOp>(op)) {
    if (side == 1)
      x = arith::NegFOp::create(b, loc, x);
    else
      z = arith::NegFOp::create(b, loc, z);
  }
  map.map(op.getResult(0), math::FmaOp::create(b, loc, x, y, z).getResult());
  return true;
}

bool TileEmitter::onlyInFMA(arith::MulFOp mul) {
  if (!mul->hasOneUse() || mul->getBlock() != plan.body())
    return false;
  Operation *user = *mul->getUsers().begin();
  if (!isa<arith::AddFOp, arith::SubFOp>(user))
    return false;
  auto first = user->getOperand(0).getDefiningOp<arith::MulFOp>();
  bool firstFuses = first && first->hasOneUse() && first->getBlock() == plan.body();
  return mul->getResult(0) == user->getOperand(0) || !firstFuses;
}

Value TileEmitter::contracted(Value value) {
  // Conversions between floating-point types have no flags unless somebody sets them.
  if (auto op = value.getDefiningOp<arith::ArithFastMathInterface>(); op && op.getFastMathFlagsAttr())
    op->setAttr(op.getFastMathAttrName(),
                arith::FastMathFlagsAttr::get(b.getContext(), op.getFastMathFlagsAttr().getValue() |
                                                                  arith::FastMathFlags::contract));
  return value;
}
