//===- Rematerialize.cpp - Cheap values are computed again instead of stored ------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// The forward pass of a layer leaves to the backward pass a value for each factor of each derivative, and all
// of them follow in a few operations from what the layer read and from its elementary functions. A load takes
// as long as two operations on vectors, and a store twice that, as soon as the tiles of all layers do not fit
// the first cache.
//
//===------------------------------------------------------------------------------------------------------===//
#include "TilePlan.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallBitVector.h"

namespace costate {
#define GEN_PASS_DEF_REMATERIALIZE
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

/// More operations than this are not worth a value that is stored.
static constexpr unsigned maxOpsPerValue = 24;

/// More than this in one body would not stay in registers.
static constexpr size_t maxBodyOps = 160;

static bool isElementwise(linalg::GenericOp op) {
  if (!op.hasPureTensorSemantics() || op.getNumParallelLoops() != op.getNumLoops() || op.hasDynamicShape())
    return false;
  return llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &init) {
    return op.getMatchingIndexingMap(&init).isIdentity() && !op.payloadUsesValueFromOperand(&init);
  });
}

static bool isExpensive(Operation *op) {
  if (isa<math::AbsFOp, math::FmaOp, math::CopySignOp>(op))
    return false;
  return isa<math::MathDialect>(op->getDialect()) || isa<arith::DivFOp, arith::RemFOp>(op) ||
         op->getNumRegions();
}

/// A sum, or several, whose loops visit every point once, in the order of the dimensions.
static bool isSumOverPoints(linalg::GenericOp op) {
  return op.hasPureTensorSemantics() && op.getNumReductionLoops() > 0 && !op.hasDynamicShape() &&
         !op.hasIndexSemantics() &&
         llvm::all_of(llvm::seq<unsigned>(0, op.getNumDpsInits()), [&](unsigned i) {
           return isa_and_present<arith::AddFOp, arith::SubFOp>(findCombiner(op, i));
         });
}

namespace {
/// What a value of a body is computed from.
struct Slice {
  llvm::SetVector<Operation *> ops; ///< Uses before definitions.
  llvm::SetVector<Value> leaves;    ///< Block arguments, and values that stay stored.
};

/// Frees one op, the producer, from results that its consumers can compute themselves.
class Producer {
public:
  Producer(linalg::GenericOp op) : op(op), yield(cast<linalg::YieldOp>(op.getBody()->getTerminator())) {}

  /// Says whether anything changed.
  bool run(IRRewriter &rewriter) {
    choose();
    if (dropped.empty() || !pays() || !llvm::all_of(consumers, [&](auto op) { return keepsExtents(op); }))
      return false;
    auto leafValues = rebuild(rewriter);
    for (linalg::GenericOp consumer : consumers)
      inlineInto(rewriter, consumer, leafValues);
    rewriter.eraseOp(op);
    return true;
  }

private:
  /// Every use reads the same point in an elementwise op that stands in the same block.
  bool hasOnlyPointwiseUses(Value result) {
    return !result.use_empty() && llvm::all_of(result.getUses(), [&](OpOperand &use) {
      auto user = dyn_cast<linalg::GenericOp>(use.getOwner());
      return user && user->getBlock() == op->getBlock() && (isElementwise(user) || isSumOverPoints(user)) &&
             user.isDpsInput(&use) && user.getMatchingIndexingMap(&use).isIdentity() &&
             user.getBody()->getOperations().size() < maxBodyOps;
    });
  }

  /// Splits the results into those that stay and those that consumers compute.
  void choose() {
    llvm::SetVector<unsigned> candidates;
    for (auto [i, result] : llvm::enumerate(op->getResults())) {
      Value value = yield.getOperand(i);
      Operation *definition = value.getDefiningOp();
      if (definition && definition->getBlock() == op.getBody() && !isExpensive(definition) &&
          hasOnlyPointwiseUses(result))
        candidates.insert(i);
      else
        stored.insert(value);
    }
    // A value too long to compute stays, and shortens what others compute.
    for (unsigned i : candidates) {
      if (stored.contains(yield.getOperand(i)))
        continue;
      Slice slice = sliceOf(yield.getOperand(i));
      if (slice.ops.size() > maxOpsPerValue)
        stored.insert(yield.getOperand(i));
    }
    for (unsigned i : candidates)
      if (!stored.contains(yield.getOperand(i)))
        dropped.insert(i);
    for (unsigned i : dropped) {
      slices[i] = sliceOf(yield.getOperand(i));
      for (Value leaf : slices[i].leaves)
        if (!isa<BlockArgument>(leaf) && !llvm::is_contained(yield.getOperands(), leaf))
          added.insert(leaf);
      for (Operation *user : op->getResult(i).getUsers())
        consumers.insert(cast<linalg::GenericOp>(user));
    }
  }

  Slice sliceOf(Value value) {
    Slice slice;
    collect(value, slice);
    return slice;
  }

