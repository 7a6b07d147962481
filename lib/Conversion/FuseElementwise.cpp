//===- FuseElementwise.cpp - Clusters of elementwise ops become one loop --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// Ops are visited from the last to the first, so that a value joins those who use it: what only the backward
// pass needs is computed there and not stored by the forward pass. Blocks are seen as graphs in which each
// cluster is one node; an op joins a cluster only if no path leaves the cluster and comes back.
//
//===------------------------------------------------------------------------------------------------------===//
#include "ClusterOrder.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

#include <queue>

namespace costate {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {
/// More than this would not stay in registers.
constexpr size_t maxBodyOps = 160;

/// An input read through a map, after broadcasts and constants have been looked through.
struct Source {
  Value value;        ///< A tensor, or a scalar with an empty map.
  AffineMap map;      ///< From the loop dimensions.
  TypedAttr constant; ///< Set instead of both for constants.
};

class BlockFuser {
public:
  BlockFuser(Block &block) : block(block), rewriter(block.getParentOp()->getContext()), order(block) {}

  void run() {
    for (Operation &op : llvm::reverse(block)) {
      unsigned cluster = order.add(&op);
      if (auto generic = dyn_cast<linalg::GenericOp>(op); generic && isElementwise(generic))
        place(generic, cluster);
    }
    // Single ops are rewritten too: their broadcasts and constants are folded.
    knownSources.clear();
    if (!placed.empty())
      materialize();
  }

private:
  static bool isElementwise(linalg::GenericOp op) {
    if (!op.hasPureTensorSemantics() || op.getNumParallelLoops() != op.getNumLoops() || op.hasDynamicShape())
      return false;
    for (OpOperand &init : op.getDpsInitsMutable())
      if (!op.getMatchingIndexingMap(&init).isIdentity())
        return false;
    // A broadcast is not worth a loop: whoever reads it looks through it.
    return !isBroadcast(op);
  }

  /// Yields its only input, read through a map that drops dimensions.
  static bool isBroadcast(linalg::GenericOp op) {
    if (op.getNumDpsInputs() != 1 || op.getNumResults() != 1)
      return false;
    auto yield = cast<linalg::YieldOp>(op.getBody()->getTerminator());
    if (yield.getOperand(0) != op.getBody()->getArgument(0))
      return false;
    int64_t last = -1;
    for (AffineExpr expr : op.getMatchingIndexingMap(op.getDpsInputOperand(0)).getResults()) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (!dim || static_cast<int64_t>(dim.getPosition()) <= last)
        return false;
      last = dim.getPosition();
    }
    return true;
  }

  Source lookThrough(Value value, AffineMap map) {
    while (true) {
      DenseElementsAttr dense;
      if (matchPattern(value, m_Constant(&dense)) && dense.isSplat() &&
          isa<RankedTensorType>(value.getType()))
        return {Value(), map, cast<TypedAttr>(dense.getSplatValue<Attribute>())};
      TypedAttr scalar;
      if (!isa<TensorType>(value.getType()) && matchPattern(value, m_Constant(&scalar)))
        return {Value(), map, scalar};
      AffineMap none = AffineMap::get(map.getNumDims(), 0, map.getContext());
      Operation *producer = value.getDefiningOp();
      if (auto fill = dyn_cast_or_null<linalg::FillOp>(producer);
          fill && fill.getInputs()[0].getType() == getElementTypeOrSelf(value.getType())) {
        value = fill.getInputs()[0], map = none;
      } else if (auto splat = dyn_cast_or_null<tensor::SplatOp>(producer)) {
        value = splat.getInput(), map = none;
      } else if (auto generic = dyn_cast_or_null<linalg::GenericOp>(producer);
                 generic && generic.hasPureTensorSemantics() && isBroadcast(generic) &&
                 generic.getMatchingIndexingMap(generic.getDpsInitOperand(0)).isIdentity()) {
        value = generic.getDpsInputs()[0];
        map = generic.getMatchingIndexingMap(generic.getDpsInputOperand(0)).compose(map);
      } else {
        return {value, map, {}};
      }
    }
  }

