//===- Phases.cpp - The ops of a chunk as phases that threads run -----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Phases.h"
#include "ThreadAccess.h"

#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace costate;

namespace {

/// Writes the iterations of a linalg op that one thread runs.
class ThreadLoops {
public:
  ThreadLoops(OpBuilder &builder, linalg::LinalgOp op, Value thread, int64_t threads)
      : builder(builder), loc(op.getLoc()), op(op), thread(thread), threads(threads),
        ranges(op.getStaticLoopRanges()), distribution(Distribution::of(op, threads)),
        indices(ranges.size()) {}

  void emit() {
    OpBuilder::InsertionGuard guard(builder);
    if (distribution.lane)
      emitParallel(0);
    else
      emitInTurn();
  }

private:
  Value constant(int64_t value) { return arith::ConstantIndexOp::create(builder, loc, value); }

  /// The lane's loop is the thread; the other parallel loops run in it.
  void emitParallel(unsigned depth) {
    if (depth == distribution.parallel.size())
      return emitPoint();
    unsigned loop = distribution.parallel[depth];
    if (loop == distribution.lane) {
      indices[loop] = thread;
      return emitParallel(depth + 1);
    }
    auto loopOp = scf::ForOp::create(builder, loc, constant(0), constant(ranges[loop]), constant(1));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(loopOp.getBody()->getTerminator());
    indices[loop] = loopOp.getInductionVar();
    emitParallel(depth + 1);
  }

  /// Output elements thread, thread + threads, ... in the order of memory.
  void emitInTurn() {
    int64_t elements = 1;
    for (unsigned loop : distribution.parallel)
      elements *= ranges[loop];
    auto loopOp = scf::ForOp::create(builder, loc, thread, constant(elements), constant(threads));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(loopOp.getBody()->getTerminator());
    Value rest = loopOp.getInductionVar();
    for (auto [i, loop] : llvm::enumerate(llvm::reverse(distribution.parallel))) {
      if (i + 1 == distribution.parallel.size()) {
        indices[loop] = rest;
        break;
      }
      Value extent = constant(ranges[loop]);
      indices[loop] = arith::RemUIOp::create(builder, loc, rest, extent);
      rest = arith::DivUIOp::create(builder, loc, rest, extent);
    }
    emitPoint();
  }

  /// One element of each output: reductions run in order, with the sums in registers.
  void emitPoint() {
    SmallVector<Value> sums;
    for (OpOperand &init : op.getDpsInitsMutable())
      sums.push_back(op.payloadUsesValueFromOperand(&init) ? load(init) : Value());
    // A reduction needs its start even where the payload ignores it.
    if (!distribution.reduction.empty())
      for (auto [sum, init] : llvm::zip(sums, op.getDpsInitsMutable()))
        if (!sum)
          sum = load(init);
    sums = emitReduction(0, sums);
    for (auto [sum, init] : llvm::zip(sums, op.getDpsInitsMutable()))
      memref::StoreOp::create(builder, loc, sum, init.get(), indicesOf(init));
  }

  SmallVector<Value> emitReduction(unsigned depth, SmallVector<Value> sums) {
    if (depth == distribution.reduction.size())
      return emitPayload(sums);
    unsigned loop = distribution.reduction[depth];
    auto loopOp = scf::ForOp::create(builder, loc, constant(0), constant(ranges[loop]), constant(1), sums);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToEnd(loopOp.getBody());
    indices[loop] = loopOp.getInductionVar();
    scf::YieldOp::create(builder, loc,
                         emitReduction(depth + 1, llvm::to_vector_of<Value>(loopOp.getRegionIterArgs())));
    return llvm::to_vector_of<Value>(loopOp.getResults());
  }

  SmallVector<Value> emitPayload(ArrayRef<Value> sums) {
    IRMapping mapping;
    Block *payload = op.getBlock();
    for (OpOperand *input : op.getDpsInputOperands())
      if (op.payloadUsesValueFromOperand(input))
        mapping.map(op.getMatchingBlockArgument(input),
                    isa<MemRefType>(input->get().getType()) ? load(*input) : input->get());
    for (auto [sum, init] : llvm::zip(sums, op.getDpsInitsMutable()))
      if (sum)
        mapping.map(op.getMatchingBlockArgument(&init), sum);
    for (Operation &nested : payload->without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(nested))
        mapping.map(index.getResult(), indices[index.getDim()]);
      else
        builder.clone(nested, mapping);
    }
    SmallVector<Value> results;
    for (Value value : payload->getTerminator()->getOperands())
      results.push_back(mapping.lookupOrDefault(value));
    return results;
  }

