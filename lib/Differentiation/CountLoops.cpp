//===- CountLoops.cpp - Loops of unknown length, counted first --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CountLoops.h"

#include "Activity.h"
#include "LoopCounter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace costate;

namespace {
/// Runs a loop as far as its integers are constants.
class ConstantRun {
public:
  explicit ConstantRun(scf::WhileOp loop) : loop(loop) {}

  /// How often the second block is entered; none where that is not known, or not soon.
  std::optional<int64_t> count() {
    SmallVector<Attribute> state = constantsOf(loop.getInits());
    for (int64_t count = 0;; ++count) {
      run(*loop.getBeforeBody(), state);
      auto goesOn = dyn_cast_if_present<IntegerAttr>(constantOf(loop.getConditionOp().getCondition()));
      if (!goesOn || budget <= 0)
        return std::nullopt;
      if (goesOn.getValue().isZero())
        return count;
      state = constantsOf(loop.getConditionOp().getArgs());
      run(*loop.getAfterBody(), state);
      state = constantsOf(loop.getYieldOp().getOperands());
    }
  }

private:
  Attribute constantOf(Value value) {
    if (auto it = known.find(value); it != known.end())
      return it->second;
    Attribute constant;
    matchPattern(value, m_Constant(&constant));
    return constant;
  }
  SmallVector<Attribute> constantsOf(ValueRange values) {
    return llvm::map_to_vector(values, [&](Value value) { return constantOf(value); });
  }

  void run(Block &block, ArrayRef<Attribute> arguments) {
    for (auto [argument, constant] : llvm::zip_equal(block.getArguments(), arguments))
      known[argument] = constant;
    for (Operation &op : block.without_terminator()) {
      --budget;
      for (Value result : op.getResults())
        known[result] = {};
      SmallVector<OpFoldResult> results;
      if (op.getNumRegions() == 0 &&
          llvm::all_of(op.getResultTypes(), llvm::IsaPred<IntegerType, IndexType>) &&
          succeeded(op.fold(constantsOf(op.getOperands()), results)))
        for (auto [result, folded] : llvm::zip(op.getResults(), results))
          known[result] = isa<Value>(folded) ? constantOf(cast<Value>(folded)) : cast<Attribute>(folded);
    }
  }

  scf::WhileOp loop;
  DenseMap<Value, Attribute> known;
  int64_t budget = 1 << 17; // ops
};
} // namespace

/// How often the second block of `loop` is entered, where its integers alone say so.
static std::optional<int64_t> findCount(scf::WhileOp loop) {
  // Folding may change an op in place.
  OwningOpRef<scf::WhileOp> copy(loop.clone());
  return ConstantRun(*copy).count();
}

/// A copy of `loop` that counts how often its second block is entered.
static Value createCount(OpBuilder &builder, scf::WhileOp loop) {
  Location loc = loop.getLoc();
  SmallVector<Value> inits(loop.getInits());
  inits.push_back(constantIndex(builder, loc, 0));
  SmallVector<Type> types(loop.getResultTypes());
  types.push_back(builder.getIndexType());
  auto counting = scf::WhileOp::create(builder, loc, types, inits);
  IRMapping mapping;
  loop.getBefore().cloneInto(&counting.getBefore(), mapping);
  loop.getAfter().cloneInto(&counting.getAfter(), mapping);
  Value before = counting.getBeforeBody()->addArgument(builder.getIndexType(), loc);
  Value after = counting.getAfterBody()->addArgument(builder.getIndexType(), loc);
  counting.getConditionOp().getArgsMutable().append(before);
  OpBuilder inside(counting.getYieldOp());
  Value next = arith::AddIOp::create(inside, loc, after, constantIndex(inside, loc, 1));
  counting.getYieldOp()->insertOperands(inits.size() - 1, next);
  return counting.getResults().back();
}

/// Clones the ops of `block`, which takes `arguments`, and returns what the operands `forwarded` have become.
static SmallVector<Value> inlineBlock(OpBuilder &builder, Block &block, ValueRange arguments,
                                      ValueRange forwarded) {
  IRMapping mapping;
  mapping.map(block.getArguments(), arguments);
  for (Operation &op : block.without_terminator())
    builder.clone(op, mapping);
  return llvm::map_to_vector(forwarded, [&](Value value) { return mapping.lookupOrDefault(value); });
}

static scf::ForOp replaceByCounted(scf::WhileOp loop) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  std::optional<int64_t> constant = findCount(loop);
  Value count = constant ? constantIndex(builder, loc, *constant) : createCount(builder, loop);
  auto test = [&](OpBuilder &b, ValueRange state) {
    return inlineBlock(b, *loop.getBeforeBody(), state, loop.getConditionOp().getArgs());
  };
  auto counted =
      scf::ForOp::create(builder, loc, constantIndex(builder, loc, 0), count, constantIndex(builder, loc, 1),
                         loop.getInits(), [&](OpBuilder &b, Location, Value, ValueRange state) {
                           SmallVector<Value> next = inlineBlock(b, *loop.getAfterBody(), test(b, state),
                                                                 loop.getYieldOp().getOperands());
                           scf::YieldOp::create(b, loc, next);
                         });
  counted->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
  loop.replaceAllUsesWith(test(builder, counted.getResults()));
  loop.erase();
  return counted;
}

LogicalResult costate::countWhileLoops(Block &block, ValueRange sources) {
  // The outermost first: its copy that counts keeps the inner loops as they are.
  for (;;) {
    ValueSet active(sources.begin(), sources.end());
    addDependents(block, active, Dependence::Differentiable);
    scf::WhileOp loop;
    block.walk<WalkOrder::PreOrder>([&](scf::WhileOp candidate) {
      for (Value result : candidate.getResults())
        if (active.contains(result) && !result.use_empty()) {
          loop = candidate;
          return WalkResult::interrupt();
        }
      return WalkResult::skip(); // it is there for its count alone, if at all
    });
    if (!loop)
      return success();
    if (!isMemoryEffectFree(loop))
      return loop.emitOpError() << "has side effects, but the backward pass runs it twice: to count its "
                                   "iterations, and to record them";
    replaceByCounted(loop);
  }
}