  void collect(Value value, Slice &slice) {
    Operation *definition = value.getDefiningOp();
    if (definition && definition->getBlock() != op.getBody())
      return; // A constant from outside serves every body.
    if (!definition || stored.contains(value) || isExpensive(definition)) {
      if (!definition && cast<BlockArgument>(value).getOwner() != op.getBody())
        return;
      slice.leaves.insert(value);
      return;
    }
    if (!slice.ops.insert(definition))
      return;
    for (Value operand : definition->getOperands())
      collect(operand, slice);
  }

  /// Vectors of a whole tile count one, what is broadcast a quarter. A store is worth two loads.
  bool pays() {
    double before = 2.0 * dropped.size(), after = 2.0 * added.size();
    // Truth values in memory cost both sides their vectors.
    for (unsigned i : dropped)
      if (yield.getOperand(i).getType().isInteger(1))
        before += 100;
    for (linalg::GenericOp consumer : consumers) {
      llvm::SetVector<Value> leaves;
      for (unsigned i : dropped)
        if (llvm::is_contained(consumer.getInputs(), op->getResult(i))) {
          before += 1;
          leaves.insert(slices[i].leaves.begin(), slices[i].leaves.end());
        }
      for (Value leaf : leaves) {
        auto argument = dyn_cast<BlockArgument>(leaf);
        if (!argument) {
          after += 1;
          continue;
        }
        OpOperand &operand = op->getOpOperand(argument.getArgNumber());
        if (!readsAlready(consumer, operand.get(), op.getMatchingIndexingMap(&operand)))
          after += op.getMatchingIndexingMap(&operand).isIdentity() ? 1 : 0.25;
      }
    }
    return after < before;
  }

  /// Whether what a consumer will read still says how often each of its loops runs: a sum of what is
  /// broadcast along its loop may have no other operand with that dimension.
  bool keepsExtents(linalg::GenericOp consumer) {
    llvm::SmallBitVector covered(consumer.getNumLoops());
    auto cover = [&](AffineMap map) {
      for (AffineExpr result : map.getResults())
        if (auto dimension = dyn_cast<AffineDimExpr>(result))
          covered.set(dimension.getPosition());
    };
    for (OpOperand &operand : consumer->getOpOperands()) {
      auto result = dyn_cast<OpResult>(operand.get());
      if (!result || result.getOwner() != op || !dropped.contains(result.getResultNumber())) {
        cover(consumer.getMatchingIndexingMap(&operand));
        continue;
      }
      for (Value leaf : slices[result.getResultNumber()].leaves) {
        auto argument = dyn_cast<BlockArgument>(leaf);
        if (!argument) // a result of the op itself
          return true;
        cover(op.getMatchingIndexingMap(&op->getOpOperand(argument.getArgNumber())));
      }
    }
    return covered.all();
  }

  static bool readsAlready(linalg::GenericOp consumer, Value value, AffineMap map) {
    return llvm::any_of(consumer.getDpsInputOperands(), [&](OpOperand *input) {
      return input->get() == value && consumer.getMatchingIndexingMap(input) == map;
    });
  }

  /// The producer without the dropped results and with the added ones. Returns where each leaf of a slice is
  /// found: a tensor or scalar with its map.
  DenseMap<Value, std::pair<Value, AffineMap>> rebuild(IRRewriter &rewriter) {
    rewriter.setInsertionPoint(op);
    Location loc = op.getLoc();
    AffineMap identity = rewriter.getMultiDimIdentityMap(op.getNumLoops());
    SmallVector<int64_t> shape = op.getStaticLoopRanges();
    SmallVector<Value> inits, yielded;
    SmallVector<unsigned> kept;
    for (unsigned i = 0; i < op->getNumResults(); ++i)
      if (!dropped.contains(i)) {
        kept.push_back(i);
        inits.push_back(op.getDpsInits()[i]);
        yielded.push_back(yield.getOperand(i));
      }
    for (Value value : added) {
      inits.push_back(tensor::EmptyOp::create(rewriter, loc, shape, value.getType()));
      yielded.push_back(value);
    }
    DenseMap<Value, std::pair<Value, AffineMap>> found;
    for (OpOperand *input : op.getDpsInputOperands())
      found[op.getMatchingBlockArgument(input)] = {input->get(), op.getMatchingIndexingMap(input)};
    if (inits.empty())
      return found;
    SmallVector<AffineMap> maps;
    for (OpOperand *input : op.getDpsInputOperands())
      maps.push_back(op.getMatchingIndexingMap(input));
    maps.append(inits.size(), identity);
    auto rebuilt = linalg::GenericOp::create(rewriter, loc, TypeRange(ValueRange(inits)), op.getInputs(),
                                             inits, maps, op.getIteratorTypesArray(),
                                             [&](OpBuilder &b, Location loc, ValueRange arguments) {
                                               IRMapping map;
                                               for (unsigned i = 0; i < op.getNumDpsInputs(); ++i)
                                                 map.map(op.getBody()->getArgument(i), arguments[i]);
                                               for (Operation &inner : op.getBody()->without_terminator())
                                                 b.clone(inner, map);
                                               SmallVector<Value> values;
                                               for (Value value : yielded)
                                                 values.push_back(map.lookupOrDefault(value));
                                               linalg::YieldOp::create(b, loc, values);
                                             });
    for (auto [value, result] : llvm::zip(yielded, rebuilt->getResults()))
      found.try_emplace(value, result, identity);
    for (auto [i, result] : llvm::zip(kept, rebuilt->getResults()))
      rewriter.replaceAllUsesWith(op->getResult(i), result);
    return found;
  }

