//===- DerivativePaths.cpp - Derivatives of derivatives, through arithmetic and calls ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "DerivativePaths.h"
#include "Dependence.h"
#include "Derivatives.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

#include <numeric>
#include <set>

using namespace mlir;
using namespace costate;

namespace {
/// A derivative on a path, with its inputs as values of the function that the path has come to.
using Differentiation = std::pair<SmallVector<Value>, int64_t>;
using Path = SmallVector<Differentiation>;

class PathFinder {
public:
  PathFinder(SymbolTableCollection &symbols) : symbols(symbols) {}

  /// Follows `value`, of which the derivatives of `path` are taken, outermost first, down to what it is
  /// computed from.
  void visit(Value value, const Path &path);
  /// The same for the results of the function of that name, where `path` comes from outside with the
  /// derivatives by the operands of a call; of a derivative that is declared, from what it is a derivative
  /// of.
  void visitCallee(Operation *user, FlatSymbolRefAttr symbol, ValueRange operands, const Path &path);

  DerivativePaths found;

private:
  void visitOp(Operation *op, const Path &path);

  SymbolTableCollection &symbols;
  std::set<std::pair<void *, std::vector<std::pair<std::vector<void *>, int64_t>>>> seen;
};
} // namespace

std::pair<int64_t, ValueRange> costate::orderAndInputs(Operation *op) {
  return TypeSwitch<Operation *, std::pair<int64_t, ValueRange>>(op)
      .Case([](DiffOp diff) {
        int64_t order = 0;
        for (auto indices : diff.getIndices().getAsRange<DenseI64ArrayAttr>())
          order += indices.size();
        return std::pair<int64_t, ValueRange>(order, diff.getInputs());
      })
      .Case([](OperatorOp diff) {
        int64_t order = 0;
        for (auto term : diff.getTerms().getAsRange<TermAttr>())
          order = std::max<int64_t>(order, term.getIndices().size());
        return std::pair<int64_t, ValueRange>(order, diff.getInputs());
      })
      .Case<HessianOp, LaplacianOp>(
          [](auto diff) { return std::pair<int64_t, ValueRange>(2, diff->getOperands().drop_front()); })
      .Case<GradOp, JacobianOp, DivOp>(
          [](auto diff) { return std::pair<int64_t, ValueRange>(1, diff->getOperands().drop_front()); })
      .Default([](Operation *) { return std::pair<int64_t, ValueRange>(0, ValueRange()); });
}

/// The order of a declared derivative, and the arguments of its source that it differentiates by.
static std::pair<int64_t, SmallVector<int64_t>> orderAndArguments(DeriveOp derive) {
  SmallVector<int64_t> arguments(derive.getWrt());
  switch (derive.getKind()) {
  case TransformKind::transpose:
    return {0, arguments};
  case TransformKind::hessian:
  case TransformKind::hvp:
    return {2, arguments};
  case TransformKind::jet: {
    int64_t order = 0;
    for (auto index : derive.getIndicesAttr().getAsRange<ArrayAttr>())
      order = std::max(
          order, std::accumulate(index.begin(), index.end(), int64_t(0), [](int64_t sum, Attribute exponent) {
            return sum + cast<IntegerAttr>(exponent).getInt();
          }));
    for (auto variable : derive.getVariablesAttr().getAsRange<ArrayAttr>())
      arguments.push_back(cast<IntegerAttr>(variable[0]).getInt());
    return {order, arguments};
  }
  default:
    return {1, arguments};
  }
}

/// The input of a layer with a corner; null for any other op.
static Value inputOfCorner(Operation *op) {
  return TypeSwitch<Operation *, Value>(op)
      .Case<DenseOp, ConvOp>([](auto layer) {
        return layer.getActivation() == Activation::relu ? Value(layer.getInput()) : Value();
      })
      .Case([](PoolOp pool) { return pool.getKind() == Pooling::max ? Value(pool.getInput()) : Value(); })
      .Default([](Operation *) { return Value(); });
}

static int64_t orderOf(const Path &path) {
  return std::accumulate(path.begin(), path.end(), int64_t(0),
                         [](int64_t sum, const Differentiation &one) { return sum + one.second; });
}

