//===- BranchBuffers.cpp - Branches of a kernel that give buffers -----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "BranchBuffers.h"

#include "ThreadAccess.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace costate;

/// Whether something may be written to `buffer`, or a view of it.
static bool mayBeWritten(Value buffer) {
  return llvm::any_of(buffer.getUses(), [](OpOperand &use) {
    Operation *user = use.getOwner();
    if (auto view = dyn_cast<ViewLikeOpInterface>(user))
      return mayBeWritten(view->getResult(0));
    if (auto op = dyn_cast<DestinationStyleOpInterface>(user))
      return op.isDpsInit(&use);
    if (auto copy = dyn_cast<memref::CopyOp>(user))
      return use.get() == copy.getTarget();
    return !isa<memref::LoadOp>(user);
  });
}

/// Whether nobody outside of the branch knows the buffer that `yield` gives.
static bool isOwn(scf::YieldOp yield, unsigned result) {
  auto alloc = rootOf(yield.getOperand(result)).getDefiningOp<memref::AllocOp>();
  return alloc && yield->getParentRegion()->isAncestor(alloc->getParentRegion());
}

/// What is written to the result must not have to be seen in what it was copied from.
static bool canBeCopied(scf::IfOp branch, unsigned result) {
  auto type = dyn_cast<MemRefType>(branch.getResultTypes()[result]);
  return type && type.hasStaticShape() &&
         (!mayBeWritten(branch.getResult(result)) ||
          (isOwn(branch.thenYield(), result) && isOwn(branch.elseYield(), result)));
}

static void place(scf::IfOp branch) {
  OpBuilder builder(branch);
  Location loc = branch.getLoc();
  llvm::BitVector placed(branch.getNumResults());
  SmallVector<Type> kept;
  for (OpResult result : branch.getResults()) {
    unsigned i = result.getResultNumber();
    if (!canBeCopied(branch, i)) {
      kept.push_back(result.getType());
      continue;
    }
    placed.set(i);
    auto type = cast<MemRefType>(result.getType());
    Value buffer =
        memref::AllocOp::create(builder, loc, MemRefType::get(type.getShape(), type.getElementType()));
    for (scf::YieldOp yield : {branch.thenYield(), branch.elseYield()}) {
      OpBuilder inBranch(yield);
      memref::CopyOp::create(inBranch, loc, yield.getOperand(i), buffer);
    }
    result.replaceAllUsesWith(type == buffer.getType() ? buffer
                                                       : memref::CastOp::create(builder, loc, type, buffer));
  }
  if (placed.none())
    return;
  auto without = scf::IfOp::create(builder, loc, kept, branch.getCondition(), /*withElse=*/true);
  for (auto [from, to] : llvm::zip_equal(branch->getRegions(), without->getRegions())) {
    to.takeBody(from);
    to.front().getTerminator()->eraseOperands(placed);
  }
  unsigned next = 0;
  for (OpResult result : branch.getResults())
    if (!placed[result.getResultNumber()])
      result.replaceAllUsesWith(without.getResult(next++));
  branch.erase();
}

void costate::placeBranchResults(Operation *root) {
  SmallVector<scf::IfOp> branches;
  root->walk([&](scf::IfOp branch) { // inner ones first
    if (branch.getNumResults() != 0)
      branches.push_back(branch);
  });
  for (scf::IfOp branch : branches)
    place(branch);
}