  /// What the body of an op reads, with the block argument that stands for it.
  using Sources = SmallVector<std::pair<BlockArgument, Source>>;
  Sources sources(linalg::GenericOp op) {
    Sources result;
    for (OpOperand &operand : op->getOpOperands()) {
      BlockArgument argument = op.getMatchingBlockArgument(&operand);
      if (!argument.use_empty())
        result.push_back({argument, lookThrough(operand.get(), op.getMatchingIndexingMap(&operand))});
    }
    return result;
  }

  /// The same, remembered: for as long as nothing is rewritten.
  const Sources &sourcesBefore(linalg::GenericOp op) {
    auto [it, isNew] = knownSources.try_emplace(op);
    if (isNew)
      it->second = std::make_unique<Sources>(sources(op));
    return *it->second;
  }

  /// Clusters that use a result of the op or read what it reads.
  SmallVector<unsigned> neighbours(linalg::GenericOp op) {
    llvm::SmallSetVector<unsigned, 4> users, siblings;
    SmallVector<int64_t> domain = op.getStaticLoopRanges();
    auto consider = [&](Operation *other, auto &set) {
      if (!placed.contains(other))
        return;
      unsigned cluster = order.clusterOf(other);
      if (!set.contains(cluster) && cast<linalg::GenericOp>(other).getStaticLoopRanges() == domain)
        set.insert(cluster);
    };
    for (Operation *user : op->getUsers())
      consider(user, users);
    for (auto &[argument, source] : sourcesBefore(op))
      if (source.value && source.map.getNumResults() == domain.size())
        for (Operation *user : source.value.getUsers())
          consider(user, siblings);
    users.insert(siblings.begin(), siblings.end());
    return users.takeVector();
  }

  /// Inside a cluster values pass from point to point: every read is by the identity, and none in a body.
  bool readsPointwise(ArrayRef<unsigned> joined) {
    auto isMember = [&](Operation *op) {
      return placed.contains(op) && llvm::is_contained(joined, order.clusterOf(op));
    };
    for (unsigned cluster : joined)
      for (Operation *member : order.members(cluster)) {
        if (auto it = readInBodies.find(member);
            it != readInBodies.end() && llvm::any_of(it->second, isMember))
          return false;
        for (auto &[argument, source] : sourcesBefore(cast<linalg::GenericOp>(member)))
          if (source.value && source.value.getDefiningOp() && !source.map.isIdentity() &&
              isMember(source.value.getDefiningOp()))
            return false;
      }
    return true;
  }

  bool tryJoin(unsigned cluster, ArrayRef<unsigned> others) {
    SmallVector<unsigned> joined(others);
    joined.push_back(cluster);
    size_t total = 0;
    for (unsigned id : joined)
      total += bodyOps[id];
    if (total > maxBodyOps || !readsPointwise(joined) || !order.join(joined))
      return false;
    bodyOps[joined.front()] = total;
    return true;
  }

  void place(linalg::GenericOp op, unsigned cluster) {
    bodyOps[cluster] = op.getBody()->getOperations().size();
    op.getBody()->walk([&](Operation *nested) {
      for (Value operand : nested->getOperands())
        if (Operation *def = operand.getDefiningOp();
            def && isa<RankedTensorType>(operand.getType()) && !op->isAncestor(def))
          readInBodies[op].push_back(def);
    });
    SmallVector<unsigned> ids = neighbours(op);
    placed.insert(op);
    if (ids.size() > 1 && tryJoin(cluster, ids))
      return;
    for (unsigned id : ids)
      if (tryJoin(cluster, id))
        return;
  }

