//===- SimplifyLoops.cpp - Loops that carry nothing in vain -----------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "SimplifyLoops.h"
#include "Activity.h"
#include "costate/Differentiation/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/LoopInvariantCodeMotionUtils.h"

namespace costate {
#define GEN_PASS_DEF_SIMPLIFYLOOPS
#include "costate/Differentiation/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

namespace {
/// The values that the results of a function need. What a loop carries is needed position by position.
class Liveness {
public:
  explicit Liveness(func::FuncOp function);
  bool isLive(Value value) const { return live.contains(value); }

private:
  void mark(Value value) {
    if (live.insert(value).second)
      worklist.push_back(value);
  }
  void markAll(ValueRange values) {
    for (Value value : values)
      mark(value);
  }
  void visit(Value value);
  void visitResult(OpResult result);
  void visitArgument(BlockArgument argument);
  /// What decides how often the regions of `op` are entered.
  void markControl(Operation *op);
  void markControlAbove(Operation *op);

  ValueSet live;
  SmallVector<Value> worklist;
};
} // namespace

static bool isStructured(Operation *op) { return isa<scf::ForOp, scf::WhileOp, scf::IfOp>(op); }

Liveness::Liveness(func::FuncOp function) {
  // Roots: what is returned, and what ops take that do more than compute.
  function.walk([&](Operation *op) {
    if (isa<func::ReturnOp>(op))
      return markAll(op->getOperands());
    if (isStructured(op) || isa<scf::YieldOp, scf::ConditionOp, func::FuncOp>(op) || isMemoryEffectFree(op))
      return;
    markAll(op->getOperands());
    markControlAbove(op);
  });
  while (!worklist.empty())
    visit(worklist.pop_back_val());
}

void Liveness::markControl(Operation *op) {
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return markAll({loop.getLowerBound(), loop.getUpperBound(), loop.getStep()});
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return mark(loop.getConditionOp().getCondition());
  if (auto conditional = dyn_cast<scf::IfOp>(op))
    mark(conditional.getCondition());
}

void Liveness::markControlAbove(Operation *op) {
  for (Operation *parent = op->getParentOp(); parent && !isa<func::FuncOp>(parent);
       parent = parent->getParentOp())
    markControl(parent);
}

void Liveness::visitResult(OpResult result) {
  Operation *op = result.getOwner();
  unsigned i = result.getResultNumber();
  if (auto loop = dyn_cast<scf::ForOp>(op)) {
    mark(loop.getInitArgs()[i]);
    mark(loop.getYieldedValues()[i]);
  } else if (auto loop = dyn_cast<scf::WhileOp>(op)) {
    mark(loop.getConditionOp().getArgs()[i]);
  } else if (auto conditional = dyn_cast<scf::IfOp>(op)) {
    for (Region &region : conditional->getRegions())
      mark(region.front().getTerminator()->getOperand(i));
  } else {
    markAll(op->getOperands());
    markAll(capturedBy(op));
  }
  markControl(op);
}

void Liveness::visitArgument(BlockArgument argument) {
  Operation *parent = argument.getOwner()->getParentOp();
  unsigned i = argument.getArgNumber();
  if (auto loop = dyn_cast<scf::ForOp>(parent)) {
    if (i > 0) { // 0 is the induction variable
      mark(loop.getInitArgs()[i - 1]);
      mark(loop.getYieldedValues()[i - 1]);
    }
  } else if (auto loop = dyn_cast<scf::WhileOp>(parent)) {
    if (argument.getOwner() == loop.getBeforeBody()) {
      mark(loop.getInits()[i]);
      mark(loop.getYieldOp().getOperand(i));
    } else {
      mark(loop.getConditionOp().getArgs()[i]);
    }
  }
  markControl(parent);
}

void Liveness::visit(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    visitArgument(argument);
  else
    visitResult(cast<OpResult>(value));
}

/// The positions where one of the ranges is live.
static SmallVector<unsigned> livePositions(const Liveness &liveness, ArrayRef<ValueRange> ranges) {
  SmallVector<unsigned> positions;
  for (unsigned i = 0; i < ranges.front().size(); ++i)
    if (llvm::any_of(ranges, [&](ValueRange range) { return liveness.isLive(range[i]); }))
      positions.push_back(i);
  return positions;
}

static SmallVector<Value> pick(ValueRange values, ArrayRef<unsigned> positions) {
  return llvm::map_to_vector(positions, [&](unsigned i) { return Value(values[i]); });
}

/// Erases the arguments of `block`, after the first `offset`, that are not listed; what still uses them is
/// dead too, and takes `stand-ins` until it is removed.
static void keepArguments(Block &block, unsigned offset, ArrayRef<unsigned> positions, ValueRange standIns) {
  BitVector erased(block.getNumArguments());
  erased.set(offset, block.getNumArguments());
  for (unsigned i : positions)
    erased.reset(offset + i);
  for (unsigned i : erased.set_bits())
    block.getArgument(i).replaceAllUsesWith(standIns[i - offset]);
  block.eraseArguments(erased);
}

static void replaceResults(Operation *loop, Operation *shorter, ArrayRef<unsigned> positions) {
  shorter->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  for (auto [i, position] : llvm::enumerate(positions))
    loop->getResult(position).replaceAllUsesWith(shorter->getResult(i));
}

static void shorten(scf::ForOp loop, const Liveness &liveness) {
  SmallVector<unsigned> kept = livePositions(liveness, {loop.getResults(), loop.getRegionIterArgs()});
  if (kept.size() == loop.getNumResults())
    return;
  OpBuilder builder(loop);
  auto shorter = scf::ForOp::create(builder, loop.getLoc(), loop.getLowerBound(), loop.getUpperBound(),
                                    loop.getStep(), pick(loop.getInitArgs(), kept),
                                    /*bodyBuilder=*/nullptr, loop.getUnsignedCmp());
  shorter.getRegion().takeBody(loop.getRegion());
  Operation *yield = shorter.getBody()->getTerminator();
  yield->setOperands(pick(yield->getOperands(), kept));
  keepArguments(*shorter.getBody(), 1, kept, loop.getInitArgs());
  replaceResults(loop, shorter, kept);
  // Dead results are used by dead ops only.
  for (auto [init, result] : llvm::zip_equal(loop.getInitArgs(), loop.getResults()))
    result.replaceAllUsesWith(init);
  loop.erase();
}

static void shorten(scf::WhileOp loop, const Liveness &liveness) {
  SmallVector<unsigned> carried = livePositions(liveness, {loop.getBeforeArguments()});
  SmallVector<unsigned> forwarded = livePositions(liveness, {loop.getResults(), loop.getAfterArguments()});
  if (carried.size() == loop.getInits().size() && forwarded.size() == loop.getNumResults())
    return;
  // A dead result that something dead still uses has no stand-in of its type; it stays.
  for (auto [i, result] : llvm::enumerate(loop.getResults()))
    if (!llvm::is_contained(forwarded, i) && !(result.use_empty() && loop.getAfterArguments()[i].use_empty()))
      forwarded.push_back(i);
  llvm::sort(forwarded);
  OpBuilder builder(loop);
  SmallVector<Type> types =
      llvm::map_to_vector(forwarded, [&](unsigned i) { return loop.getResult(i).getType(); });
  auto shorter = scf::WhileOp::create(builder, loop.getLoc(), types, pick(loop.getInits(), carried));
  shorter.getBefore().takeBody(loop.getBefore());
  shorter.getAfter().takeBody(loop.getAfter());
  scf::ConditionOp condition = shorter.getConditionOp();
  condition.getArgsMutable().assign(pick(condition.getArgs(), forwarded));
  scf::YieldOp yield = shorter.getYieldOp();
  yield->setOperands(pick(yield->getOperands(), carried));
  keepArguments(*shorter.getBeforeBody(), 0, carried, loop.getInits());
  keepArguments(*shorter.getAfterBody(), 0, forwarded, loop.getResults());
  replaceResults(loop, shorter, forwarded);
  loop.erase();
}

void costate::dropDeadCarriedValues(func::FuncOp function) {
  Liveness liveness(function);
  SmallVector<Operation *> loops;
  function.walk([&](Operation *op) {
    if (isa<scf::ForOp, scf::WhileOp>(op))
      loops.push_back(op);
  });
  // Inner loops come first; the bodies of those that contain them move as they are.
  for (Operation *op : loops) {
    if (auto loop = dyn_cast<scf::ForOp>(op))
      shorten(loop, liveness);
    else
      shorten(cast<scf::WhileOp>(op), liveness);
  }
}

namespace {
/// Whether values of the body of a loop are equal, if its arguments `x` and `y` are.
class EqualIf {
public:
  EqualIf(Value x, Value y) : x(x), y(y) {}
  bool check(Value a, Value b) {
    if (a == b || (a == x && b == y) || equal.contains({a, b}))
      return true;
    Operation *first = a.getDefiningOp(), *second = b.getDefiningOp();
    if (!first || !second || first->getBlock() != x.getParentBlock() ||
        second->getBlock() != x.getParentBlock() || first->getNumRegions() > 0 ||
        cast<OpResult>(a).getResultNumber() != cast<OpResult>(b).getResultNumber() ||
        !isMemoryEffectFree(first))
      return false;
    auto operands = [&](Value c, Value d) { return success(check(c, d)); };
    if (!OperationEquivalence::isEquivalentTo(first, second, operands, /*markEquivalent=*/nullptr,
                                              OperationEquivalence::IgnoreLocations))
      return false;
    equal.insert({a, b});
    return true;
  }

private:
  Value x, y;
  llvm::DenseSet<std::pair<Value, Value>> equal;
};
} // namespace

bool costate::mergeEqualCarriedValues(func::FuncOp function) {
  bool merged = false;
  function.walk([&](scf::ForOp loop) {
    for (unsigned i = 0; i < loop.getNumResults(); ++i)
      for (unsigned j = i + 1; j < loop.getNumResults(); ++j) {
        Value x = loop.getRegionIterArg(i), y = loop.getRegionIterArg(j);
        if (loop.getInitArgs()[i] != loop.getInitArgs()[j] ||
            (y.use_empty() && loop.getResult(j).use_empty()) ||
            !EqualIf(x, y).check(loop.getYieldedValues()[i], loop.getYieldedValues()[j]))
          continue;
        y.replaceAllUsesWith(x);
        loop.getResult(j).replaceAllUsesWith(loop.getResult(i));
        merged = true;
      }
  });
  return merged;
}

void costate::hoistLoopInvariants(func::FuncOp function) {
  function.walk([](LoopLikeOpInterface loop) { moveLoopInvariantCode(loop); });
}

namespace {
struct SimplifyLoops : costate::impl::SimplifyLoopsBase<SimplifyLoops> {
  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    dropDeadCarriedValues(getOperation());
    hoistLoopInvariants(getOperation());
  }
};
} // namespace
