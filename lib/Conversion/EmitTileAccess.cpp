//===- EmitTileAccess.cpp - Loads and stores of a register tile -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "TileEmitter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace costate;

Value TileEmitter::expand(AffineExpr expr, ArrayRef<int64_t> offsets) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    Position p = position[dim.getPosition()];
    return add({p.base, p.offset + offsets[dim.getPosition()]});
  }
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return index(constant.getValue());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  Value left = expand(binary.getLHS(), offsets), right = expand(binary.getRHS(), offsets);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return arith::AddIOp::create(b, loc, left, right);
  case AffineExprKind::Mul:
    return arith::MulIOp::create(b, loc, left, right);
  case AffineExprKind::FloorDiv:
    return arith::FloorDivSIOp::create(b, loc, left, right);
  case AffineExprKind::CeilDiv:
    return arith::CeilDivSIOp::create(b, loc, left, right);
  default: // Loop indices and moduli are not negative.
    return arith::RemUIOp::create(b, loc, left, right);
  }
}

TileEmitter::Values TileEmitter::indices(const TileOperand &operand, ArrayRef<int64_t> offsets) {
  Values result;
  for (AffineExpr expr : operand.map.getResults())
    result.push_back(expand(expr, offsets));
  return result;
}

Value TileEmitter::read(const TileOperand &operand, ArrayRef<int64_t> offsets, bool asVector) {
  if (operand.isScalar)
    return operand.value;
  Type element = cast<MemRefType>(operand.value.getType()).getElementType();
  if (asVector && width > 1)
    return vector::LoadOp::create(b, loc, cast<VectorType>(laneType(element)), operand.value,
                                  indices(operand, offsets));
  return memref::LoadOp::create(b, loc, operand.value, indices(operand, offsets));
}

Value TileEmitter::load(const TileOperand &operand, ArrayRef<int64_t> offsets, bool cache, unsigned number) {
  SmallVector<int64_t> key{number};
  for (unsigned d = 0; d < offsets.size(); ++d)
    key.push_back(!operand.isScalar && operand.map.isFunctionOfDim(d) ? offsets[d] : 0);
  if (cache)
    if (auto it = loads.find(key); it != loads.end())
      return it->second;
  Value value;
  if (operand.lane == LaneAccess::Gathered && width > 1) {
    Values elements;
    SmallVector<int64_t> at(offsets);
    for (int64_t i = 0; i < width; ++i, ++at[plan.lane])
      elements.push_back(read(operand, at, false));
    value =
        vector::FromElementsOp::create(b, loc, cast<VectorType>(laneType(elements[0].getType())), elements);
  } else {
    value = read(operand, offsets, operand.lane == LaneAccess::Contiguous);
  }
  if (cache)
    loads[key] = value;
  return value;
}

void TileEmitter::store(Value value, const TileOperand &operand, ArrayRef<int64_t> offsets) {
  if (isa<VectorType>(value.getType()))
    vector::StoreOp::create(b, loc, value, operand.value, indices(operand, offsets));
  else
    memref::StoreOp::create(b, loc, value, operand.value, indices(operand, offsets));
}

Value TileEmitter::zero(const TileOperand &operand) {
  return arith::ConstantOp::create(b, loc,
                                   b.getZeroAttr(laneType(getElementTypeOrSelf(operand.value.getType()))));
}