  /// Writes the fused ops and sorts the block: an op comes after what it uses and otherwise stays where it
  /// was; ops with effects keep their order.
  void materialize() {
    struct Unit {
      unsigned position = 0;
      SmallVector<Operation *> ops;
      unsigned waiting = 0;
      DenseSet<unsigned> after;
    };
    std::vector<Unit> units(order.size());
    Operation *terminator = block.mightHaveTerminator() ? block.getTerminator() : nullptr;
    unsigned position = 0;
    for (Operation &op : block) {
      if (&op == terminator)
        break;
      unsigned from = order.clusterOf(&op);
      units[from].ops.push_back(&op);
      units[from].position = position++;
      for (Operation *next : order.successors(&op))
        if (unsigned to = order.clusterOf(next);
            next != terminator && from != to && units[from].after.insert(to).second)
          ++units[to].waiting;
    }
    auto later = [&](unsigned a, unsigned b) { return units[a].position > units[b].position; };
    std::priority_queue<unsigned, std::vector<unsigned>, decltype(later)> ready(later);
    for (unsigned i = 0; i < units.size(); ++i)
      if (units[i].waiting == 0 && !units[i].ops.empty())
        ready.push(i);
    SmallVector<Operation *> dead;
    while (!ready.empty()) {
      Unit &unit = units[ready.top()];
      ready.pop();
      for (Operation *op : unit.ops)
        terminator ? op->moveBefore(terminator) : op->moveBefore(&block, block.end());
      if (placed.contains(unit.ops.front())) {
        SmallVector<linalg::GenericOp> members;
        for (Operation *op : unit.ops)
          members.push_back(cast<linalg::GenericOp>(op));
        fuse(members);
        llvm::append_range(dead, unit.ops);
      }
      for (unsigned next : unit.after)
        if (--units[next].waiting == 0)
          ready.push(next);
    }
    for (Operation *op : llvm::reverse(dead))
      if (op->use_empty())
        rewriter.eraseOp(op);
  }

  /// One generic op for all members, in order, placed after the last.
  void fuse(ArrayRef<linalg::GenericOp> members) {
    DenseSet<Operation *> inside;
    for (linalg::GenericOp member : members)
      inside.insert(member);
    MLIRContext *context = rewriter.getContext();
    SmallVector<int64_t> domain = linalg::GenericOp(members.front()).getStaticLoopRanges();
    AffineMap identity = AffineMap::getMultiDimIdentityMap(domain.size(), context);

    SmallVector<Value> inputs, inits, results;
    SmallVector<AffineMap> inputMaps;
    llvm::MapVector<std::pair<Value, AffineMap>, unsigned> inputNumber;
    auto isInternal = [&](const Source &source) {
      return source.value && source.value.getDefiningOp() && inside.contains(source.value.getDefiningOp());
    };
    linalg::GenericOp last = members.back();
    rewriter.setInsertionPointAfter(last);
    DenseMap<Value, unsigned> inPlace; // An init that a body reads is written in place.
    for (linalg::GenericOp member : members)
      for (auto [i, result] : llvm::enumerate(member->getResults())) {
        if (llvm::all_of(result.getUsers(), [&](Operation *user) { return inside.contains(user); }))
          continue;
        OpOperand *init = member.getDpsInitOperand(i);
        Source source = lookThrough(init->get(), identity);
        bool reads = member.payloadUsesValueFromOperand(init) && source.value == init->get() &&
                     !isInternal(source) && !inPlace.contains(source.value);
        auto type = cast<RankedTensorType>(result.getType());
        if (reads)
          inPlace[source.value] = inits.size();
        inits.push_back(reads ? init->get()
                              : tensor::EmptyOp::create(rewriter, member.getLoc(), type.getShape(),
                                                        type.getElementType(), type.getEncoding())
                                    .getResult());
        results.push_back(result);
      }
    for (linalg::GenericOp member : members)
      for (auto &[argument, source] : sources(member)) {
        if (!source.value || isInternal(source) ||
            (source.map.isIdentity() && inPlace.contains(source.value)))
          continue;
        if (inputNumber.insert({{source.value, source.map}, static_cast<unsigned>(inputs.size())}).second) {
          inputs.push_back(source.value);
          inputMaps.push_back(source.map);
        }
      }
    if (results.empty())
      return;
    SmallVector<AffineMap> maps = inputMaps;
    maps.append(inits.size(), identity);
    SmallVector<utils::IteratorType> iterators(domain.size(), utils::IteratorType::parallel);
    SmallVector<Location> locations;
    for (linalg::GenericOp member : members)
      locations.push_back(member.getLoc());
    auto fused = linalg::GenericOp::create(
        rewriter, rewriter.getFusedLoc(locations), TypeRange(ValueRange(inits)), inputs, inits, maps,
        iterators, [&](OpBuilder &b, Location loc, ValueRange arguments) {
          IRMapping values; // Block arguments and results of the members to values in the new body.
          for (linalg::GenericOp member : members) {
            IRMapping local;
            for (auto &[argument, source] : sources(member)) {
              Value value;
              if (source.constant)
                value = arith::ConstantOp::create(b, loc, source.constant);
              else if (isInternal(source))
                value = values.lookup(source.value);
              else if (auto it = inPlace.find(source.value); source.map.isIdentity() && it != inPlace.end())
                value = arguments[inputs.size() + it->second];
              else
                value = arguments[inputNumber[{source.value, source.map}]];
              local.map(argument, value);
            }
            for (Operation &op : member.getBody()->without_terminator())
              b.clone(op, local);
            for (auto [result, value] :
                 llvm::zip(member->getResults(), member.getBody()->getTerminator()->getOperands()))
              values.map(result, local.lookupOrDefault(value));
          }
          SmallVector<Value> yielded;
          for (Value result : results)
            yielded.push_back(values.lookup(result));
          linalg::YieldOp::create(b, loc, yielded);
        });
    for (auto [result, replacement] : llvm::zip(results, fused->getResults()))
      result.replaceUsesWithIf(replacement, [&](OpOperand &use) { return !inside.contains(use.getOwner()); });
  }