void PathFinder::visitOp(Operation *op, const Path &path) {
  if (auto [order, inputs] = orderAndInputs(op); order > 0) {
    Path longer = path;
    longer.push_back({SmallVector<Value>(inputs), order});
    return visit(op->getOperand(0), longer);
  }
  if (Value input = inputOfCorner(op)) {
    int64_t order = 0;
    for (auto &[inputs, one] : path)
      order += dependsOn(input, inputs) ? one : 0;
    if (order >= 2 && !found.corner) {
      found.corner = op;
      found.cornerOrder = order;
    }
  } else if (auto call = dyn_cast<CallOp>(op)) {
    visitCallee(op, call.getCalleeAttr(), call.getOperands(), path);
  } else if (auto call = dyn_cast<func::CallOp>(op)) {
    visitCallee(op, call.getCalleeAttr(), call.getOperands(), path);
  }
}

void PathFinder::visit(Value value, const Path &path) {
  found.order = std::max(found.order, orderOf(path));
  std::vector<std::pair<std::vector<void *>, int64_t>> key;
  for (auto &[inputs, order] : path) {
    key.push_back({{}, order});
    for (Value input : inputs)
      key.back().first.push_back(input.getAsOpaquePointer());
  }
  // What is refused already is followed no further, so that functions that call themselves end it.
  if (found.order > maxOrder || !seen.insert({value.getAsOpaquePointer(), key}).second)
    return;
  SetVector<Value> worklist;
  SetVector<Operation *> ops;
  worklist.insert(value);
  for (size_t i = 0; i < worklist.size(); ++i) {
    Operation *op = worklist[i].getDefiningOp();
    if (!op) {
      // An argument of a nested region takes its values from the op around it.
      op = cast<BlockArgument>(worklist[i]).getOwner()->getParentOp();
      if (!op || isa<FunctionOpInterface>(op))
        continue;
    }
    op->walk([&](Operation *nested) {
      if (ops.insert(nested) && orderAndInputs(nested).first == 0) // of a derivative, `visitOp` goes on
        worklist.insert_range(nested->getOperands());
    });
  }
  for (Operation *op : ops)
    visitOp(op, path);
}

void PathFinder::visitCallee(Operation *user, FlatSymbolRefAttr symbol, ValueRange operands,
                             const Path &path) {
  Operation *callee = symbols.lookupNearestSymbolFrom(user, symbol);
  SmallVector<std::pair<SmallVector<int64_t>, int64_t>> declared; // the outermost first
  llvm::SmallPtrSet<Operation *, 4> derives;
  while (auto derive = dyn_cast_or_null<DeriveOp>(callee)) {
    if (!derives.insert(derive).second)
      return; // it depends on itself, which is an error elsewhere
    auto [order, arguments] = orderAndArguments(derive);
    declared.push_back({arguments, order});
    callee = symbols.lookupNearestSymbolFrom(derive, derive.getSourceAttr());
  }
  auto function = dyn_cast_or_null<FunctionOpInterface>(callee);
  if (!function || function.isExternal())
    return;
  Path inside;
  for (auto &[inputs, order] : path) {
    SmallVector<Value> reached;
    for (auto [operand, argument] : llvm::zip(operands, function.getArguments()))
      if (dependsOn(operand, inputs))
        reached.push_back(argument);
    if (reached.empty())
      return; // a derivative by what the call does not depend on is zero
    inside.push_back({reached, order});
  }
  for (auto &[positions, order] : declared) {
    SmallVector<Value> inputs;
    for (int64_t position : positions)
      if (position >= 0 && position < static_cast<int64_t>(function.getNumArguments()))
        inputs.push_back(function.getArgument(position));
    if (order > 0)
      inside.push_back({inputs, order});
  }
  for (Value result : function.getFunctionBody().front().getTerminator()->getOperands())
    visit(result, inside);
}

DerivativePaths costate::findPaths(Operation *derivative, SymbolTableCollection &symbols) {
  PathFinder finder(symbols);
  auto [order, inputs] = orderAndInputs(derivative);
  finder.visit(derivative->getOperand(0), {{SmallVector<Value>(inputs), order}});
  return finder.found;
}

DerivativePaths costate::findPaths(DeriveOp derive, SymbolTableCollection &symbols) {
  PathFinder finder(symbols);
  finder.visitCallee(derive, FlatSymbolRefAttr::get(derive.getSymNameAttr()), {}, {});
  return finder.found;
}
