//===- ReassociateContractions.cpp - Multiplies and sums tensors in the cheapest order --------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "EinsumEmitter.h"
#include "EinsumMatcher.h"
#include "EinsumPlanner.h"

#include "costate/Batching/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace costate {
#define GEN_PASS_DEF_REASSOCIATECONTRACTIONSPASS
#include "costate/Batching/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;
using namespace costate::einsum;

namespace {
/// A value that something other than a sum of products needs, with its cheapest form.
struct Root {
  std::shared_ptr<const Plan> plan;
  llvm::SetVector<Operation *> visited;
  llvm::SetVector<Value> openVisited;
  bool contracts;
};

class BlockReassociation {
public:
  explicit BlockReassociation(Block &block) : block(block) {}

  /// True if anything was rewritten.
  bool run();

private:
  void collect();
  void chooseOpenValues();
  bool rewrite();

  Root makeRoot(Value value);
  bool isRoot(Value value) {
    return !costs.isAbsorbed(value) || (!open.contains(value) && !value.hasOneUse());
  }

  Block &block;
  SmallVector<Value> values;  // Of all ops that cost something, in order.
  llvm::DenseSet<Value> open; // Values with several uses that are read through.
  llvm::DenseMap<Value, Root> roots;
  llvm::DenseMap<Value, SmallVector<Value>> readers; // The roots that read through an open value.
  Planner planner;
  KnownCosts costs;
};
} // namespace

/// Whether a value takes less room as its factors than as itself, as an outer product does.
static bool isCompressible(const Sum &sum) {
  int64_t size = 0;
  llvm::DenseSet<const void *> counted;
  for (const Term &term : sum.terms)
    for (const Factor &factor : term.factors)
      if (counted.insert(factor.identity()).second)
        size += boundedProduct(
            llvm::map_to_vector(factor.indices, [&](unsigned index) { return term.extents[index]; }));
  constexpr size_t maxOpenTerms = 16;
  return size < sum.size() && sum.terms.size() <= maxOpenTerms;
}

Root BlockReassociation::makeRoot(Value value) {
  Matcher matcher(open, costs);
  Root root;
  root.plan = planner.plan(matcher.read(value));
  root.visited = std::move(matcher.visited);
  root.openVisited = std::move(matcher.openVisited);
  root.contracts = matcher.contracts;
  return root;
}

void BlockReassociation::collect() {
  for (Operation &op : block)
    if (std::optional<int64_t> cost = costs.of(&op); cost && *cost > 0 && !op.use_empty())
      values.push_back(op.getResult(0));
  // In order: a value may be compressible because those it is made of are open.
  for (Value value : values) {
    bool mayOpen = !value.hasOneUse() && llvm::any_of(value.getUsers(), [&](Operation *user) {
      std::optional<int64_t> cost = costs.of(user);
      return user->getBlock() == &block && cost && *cost > 0;
    });
    if (mayOpen && isCompressible(Matcher(open, costs).read(value)))
      open.insert(value);
  }
  for (Value value : values)
    if (isRoot(value)) {
      roots[value] = makeRoot(value);
      for (Value visited : roots[value].openVisited)
        readers[visited].push_back(value);
    }
}

/// Closes every open value that is cheaper to compute once. Greedy, the last value first.
void BlockReassociation::chooseOpenValues() {
  for (Value value : llvm::reverse(values)) {
    if (!open.contains(value))
      continue;
    SmallVector<Value> affected;
    int64_t openCost = 0, closedCost = 0;
    if (auto it = roots.find(value); it != roots.end())
      openCost += it->second.plan->cost;
    for (Value reader : readers.lookup(value))
      if (const Root &root = roots[reader]; root.openVisited.contains(value)) {
        openCost += root.plan->cost;
        affected.push_back(reader);
      }
    open.erase(value);
    SmallVector<std::pair<Value, Root>> closed;
    affected.push_back(value);
    for (Value root : affected) {
      closed.push_back({root, makeRoot(root)});
      closedCost += closed.back().second.plan->cost;
    }
    if (closedCost > openCost) {
      open.insert(value);
      continue;
    }
    // What reads through less than before stays where it is among the readers.
    if (!roots.contains(value))
      for (Value visited : closed.back().second.openVisited)
        readers[visited].push_back(value);
    for (auto &[root, plan] : closed)
      roots[root] = std::move(plan);
  }
}

bool BlockReassociation::rewrite() {
  // Roots that read through the same value are rewritten together or not at all.
  llvm::EquivalenceClasses<void *> classes;
  auto key = [](Value value) { return value.getAsOpaquePointer(); };
  for (auto &[value, root] : roots) {
    classes.insert(key(value));
    for (Value shared : root.openVisited)
      classes.unionSets(key(value), key(shared));
  }
  struct Component {
    llvm::DenseSet<Operation *> ops;
    int64_t before = 0, after = 0;
    bool contracts = false;
  };
  llvm::DenseMap<void *, Component> components;
  for (auto &[value, root] : roots) {
    Component &component = components[classes.getLeaderValue(key(value))];
    for (Operation *op : root.visited)
      if (component.ops.insert(op).second)
        component.before += *costs.of(op);
    component.after += root.plan->cost;
    component.contracts |= root.contracts;
  }

  llvm::DenseMap<Value, Value> replaced;
  for (Value value : values) {
    auto it = roots.find(value);
    if (it == roots.end())
      continue;
    const Component &component = components[classes.getLeaderValue(key(value))];
    if (!component.contracts || component.after >= component.before)
      continue;
    ImplicitLocOpBuilder builder(value.getLoc(), value.getDefiningOp());
    auto type = cast<FloatType>(cast<RankedTensorType>(value.getType()).getElementType());
    Value result = Emitter(builder, type, replaced).emit(it->second.plan->sum);
    replaced[value] = result;
  }
  for (auto [value, result] : replaced)
    value.replaceAllUsesWith(result);
  return !replaced.empty();
}

bool BlockReassociation::run() {
  collect();
  chooseOpenValues();
  return rewrite();
}

namespace {
struct ReassociateContractions : costate::impl::ReassociateContractionsPassBase<ReassociateContractions> {
  using ReassociateContractionsPassBase::ReassociateContractionsPassBase;

  static int64_t totalCost(func::FuncOp function) {
    int64_t total = 0;
    function.walk([&](Operation *op) {
      if (std::optional<int64_t> cost = costOf(op); cost && !op->use_empty())
        total += *cost;
    });
    return total;
  }

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isDeclaration())
      return;
    int64_t before = totalCost(function);
    IRRewriter rewriter(&getContext());
    // A second look often finds what the first opened; each makes the function cheaper.
    constexpr int maxRounds = 8;
    bool changed = false;
    for (int round = 0; round < maxRounds; ++round) {
      bool rewrote = false;
      function.walk([&](Block *block) {
        if (!isa<linalg::LinalgOp>(block->getParentOp()))
          rewrote |= BlockReassociation(*block).run();
      });
      if (!rewrote)
        break;
      changed = true;
      (void)runRegionDCE(rewriter, function->getRegions());
      DominanceInfo dominance(function);
      eliminateCommonSubExpressions(rewriter, dominance, function);
    }
    if (printCosts)
      function.emitRemark() << before << " multiply-adds before reassociation, " << totalCost(function)
                            << " after";
    if (!changed)
      markAllAnalysesPreserved();
  }
};
} // namespace
