//===- Batcher.cpp - Many samples at once from a function of one
//------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/Batcher.h"

#include "UntakenBranches.h"
#include "costate/Batching/StructuredBatching.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate;

#include "costate/Batching/BatchableOpInterface.cpp.inc"

void Batcher::map(Value original, Value batched, bool varying) {
  mapping[original] = batched;
  // In an unrolled loop a value is mapped again, in every iteration.
  broadcasts.erase(original);
  if (varying)
    varyingValues.insert(original);
  else
    varyingValues.erase(original);
}

Value Batcher::lookup(Value original) const {
  // A value from outside the sample's code stands for itself and is the same for every sample.
  auto it = mapping.find(original);
  return it == mapping.end() ? original : it->second;
}

RankedTensorType Batcher::varyingType(Type type) const {
  SmallVector<int64_t> shape;
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    llvm::append_range(shape, tensor.getShape());
  shape.push_back(lanes);
  return RankedTensorType::get(shape, getElementTypeOrSelf(type));
}

Value Batcher::lookupVarying(Value original) {
  Value value = lookup(original);
  if (isVarying(original))
    return value;
  // One made inside a loop or a branch is not seen outside it.
  if (Value known = broadcasts.lookup(original))
    if (known.getParentRegion()->isAncestor(builder.getInsertionBlock()->getParent()))
      return known;
  Location loc = original.getLoc();
  RankedTensorType type = varyingType(value.getType());

  Value result;
  DenseElementsAttr dense;
  Attribute scalar;
  if (matchPattern(value, m_Constant(&dense)) && dense.isSplat())
    result = arith::ConstantOp::create(builder, loc, dense.resizeSplat(type));
  else if (!isa<RankedTensorType>(value.getType()) && matchPattern(value, m_Constant(&scalar)))
    result = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, scalar));
  else if (!isa<RankedTensorType>(value.getType()))
    result = tensor::SplatOp::create(builder, loc, value, type);
  else if (value.getDefiningOp<tensor::EmptyOp>())
    result = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
  else {
    Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
    auto fill = value.getDefiningOp<linalg::FillOp>();
    if (fill && !isa<RankedTensorType>(fill.getInputs()[0].getType()))
      result = linalg::FillOp::create(builder, loc, fill.getInputs()[0], empty).getResult(0);
    else
      result = linalg::BroadcastOp::create(builder, loc, value, empty, ArrayRef<int64_t>{type.getRank() - 1})
                   .getResult()[0];
  }
  return broadcasts[original] = result;
}

LogicalResult Batcher::cloneUniform(Operation *op) {
  IRMapping mapper;
  // Regions may use values of the sample's code, too.
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (Value known = mapping.lookup(operand))
        mapper.map(operand, known);
  });
  if (!allLanesRun() && containsWhile(op)) {
    // It ends only where it is run.
    Location loc = op->getLoc();
    Value any = anyLane(builder, loc, maskOf(builder, loc, runningLanes(loc)));
    auto run = [&](OpBuilder &b, Location) {
      scf::YieldOp::create(b, loc, b.clone(*op, mapper)->getResults());
    };
    auto skip = [&](OpBuilder &b, Location) {
      SmallVector<Value> zeros;
      for (Type type : op->getResultTypes())
        zeros.push_back(arith::ConstantOp::create(b, loc, b.getZeroAttr(type)));
      scf::YieldOp::create(b, loc, zeros);
    };
    auto guarded = scf::IfOp::create(builder, loc, any, run, skip);
    for (auto [original, result] : llvm::zip(op->getResults(), guarded.getResults()))
      map(original, result, /*varying=*/false);
    return success();
  }
  Operation *copy = builder.clone(*op, mapper);
  if (!allLanesRun())
    runAnyway(copy);
  for (auto [original, result] : llvm::zip(op->getResults(), copy->getResults()))
    map(original, result, /*varying=*/false);
  return success();
}

Value Batcher::spreadScalar(Location loc, Value value, RankedTensorType type) {
  auto found = cast<RankedTensorType>(value.getType());
  if (found.getRank() == type.getRank())
    return value;
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), found.getElementType());
  auto leading = llvm::to_vector(llvm::seq<int64_t>(0, type.getRank() - 1));
  return linalg::BroadcastOp::create(builder, loc, value, empty, leading).getResult()[0];
}

LogicalResult Batcher::batchElementwise(Operation *op) {
  RankedTensorType shape;
  SmallVector<Value> operands;
  for (Value operand : op->getOperands()) {
    operands.push_back(lookupVarying(operand));
    auto type = cast<RankedTensorType>(operands.back().getType());
    if (!shape || type.getRank() > shape.getRank())
      shape = type;
  }
  // `select` takes one condition for a whole tensor.
  for (Value &operand : operands)
    operand = spreadScalar(op->getLoc(), operand, shape);
  if (dividesIntegers(op))
    operands[1] = avoidZero(builder, op->getLoc(), operands[1]);
  SmallVector<Type> types;
  for (Type type : op->getResultTypes())
    types.push_back(varyingType(type));
  Operation *copy =
      builder.create(op->getLoc(), op->getName().getIdentifier(), operands, types, op->getAttrs());
  for (auto [original, result] : llvm::zip(op->getResults(), copy->getResults()))
    map(original, result, /*varying=*/true);
  return success();
}

Value Batcher::runningLanes(Location loc) {
  Value all;
  for (auto [condition, negated] : conditions) {
    if (getElementTypeOrSelf(condition.getType()).isInteger(32))
      condition = conditionOf(builder, loc, condition);
    if (negated) {
      auto type = cast<RankedTensorType>(condition.getType());
      Value set = arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, true));
      condition = arith::XOrIOp::create(builder, loc, condition, set);
    }
    all = all ? arith::AndIOp::create(builder, loc, all, condition).getResult() : condition;
  }
  return all;
}

LogicalResult Batcher::batch(Operation *op) {
  bool varying = anyVarying(op->getOperands());
  if (!varying && op->getNumRegions() != 0)
    op->walk([&](Operation *inner) { varying |= anyVarying(inner->getOperands()); });
  if (!varying)
    return cloneUniform(op);
  if (auto batchable = dyn_cast<BatchableOpInterface>(op))
    return batchable.batch(*this);
  if (auto structured = dyn_cast<linalg::LinalgOp>(op))
    return batchStructured(structured, *this);
  if (op->hasTrait<OpTrait::Elementwise>() && op->getNumRegions() == 0)
    return batchElementwise(op);
  return op->emitOpError()
         << "cannot be batched: it depends on the sample and has no batching rule, as elementwise "
            "ops, linalg on tensors, ops that move and reshape tensors, scf.if, scf.for and "
            "scf.while have";
}

LogicalResult Batcher::batchBody(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(batch(&op)))
      return failure();
  return success();
}
