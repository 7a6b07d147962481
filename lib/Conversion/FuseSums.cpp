//===- FuseSums.cpp - Sums over the same points become one loop -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// The inner products of a Gram matrix, or the sums over lanes that end in biases, read the same few tensors
// once for each result. Such a sum does nothing but load. Products of matrices are left alone: they read each
// element many times, and their register tiles are chosen one by one.
//
//===------------------------------------------------------------------------------------------------------===//
#include "Sums.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace costate {
#define GEN_PASS_DEF_FUSESUMS
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// More accumulators, and more inputs, than these would not stay in registers.
static constexpr size_t maxSums = 12, maxInputs = 12;

/// Some input has an element for each point of the loops, so that nothing of it is read twice.
static bool readsOnce(linalg::LinalgOp op) {
  return llvm::any_of(op.getDpsInputOperands(), [&](OpOperand *input) {
    return op.getMatchingIndexingMap(input).isPermutation() && op.getNumLoops() > 1;
  });
}

namespace {
/// Sums that become one op, where the last of them stands.
struct Group {
  SmallVector<linalg::LinalgOp> members;
  SmallVector<SmallVector<AffineExpr>> dims; ///< Of each member, in the loops of the first.
  DenseSet<void *> sources;                  ///< What is read, and what that was computed from.
};

class BlockFuser {
public:
  BlockFuser(Block &block) : block(block), rewriter(block.getParentOp()->getContext()) {}

  void run() {
    for (Operation &op : block)
      if (auto sum = dyn_cast<linalg::LinalgOp>(op); sum && isSum(sum) && readsOnce(sum))
        place(sum);
    for (Group &group : groups)
      if (group.members.size() > 1)
        fuse(group);
      else
        generalize(group.members[0]);
  }

private:
  /// The tensors that a sum reads at each of its points, and what these were computed from point by point.
  static DenseSet<void *> sourcesOf(linalg::LinalgOp op) {
    DenseSet<void *> result;
    collectSources(op, result);
    return result;
  }

  static void collectSources(linalg::LinalgOp op, DenseSet<void *> &sources) {
    for (OpOperand *input : op.getDpsInputOperands()) {
      if (op.getMatchingIndexingMap(input).getNumResults() != op.getNumLoops() ||
          !sources.insert(input->get().getAsOpaquePointer()).second)
        continue;
      auto writer = input->get().getDefiningOp<linalg::GenericOp>();
      if (writer && writer.hasPureTensorSemantics() && writer.getNumParallelLoops() == op.getNumLoops())
        collectSources(writer, sources);
    }
  }

  bool isUsedBefore(linalg::LinalgOp member, Operation *op) {
    return llvm::any_of(member->getUsers(), [&](Operation *user) {
      Operation *inBlock = block.findAncestorOpInBlock(*user);
      return inBlock && !op->isBeforeInBlock(inBlock);
    });
  }

  void place(linalg::LinalgOp op) {
    DenseSet<void *> sources = sourcesOf(op);
    for (Group &group : groups) {
      auto dims = alignDimensions(op, group.members.front());
      bool shares = llvm::any_of(sources, [&](void *source) { return group.sources.contains(source); });
      if (!dims || !shares || group.members.size() == maxSums ||
          inputsOf(group).size() + op.getNumDpsInputs() > maxInputs ||
          llvm::any_of(group.members, [&](linalg::LinalgOp member) { return isUsedBefore(member, op); }))
        continue;
      group.members.push_back(op);
      group.dims.push_back(*dims);
      group.sources.insert(sources.begin(), sources.end());
      return;
    }
    Group &group = groups.emplace_back();
    group.members = {op};
    group.dims = {*alignDimensions(op, op)};
    group.sources = sources;
  }

  AffineMap mapOf(Group &group, size_t member, OpOperand *operand) {
    return group.members[member].getMatchingIndexingMap(operand).replaceDimsAndSymbols(
        group.dims[member], {}, group.members[0].getNumLoops(), 0);
  }

  using Inputs = SmallVector<std::pair<Value, AffineMap>>;
  Inputs inputsOf(Group &group) {
    Inputs inputs;
    for (auto [i, member] : llvm::enumerate(group.members))
      for (OpOperand *input : member.getDpsInputOperands())
        if (std::pair entry(input->get(), mapOf(group, i, input)); !llvm::is_contained(inputs, entry))
          inputs.push_back(entry);
    return inputs;
  }

  /// Every sum gets a buffer of its own to start from.
  Value initOf(linalg::LinalgOp member) {
    Value init = member.getDpsInits()[0];
    auto fill = init.getDefiningOp<linalg::FillOp>();
    if (!fill)
      return init;
    auto type = cast<RankedTensorType>(init.getType());
    Value empty = tensor::EmptyOp::create(rewriter, fill.getLoc(), type.getShape(), type.getElementType());
    return linalg::FillOp::create(rewriter, fill.getLoc(), fill.getInputs(), empty).getResult(0);
  }

  void fuse(Group &group) {
    linalg::LinalgOp first = group.members.front(), last = group.members.back();
    rewriter.setInsertionPoint(last);
    Inputs inputs = inputsOf(group);
    SmallVector<Value> values, inits;
    SmallVector<AffineMap> maps;
    SmallVector<Location> locations;
    for (auto [value, map] : inputs) {
      values.push_back(value);
      maps.push_back(map);
    }
    for (auto [i, member] : llvm::enumerate(group.members)) {
      inits.push_back(initOf(member));
      maps.push_back(mapOf(group, i, member.getDpsInitOperand(0)));
      locations.push_back(member.getLoc());
    }
    auto fused = linalg::GenericOp::create(
        rewriter, rewriter.getFusedLoc(locations), TypeRange(ValueRange(inits)), values, inits, maps,
        first.getIteratorTypesArray(), [&](OpBuilder &b, Location loc, ValueRange arguments) {
          SmallVector<Value> sums;
          for (auto [i, member] : llvm::enumerate(group.members)) {
            IRMapping map;
            for (OpOperand *input : member.getDpsInputOperands()) {
              std::pair entry(input->get(), mapOf(group, i, input));
              map.map(member.getMatchingBlockArgument(input),
                      arguments[llvm::find(inputs, entry) - inputs.begin()]);
            }
            map.map(member.getMatchingBlockArgument(member.getDpsInitOperand(0)),
                    arguments[inputs.size() + i]);
            for (Operation &inner : member.getBlock()->without_terminator())
              b.clone(inner, map);
            sums.push_back(map.lookupOrDefault(member.getBlock()->getTerminator()->getOperand(0)));
          }
          linalg::YieldOp::create(b, loc, sums);
        });
    for (auto [member, sum] : llvm::zip(group.members, fused->getResults()))
      rewriter.replaceOp(member, sum);
  }

  /// Its body can then take in what it reads.
  void generalize(linalg::LinalgOp op) {
    if (isa<linalg::GenericOp>(op.getOperation()))
      return;
    rewriter.setInsertionPoint(op);
    (void)linalg::generalizeNamedOp(rewriter, op);
  }

  Block &block;
  IRRewriter rewriter;
  std::vector<Group> groups;
};

struct FuseSums : costate::impl::FuseSumsBase<FuseSums> {
  void runOnOperation() override {
    SmallVector<Block *> blocks;
    getOperation()->walk([&](Block *block) {
      if (!isa<linalg::LinalgOp>(block->getParentOp()))
        blocks.push_back(block);
    });
    for (Block *block : blocks)
      BlockFuser(*block).run();
  }
};
} // namespace