  /// The consumer with the slices of the dropped results that it reads at the head of its body.
  void inlineInto(IRRewriter &rewriter, linalg::GenericOp consumer,
                  const DenseMap<Value, std::pair<Value, AffineMap>> &leafValues) {
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    auto numberOf = [&](Value value, AffineMap map) -> unsigned {
      for (unsigned n = 0; n < inputs.size(); ++n)
        if (inputs[n] == value && maps[n] == map)
          return n;
      inputs.push_back(value);
      maps.push_back(map);
      return inputs.size() - 1;
    };
    DenseMap<unsigned, unsigned> argumentOf;             // Input of the consumer: its number in the new op.
    SmallVector<std::pair<unsigned, unsigned>> computed; // Input of the consumer, dropped result.
    DenseMap<Value, unsigned> leafNumber;
    for (OpOperand *input : consumer.getDpsInputOperands()) {
      auto result = dyn_cast<OpResult>(input->get());
      if (result && result.getOwner() == op && dropped.contains(result.getResultNumber()))
        computed.push_back({input->getOperandNumber(), result.getResultNumber()});
      else
        argumentOf[input->getOperandNumber()] =
            numberOf(input->get(), consumer.getMatchingIndexingMap(input));
    }
    for (auto [input, result] : computed)
      for (Value leaf : slices[result].leaves) {
        auto [value, map] = leafValues.lookup(leaf);
        leafNumber[leaf] = numberOf(value, map);
      }
    SmallVector<AffineMap> allMaps(maps);
    for (OpOperand &init : consumer.getDpsInitsMutable())
      allMaps.push_back(consumer.getMatchingIndexingMap(&init));
    rewriter.setInsertionPoint(consumer);
    auto rebuilt = linalg::GenericOp::create(
        rewriter, consumer.getLoc(), consumer->getResultTypes(), inputs, consumer.getDpsInits(), allMaps,
        consumer.getIteratorTypesArray(), [&](OpBuilder &b, Location loc, ValueRange arguments) {
          IRMapping values, map;
          for (auto [leaf, number] : leafNumber)
            values.map(leaf, arguments[number]);
          for (Operation &inner : op.getBody()->without_terminator())
            if (llvm::any_of(computed,
                             [&](auto &entry) { return slices[entry.second].ops.contains(&inner); }))
              b.clone(inner, values);
          for (auto [input, number] : argumentOf)
            map.map(consumer.getBody()->getArgument(input), arguments[number]);
          map.map(consumer.getRegionOutputArgs(), arguments.drop_front(inputs.size()));
          for (auto [input, result] : computed)
            map.map(consumer.getBody()->getArgument(input), values.lookupOrDefault(yield.getOperand(result)));
          for (Operation &inner : *consumer.getBody())
            b.clone(inner, map);
        });
    rewriter.replaceOp(consumer, rebuilt->getResults());
  }

  linalg::GenericOp op;
  linalg::YieldOp yield;
  DenseSet<Value> stored;            ///< Yielded values that stay results.
  llvm::SetVector<unsigned> dropped; ///< Results that consumers compute.
  llvm::SetVector<Value> added;      ///< Values that become results for that.
  DenseMap<unsigned, Slice> slices;  ///< Of dropped results.
  llvm::SetVector<linalg::GenericOp> consumers;
};

struct Rematerialize : costate::impl::RematerializeBase<Rematerialize> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<Block *> blocks;
    getOperation()->walk([&](Block *block) {
      if (!isa<linalg::LinalgOp>(block->getParentOp()))
        blocks.push_back(block);
    });
    for (Block *block : blocks)
      for (Operation *op = block->empty() ? nullptr : &block->front(); op;) {
        Operation *before = op->getPrevNode();
        auto generic = dyn_cast<linalg::GenericOp>(op);
        // What stood here, and those that read it, have been rewritten where they stood.
        if (generic && isElementwise(generic) && !generic.hasIndexSemantics() &&
            Producer(generic).run(rewriter))
          op = before ? before->getNextNode() : &block->front();
        else
          op = op->getNextNode();
      }
  }
};
} // namespace
