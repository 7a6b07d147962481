//===- ControlFlowBatching.cpp - Batching of scf ops
//------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/Batcher.h"
#include "costate/Batching/Registration.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

namespace {

/// Both branches are computed for every lane and each lane takes its own. A branch not taken may compute a
/// NaN; the select does not let it through.
LogicalResult batchBySelect(scf::IfOp branch, Batcher &batcher) {
  if (failed(batcher.batchBody(*branch.thenBlock())))
    return failure();
  if (branch.getNumResults() == 0)
    return success();
  if (failed(batcher.batchBody(*branch.elseBlock())))
    return failure();
  OpBuilder &builder = batcher.getBuilder();
  Location loc = branch.getLoc();
  Value condition = batcher.lookup(branch.getCondition());
  for (auto [result, yes, no] :
       llvm::zip(branch.getResults(), branch.thenYield().getOperands(), branch.elseYield().getOperands())) {
    Value onTrue = batcher.lookupVarying(yes), onFalse = batcher.lookupVarying(no);
    auto type = cast<RankedTensorType>(onTrue.getType());
    Value mask = condition;
    if (type.getRank() > 1) {
      Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), builder.getI1Type());
      mask = linalg::BroadcastOp::create(builder, loc, condition, empty,
                                         llvm::to_vector(llvm::seq<int64_t>(0, type.getRank() - 1)))
                 .getResult()[0];
    }
    batcher.map(result, arith::SelectOp::create(builder, loc, mask, onTrue, onFalse), true);
  }
  return success();
}

struct IfModel : BatchableOpInterface::ExternalModel<IfModel, scf::IfOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto branch = cast<scf::IfOp>(op);
    if (batcher.isVarying(branch.getCondition()))
      return batchBySelect(branch, batcher);
    // All lanes go the same way: the branch stays, and its results are taken as varying.
    OpBuilder &builder = batcher.getBuilder();
    SmallVector<Type> types;
    for (Type type : branch.getResultTypes())
      types.push_back(batcher.varyingType(type));
    auto result = scf::IfOp::create(builder, op->getLoc(), types, batcher.lookup(branch.getCondition()),
                                    /*withElse=*/true);
    for (auto [from, to] : {std::pair(branch.thenBlock(), result.thenBlock()),
                            std::pair(branch.elseBlock(), result.elseBlock())}) {
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToEnd(to);
      if (failed(batcher.batchBody(*from)))
        return failure();
      SmallVector<Value> values;
      for (Value value : from->getTerminator()->getOperands())
        values.push_back(batcher.lookupVarying(value));
      scf::YieldOp::create(builder, op->getLoc(), values);
    }
    for (auto [original, value] : llvm::zip(op->getResults(), result.getResults()))
      batcher.map(original, value, true);
    return success();
  }
};

/// A loop of a few iterations that carries scalars: the sweeps of a small solver. Unrolled, its lanes stay in
/// registers; as a loop it would carry buffers.
bool isShortScalarLoop(scf::ForOp loop) {
  std::optional<APInt> trips = loop.getStaticTripCount();
  return trips && trips->ule(16) && llvm::none_of(loop.getInitArgs().getTypes(), llvm::IsaPred<ShapedType>);
}

LogicalResult unroll(scf::ForOp loop, Batcher &batcher) {
  OpBuilder &builder = batcher.getBuilder();
  Block &body = *loop.getBody();
  SmallVector<std::pair<Value, bool>> carried;
  for (Value init : loop.getInitArgs())
    carried.emplace_back(batcher.lookup(init), batcher.isVarying(init));
  Value index = batcher.lookup(loop.getLowerBound());
  for (uint64_t trip = 0, trips = loop.getStaticTripCount()->getZExtValue(); trip != trips; ++trip) {
    batcher.map(loop.getInductionVar(), index, false);
    for (auto [argument, value] : llvm::zip(loop.getRegionIterArgs(), carried))
      batcher.map(argument, value.first, value.second);
    if (failed(batcher.batchBody(body)))
      return failure();
    carried.clear();
    for (Value value : body.getTerminator()->getOperands())
      carried.emplace_back(batcher.lookup(value), batcher.isVarying(value));
    index = arith::AddIOp::create(builder, loop.getLoc(), index, batcher.lookup(loop.getStep()));
  }
  for (auto [result, value] : llvm::zip(loop.getResults(), carried))
    batcher.map(result, value.first, value.second);
  return success();
}

struct ForModel : BatchableOpInterface::ExternalModel<ForModel, scf::ForOp> {
  LogicalResult batch(Operation *op, Batcher &batcher) const {
    auto loop = cast<scf::ForOp>(op);
    if (batcher.anyVarying({loop.getLowerBound(), loop.getUpperBound(), loop.getStep()}))
      return op->emitOpError() << "cannot be batched: its bounds depend on the sample";
    OpBuilder &builder = batcher.getBuilder();
    if (isShortScalarLoop(loop))
      return unroll(loop, batcher);
    // What a loop carries is taken as varying, though one of its values might stay uniform.
    SmallVector<Value> inits;
    for (Value init : loop.getInitArgs())
      inits.push_back(batcher.lookupVarying(init));
    auto result =
        scf::ForOp::create(builder, op->getLoc(), batcher.lookup(loop.getLowerBound()),
                           batcher.lookup(loop.getUpperBound()), batcher.lookup(loop.getStep()), inits);
    batcher.map(loop.getInductionVar(), result.getInductionVar(), false);
    for (auto [original, value] : llvm::zip(loop.getRegionIterArgs(), result.getRegionIterArgs()))
      batcher.map(original, value, true);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(result.getBody());
    if (failed(batcher.batchBody(*loop.getBody())))
      return failure();
    SmallVector<Value> values;
    for (Value value : loop.getBody()->getTerminator()->getOperands())
      values.push_back(batcher.lookupVarying(value));
    scf::YieldOp::create(builder, op->getLoc(), values);
    for (auto [original, value] : llvm::zip(op->getResults(), result.getResults()))
      batcher.map(original, value, true);
    return success();
  }
};

} // namespace

void costate::registerControlFlowBatching(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, scf::SCFDialect *) {
    scf::IfOp::attachInterface<IfModel>(*context);
    scf::ForOp::attachInterface<ForModel>(*context);
  });
}