  Block &block;
  IRRewriter rewriter;
  ClusterOrder order;
  DenseSet<Operation *> placed;       // The elementwise ops.
  DenseMap<unsigned, size_t> bodyOps; // By cluster.
  DenseMap<Operation *, std::unique_ptr<Sources>> knownSources;
  DenseMap<Operation *, SmallVector<Operation *>> readInBodies; // What computes them.
};

struct FuseElementwise : costate::impl::FuseElementwiseBase<FuseElementwise> {
  void runOnOperation() override {
    Operation *root = getOperation();
    normalize(root);
    SmallVector<Block *> blocks;
    root->walk([&](Block *block) {
      if (!isa<linalg::LinalgOp>(block->getParentOp()))
        blocks.push_back(block);
    });
    for (Block *block : blocks)
      BlockFuser(*block).run();
    // Broadcasts and fills that nobody reads any more.
    SmallVector<Operation *> ops;
    root->walk([&](Operation *op) {
      if (!isa_and_present<linalg::LinalgOp>(op->getParentOp()) &&
          isa<linalg::LinalgOp, tensor::EmptyOp, tensor::SplatOp, arith::ConstantOp>(op))
        ops.push_back(op);
    });
    for (Operation *op : llvm::reverse(ops))
      if (isOpTriviallyDead(op))
        op->erase();
  }

  /// Elementwise `arith` and `math` on tensors and elementwise named ops as `linalg.generic`; fills stay as
  /// they are.
  void normalize(Operation *root) {
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseToLinalgConversionPatterns(patterns);
    (void)applyPatternsGreedily(root, std::move(patterns));
    IRRewriter rewriter(&getContext());
    SmallVector<linalg::LinalgOp> named;
    root->walk([&](linalg::LinalgOp op) {
      if (!isa<linalg::GenericOp, linalg::FillOp>(op.getOperation()) && op.hasPureTensorSemantics() &&
          op.getNumParallelLoops() == op.getNumLoops() && !isa<linalg::TransposeOp>(op.getOperation()))
        named.push_back(op);
    });
    for (linalg::LinalgOp op : named) {
      rewriter.setInsertionPoint(op);
      (void)linalg::generalizeNamedOp(rewriter, op);
    }
  }
};
} // namespace