  Value load(OpOperand &operand) {
    return memref::LoadOp::create(builder, loc, operand.get(), indicesOf(operand));
  }

  SmallVector<Value> indicesOf(OpOperand &operand) {
    SmallVector<Value> result;
    for (AffineExpr expr : op.getMatchingIndexingMap(&operand).getResults()) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      result.push_back(dim ? indices[dim.getPosition()]
                           : affine::expandAffineExpr(builder, loc, expr, indices, {}));
    }
    return result;
  }

  OpBuilder &builder;
  Location loc;
  linalg::LinalgOp op;
  Value thread;
  int64_t threads;
  SmallVector<int64_t> ranges;
  Distribution distribution;
  SmallVector<Value> indices;
};

class PhaseBuilder {
public:
  explicit PhaseBuilder(int64_t threads) : threads(threads) {}

  LogicalResult run(Block &block) {
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (isa<linalg::LinalgOp, memref::StoreOp>(op)) {
        if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
          if (failed(checkOp(linalgOp)))
            return failure();
        SmallVector<ThreadAccess> accesses = accessesOf(&op, threads);
        if (conflicts(accesses))
          close();
        llvm::append_range(touched, accesses);
        pending.push_back(&op);
      } else if (isa<memref::LoadOp>(op)) {
        if (conflicts(accessesOf(&op, threads)))
          close();
      } else if (isa<scf::ForOp, scf::IfOp, scf::WhileOp>(op)) {
        close();
        if (llvm::any_of(op.getResultTypes(), llvm::IsaPred<MemRefType>))
          return op.emitOpError("carries a buffer, so what its threads touch is not known");
        for (Region &region : op.getRegions())
          for (Block &nested : region)
            if (failed(run(nested)))
              return failure();
      } else if (!isMemoryEffectFree(&op) && !op.hasTrait<OpTrait::IsTerminator>()) {
        return op.emitOpError("has no lowering to a kernel");
      }
    }
    close();
    return success();
  }

private:
  LogicalResult checkOp(linalg::LinalgOp op) {
    if (!op.hasPureBufferSemantics() || op.hasDynamicShape())
      return op.emitOpError("must work on buffers of static shape to be lowered to a kernel");
    for (OpOperand &init : op.getDpsInitsMutable())
      for (auto [i, iterator] : llvm::enumerate(op.getIteratorTypesArray()))
        if (op.getMatchingIndexingMap(&init).isFunctionOfDim(i) !=
            (iterator == utils::IteratorType::parallel))
          return op.emitOpError("has an output that does not depend on exactly its parallel loops, which no "
                                "distribution over threads allows");
    return success();
  }

  bool conflicts(ArrayRef<ThreadAccess> accesses) const {
    for (const ThreadAccess &access : accesses)
      for (const ThreadAccess &other : touched)
        if (access.conflictsWith(other))
          return true;
    return false;
  }

  /// What was gathered becomes a phase where its last op stands.
  void close() {
    touched.clear();
    if (pending.empty())
      return;
    OpBuilder builder(pending.back());
    Location loc = pending.front()->getLoc();
    auto index = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, loc, value); };
    auto phase = scf::ParallelOp::create(builder, loc, ValueRange{index(0)}, ValueRange{index(threads)},
                                         ValueRange{index(1)});
    builder.setInsertionPoint(phase.getBody()->getTerminator());
    Value thread = phase.getInductionVars()[0];
    for (Operation *op : pending) {
      if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op)) {
        ThreadLoops(builder, linalgOp, thread, threads).emit();
      } else {
        Value first = arith::CmpIOp::create(builder, op->getLoc(), arith::CmpIPredicate::eq, thread,
                                            arith::ConstantIndexOp::create(builder, op->getLoc(), 0));
        auto only = scf::IfOp::create(builder, op->getLoc(), first);
        OpBuilder::InsertionGuard guard(builder);
        builder.setInsertionPoint(only.thenBlock()->getTerminator());
        builder.clone(*op);
      }
      op->erase();
    }
    pending.clear();
  }

  int64_t threads;
  SmallVector<Operation *> pending;
  SmallVector<ThreadAccess> touched;
};

} // namespace

LogicalResult costate::formPhases(Block &block, int64_t threads) { return PhaseBuilder(threads).run(block); }
