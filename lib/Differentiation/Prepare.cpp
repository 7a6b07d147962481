//===- Prepare.cpp - A copy of a function, ready to be differentiated -------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Prepare.h"
#include "Activity.h"
#include "ExprBuilder.h"
#include "SimplifyLoops.h"
#include "costate/Differentiation/Canonicalizer.h"
#include "costate/Differentiation/Differentiation.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace costate;

static constexpr const char *kBlocksWhy =
    "control flow between blocks, which cannot be differentiated; use scf.if, scf.for and scf.while";

void costate::inlineCalls(ArrayRef<func::CallOp> calls, SmallVectorImpl<Operation *> &chain) {
  for (func::CallOp call : calls) {
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
    // An error where its derivative is needed, as for any op without a rule.
    if (!callee || !callee.getBody().hasOneBlock() || llvm::is_contained(chain, callee.getOperation()))
      continue;
    OpBuilder builder(call);
    IRMapping mapping;
    Block &body = callee.getBody().front();
    mapping.map(body.getArguments(), call.getOperands());
    SmallVector<func::CallOp> inner;
    for (Operation &op : body.without_terminator())
      builder.clone(op, mapping)->walk([&](func::CallOp nested) { inner.push_back(nested); });
    for (auto [result, value] : llvm::zip_equal(call.getResults(), body.getTerminator()->getOperands()))
      result.replaceAllUsesWith(mapping.lookupOrDefault(value));
    call.erase();
    chain.push_back(callee);
    inlineCalls(inner, chain);
    chain.pop_back();
  }
}

/// Calls of functions with one block that are left are recursive; others cannot be inlined.
static LogicalResult checkCalls(func::FuncOp function, ValueRange sources) {
  ValueSet active(sources.begin(), sources.end());
  addDependents(function.getBody().front(), active, Dependence::Differentiable);
  bool failedAny = false;
  function.walk([&](func::CallOp call) {
    auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr());
    if (!callee || callee.isExternal() || !definesActive(*call, active))
      return;
    InFlightDiagnostic error = call.emitOpError() << "calls @" << callee.getName();
    if (callee.getBody().hasOneBlock())
      error << " recursively; recursion cannot be differentiated";
    else
      error << ", which has " << kBlocksWhy;
    error.attachNote(callee.getLoc()) << "@" << callee.getName() << " is defined here";
    failedAny = true;
  });
  return failure(failedAny);
}

static LogicalResult checkArguments(func::FuncOp function, ArrayRef<int64_t> wrt) {
  for (int64_t index : wrt) {
    if (index < 0 || index >= function.getNumArguments())
      return function.emitOpError() << "has " << function.getNumArguments()
                                    << " arguments, so there is none to differentiate by at " << index;
    Type type = function.getArgumentTypes()[index];
    if (!hasTangent(type))
      return function.emitOpError() << "cannot be differentiated by argument " << index << " of type " << type
                                    << "; a float or a tensor of floats is required";
    if (auto shaped = dyn_cast<ShapedType>(type); shaped && !shaped.hasStaticShape())
      return function.emitOpError() << "cannot be differentiated by argument " << index << " of type " << type
                                    << "; a static shape is required";
  }
  return success();
}

FailureOr<func::FuncOp> costate::prepare(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name) {
  if (function.isExternal())
    return function.emitOpError() << "has no body to differentiate";
  if (!function.getBody().hasOneBlock())
    return function.emitOpError() << "has " << kBlocksWhy;
  if (failed(checkArguments(function, wrt)))
    return failure();
  func::FuncOp copy = func::FuncOp::create(function.getLoc(), name, function.getFunctionType());
  copy.setPrivate();
  if (Attribute limit = function->getAttr(kMemoryLimitAttr)) // of its derivatives, too
    copy->setAttr(kMemoryLimitAttr, limit);
  OpBuilder builder(function->getContext());
  builder.setInsertionPointAfter(function);
  builder.insert(copy);
  IRMapping mapping;
  function.getBody().cloneInto(&copy.getBody(), mapping);
  SmallVector<func::CallOp> calls;
  copy.walk([&](func::CallOp call) { calls.push_back(call); });
  SmallVector<Operation *> chain = {function};
  inlineCalls(calls, chain);
  auto sources = llvm::map_to_vector(wrt, [&](int64_t i) -> Value { return copy.getArgument(i); });
  if (failed(normalize(copy, sources)) || failed(checkCalls(copy, sources))) {
    copy.erase();
    return failure();
  }
  hoistLoopInvariants(copy);
  simplifyFunction(copy);
  return copy;
}

void costate::updateType(func::FuncOp function) {
  Block &body = function.getBody().front();
  function.setFunctionType(FunctionType::get(function.getContext(), body.getArgumentTypes(),
                                             body.getTerminator()->getOperandTypes()));
}

void costate::simplifyFunction(func::FuncOp function) {
  IRRewriter rewriter(function.getContext());
  // Folding needs no patterns; those of the conditional merge two of the same condition, and those of the
  // loop remove what does not change.
  RewritePatternSet patterns(function.getContext());
  scf::IfOp::getCanonicalizationPatterns(patterns, function.getContext());
  scf::ForOp::getCanonicalizationPatterns(patterns, function.getContext());
  GreedyRewriteConfig config;
  config.enableConstantCSE(false).setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled);
  (void)eraseUnreachableBlocks(rewriter, function->getRegions());
  (void)runRegionDCE(rewriter, function->getRegions());
  dropDeadCarriedValues(function);
  (void)applyPatternsGreedily(function, FrozenRewritePatternSet(std::move(patterns), unsoundPatterns()),
                              config);
  do {
    DominanceInfo dominance(function);
    eliminateCommonSubExpressions(rewriter, dominance, function);
  } while (mergeEqualCarriedValues(function));
  dropDeadCarriedValues(function);
  (void)runRegionDCE(rewriter, function->getRegions());
}
