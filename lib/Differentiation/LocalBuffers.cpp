//===- LocalBuffers.cpp - Buffers of a function that are values in disguise -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "LocalBuffers.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace costate;

static bool isView(Operation *op) {
  return isa<memref::SubViewOp, memref::CastOp, memref::CollapseShapeOp, memref::ExpandShapeOp>(op) &&
         isa<MemRefType>(op->getOperand(0).getType()) && isa<MemRefType>(op->getResult(0).getType());
}

/// A constant is read only.
static bool isConstant(Value root) {
  auto get = root.getDefiningOp<memref::GetGlobalOp>();
  auto global = get ? SymbolTable::lookupNearestSymbolFrom<memref::GlobalOp>(get, get.getNameAttr())
                    : memref::GlobalOp();
  return global && global.getConstantInitValue();
}

static bool isRoot(Operation &op) {
  if (!isa<memref::AllocOp, memref::AllocaOp, memref::GetGlobalOp, bufferization::ToBufferOp>(op))
    return false;
  auto type = dyn_cast<MemRefType>(op.getResult(0).getType());
  return type && type.hasStaticShape() && type.getLayout().isIdentity() &&
         type.getElementType().isIntOrIndexOrFloat() &&
         (!isa<memref::GetGlobalOp>(op) || isConstant(op.getResult(0)));
}

SmallVector<Value> costate::writtenBy(Operation *op) {
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return {store.getMemRef()};
  if (auto copy = dyn_cast<memref::CopyOp>(op))
    return {copy.getTarget()};
  if (auto put = dyn_cast<bufferization::MaterializeInDestinationOp>(op))
    return {put.getDest()};
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return llvm::filter_to_vector(linalgOp.getDpsInits(),
                                  [](Value init) { return isa<MemRefType>(init.getType()); });
  return {};
}

/// Whether a tensor can take the place of the buffer in this op.
static bool canReplaceIn(OpOperand &use) {
  Operation *op = use.getOwner();
  if (auto store = dyn_cast<memref::StoreOp>(op))
    return store.getValue() != use.get();
  if (auto get = dyn_cast<bufferization::MaterializeInDestinationOp>(op))
    return get.getDest() == use.get() && get->getNumResults() == 0;
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return linalgOp.hasPureBufferSemantics();
  return isa<memref::LoadOp, memref::CopyOp, memref::DeallocOp, memref::DimOp, bufferization::ToTensorOp>(op);
}

/// Whether every region between `op` and that of `root` is one in which a value can be carried, or, for an op
/// that reads, one that takes values from outside.
static bool isReached(Operation *op, Value root) {
  bool writes = !writtenBy(op).empty();
  for (Operation *parent = op->getParentOp(); parent != root.getParentRegion()->getParentOp();
       parent = parent->getParentOp())
    if (writes ? !isa<scf::ForOp, scf::IfOp, scf::WhileOp>(parent)
               : parent->hasTrait<OpTrait::IsIsolatedFromAbove>())
      return false;
  return true;
}

void LocalBuffers::addRoot(Value root) {
  SmallVector<Value> worklist = {root};
  SmallVector<Value> views;
  while (!worklist.empty()) {
    Value view = worklist.pop_back_val();
    views.push_back(view);
    for (OpOperand &use : view.getUses()) {
      Operation *op = use.getOwner();
      if (isView(op) && use.getOperandNumber() == 0 && isReached(op, root))
        worklist.push_back(op->getResult(0));
      else if (!canReplaceIn(use) || !isReached(op, root) ||
               (isConstant(root) && llvm::is_contained(writtenBy(op), view)))
        return;
    }
  }
  roots.insert(root);
  for (Value view : views)
    rootOfView[view] = root;
}

void LocalBuffers::drop(Value root) {
  roots.remove(root);
  SmallVector<Value> views;
  for (auto [view, itsRoot] : rootOfView)
    if (itsRoot == root)
      views.push_back(view);
  for (Value view : views)
    rootOfView.erase(view);
}

/// Whether two views are known to have no element in common.
static bool areApart(Value a, Value b) {
  auto first = a.getDefiningOp<memref::SubViewOp>(), second = b.getDefiningOp<memref::SubViewOp>();
  if (!first || !second || first.getSource() != second.getSource())
    return false;
  auto isStatic = [](memref::SubViewOp view) {
    return view.getOffsets().empty() && view.getSizes().empty() && view.getStrides().empty();
  };
  if (!isStatic(first) || !isStatic(second))
    return false;
  auto isBefore = [](memref::SubViewOp view, memref::SubViewOp other, unsigned dim) {
    int64_t last = view.getStaticOffset(dim) + (view.getStaticSize(dim) - 1) * view.getStaticStride(dim);
    return last < other.getStaticOffset(dim);
  };
  return llvm::any_of(llvm::seq<unsigned>(0, first.getSourceType().getRank()), [&](unsigned dim) {
    return isBefore(first, second, dim) || isBefore(second, first, dim);
  });
}

/// Whether the op, as loops, may read an element or write it again after it has written it for another point
/// of the loops. On tensors it would read what was there before.
bool LocalBuffers::readsWhatItWrites(linalg::LinalgOp op) const {
  bool isParallel = op.getNumParallelLoops() == op.getNumLoops();
  for (OpOperand &init : op.getDpsInitsMutable()) {
    Value root = rootOf(init.get());
    if (!root)
      continue;
    auto takesIt = [&](Value operand) { return rootOf(operand) == root; };
    WalkResult body = op->walk([&](Operation *nested) {
      return nested != op && llvm::any_of(nested->getOperands(), takesIt) ? WalkResult::interrupt()
                                                                          : WalkResult::advance();
    });
    if (body.wasInterrupted())
      return true;
    AffineMap map = op.getMatchingIndexingMap(&init);
    for (OpOperand &other : op->getOpOperands()) {
      bool isSamePlace = other.get() == init.get() && isParallel && map.isPermutation() &&
                         op.getMatchingIndexingMap(&other) == map;
      if (&other != &init && takesIt(other.get()) && !isSamePlace && !areApart(init.get(), other.get()))
        return true;
    }
  }
  return false;
}

LocalBuffers::LocalBuffers(func::FuncOp function) {
  function.walk([&](Operation *op) {
    if (isRoot(*op))
      addRoot(op->getResult(0));
  });
  function.walk([&](linalg::LinalgOp op) {
    if (readsWhatItWrites(op))
      for (Value init : op.getDpsInits())
        if (Value root = rootOf(init))
          drop(root);
  });
  // An op that takes another buffer, too, keeps those that it takes.
  for (bool changed = true; changed;) {
    changed = false;
    function.walk([&](Operation *op) {
      auto isOther = [&](Value operand) {
        return isa<BaseMemRefType>(operand.getType()) && !rootOf(operand);
      };
      if (llvm::none_of(op->getOperands(), isOther))
        return;
      for (Value operand : op->getOperands())
        if (Value root = rootOf(operand)) {
          drop(root);
          changed = true;
        }
    });
  }
}

Value LocalBuffers::rootOf(Value memref) const { return rootOfView.lookup(memref); }

SmallVector<Value> LocalBuffers::writtenIn(Operation *op) const {
  SetVector<Value> written;
  op->walk([&](Operation *inner) {
    for (Value memref : writtenBy(inner))
      if (Value root = rootOf(memref); root && !op->isAncestor(root.getDefiningOp()))
        written.insert(root);
  });
  return written.takeVector();
}
