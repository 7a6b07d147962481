//===- BranchBatching.cpp - Batching of branches ----------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/Batcher.h"
#include "costate/Batching/Registration.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

namespace {

/// Both branches are computed for every lane and each lane takes its own. A branch not taken may compute a
/// NaN; the select does not let it through.
LogicalResult batchBySelect(scf::IfOp branch, Batcher &batcher) {
  if (branch.getNumResults() == 0)
    return success();
  Value condition = batcher.lookup(branch.getCondition());
  for (Block *block : {branch.thenBlock(), branch.elseBlock()}) {
    Batcher::Lanes lanes(batcher, condition, /*negated=*/block == branch.elseBlock());
    if (failed(batcher.batchBody(*block)))
      return failure();
  }
  OpBuilder &builder = batcher.getBuilder();
  Location loc = branch.getLoc();
  for (auto [result, yes, no] :
       llvm::zip(branch.getResults(), branch.thenYield().getOperands(), branch.elseYield().getOperands())) {
    Value onTrue = batcher.lookupVarying(yes), onFalse = batcher.lookupVarying(no);
    Value mask = batcher.spreadScalar(loc, condition, cast<RankedTensorType>(onTrue.getType()));
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

} // namespace

void costate::registerBranchBatching(DialectRegistry &registry) {
  registry.addExtension(
      +[](MLIRContext *context, scf::SCFDialect *) { scf::IfOp::attachInterface<IfModel>(*context); });
}
