//===- Derivatives.cpp - jvp, vjp, transpose and gradient of a function -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "CheckpointPlanner.h"
#include "CountLoops.h"
#include "ExprBuilder.h"
#include "Linearize.h"
#include "Prepare.h"
#include "Transpose.h"
#include "costate/Differentiation/Differentiation.h"

using namespace mlir;
using namespace costate;

/// Appends to `body` an argument like each of `values`, and makes it the tangent of the value.
static SmallVector<BlockArgument> addTangentArguments(Block &body, ArrayRef<int64_t> wrt,
                                                      Tangents &tangents) {
  assert(llvm::SmallDenseSet<int64_t>(wrt.begin(), wrt.end()).size() == wrt.size() && "an argument twice");
  SmallVector<BlockArgument> arguments;
  for (int64_t index : wrt) {
    Value primal = body.getArgument(index);
    arguments.push_back(body.addArgument(primal.getType(), primal.getLoc()));
    tangents[primal] = arguments.back();
  }
  return arguments;
}

static func::FuncOp finish(func::FuncOp function) {
  updateType(function);
  simplifyFunction(function);
  return function;
}

FailureOr<func::FuncOp> costate::createJvp(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name) {
  FailureOr<func::FuncOp> jvp = prepare(function, wrt, name);
  if (failed(jvp))
    return failure();
  Block &body = jvp->getBody().front();
  Tangents tangents;
  addTangentArguments(body, wrt, tangents);
  if (failed(linearize(body, tangents))) {
    jvp->erase();
    return failure();
  }
  Operation *terminator = body.getTerminator();
  OpBuilder builder(terminator);
  SmallVector<Value> results(terminator->getOperands());
  for (Value result : terminator->getOperands()) {
    if (!hasTangent(result.getType()))
      continue;
    Value tangent = tangents.lookup(result);
    results.push_back(tangent ? tangent : zeroLike(builder, jvp->getLoc(), result));
  }
  terminator->setOperands(results);
  return finish(*jvp);
}

/// Replaces the tangent ops of `body`, which begin at `sources`, by their transposes, from the cotangents of
/// `targets` (null tangents are skipped). Returns the cotangents of the sources.
static FailureOr<SmallVector<Value>> transposeTangents(Block &body, ArrayRef<BlockArgument> sources,
                                                       ArrayRef<std::pair<Value, Value>> targets) {
  ValueSet active(sources.begin(), sources.end());
  addDependents(body, active);
  if (failed(verifyLinear(body, active)))
    return failure();
  OpBuilder builder(body.getTerminator());
  Cotangents cotangents;
  for (auto [tangent, cotangent] : targets) {
    Value &sum = cotangents[tangent];
    sum = ExprBuilder(builder, tangent.getLoc(), tangent.getType()).accumulate(sum, cotangent);
  }
  if (failed(transpose(body, active, builder, cotangents)))
    return failure();
  SmallVector<Value> results;
  for (BlockArgument source : sources) {
    Value cotangent = cotangents.lookup(source);
    results.push_back(cotangent ? cotangent : ExprBuilder(builder, source.getLoc(), source.getType()).zero());
  }
  return results;
}

/// Erases the arguments that were transposed, of which nothing is left but their cotangents.
static LogicalResult eraseSources(Block &body, ArrayRef<BlockArgument> sources) {
  BitVector erased(body.getNumArguments());
  for (BlockArgument source : sources) {
    if (!source.use_empty())
      return (*source.user_begin())->emitOpError()
             << "asks for a size that is known at run time only, of what "
                "is transposed";
    erased.set(source.getArgNumber());
  }
  body.eraseArguments(erased);
  return success();
}

/// `prepare`, and every loop is one whose iterations are known before it begins, and how much it records.
static FailureOr<func::FuncOp> prepareReverse(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name,
                                              CheckpointPlanner &planner) {
  FailureOr<func::FuncOp> copy = prepare(function, wrt, name);
  if (failed(copy))
    return failure();
  Block &body = copy->getBody().front();
  SmallVector<Value> sources =
      llvm::map_to_vector(wrt, [&](int64_t index) -> Value { return body.getArgument(index); });
  if (failed(countWhileLoops(body, sources)) || failed(planner.annotate(body))) {
    copy->erase();
    return failure();
  }
  return copy;
}

/// Makes a derivative backwards, and again where it records too much.
static FailureOr<func::FuncOp>
createWithinLimit(func::FuncOp function, function_ref<FailureOr<func::FuncOp>(CheckpointPlanner &)> create) {
  CheckpointPlanner planner(function);
  for (;;) {
    FailureOr<func::FuncOp> derivative = create(planner);
    if (failed(derivative))
      return failure();
    planner.measure(*derivative);
    FailureOr<bool> isDone = planner.isDone();
    if (succeeded(isDone) && *isDone)
      return finish(*derivative);
    derivative->erase();
    if (failed(isDone))
      return failure();
  }
}

/// The common part of vjp and gradient: `cotangentOf` gives the cotangent of each differentiable result.
static FailureOr<func::FuncOp> createReverse(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name,
                                             CheckpointPlanner &planner,
                                             function_ref<Value(Block &, Value)> cotangentOf) {
  FailureOr<func::FuncOp> reverse = prepareReverse(function, wrt, name, planner);
  if (failed(reverse))
    return failure();
  Block &body = reverse->getBody().front();
  Operation *terminator = body.getTerminator();
  SmallVector<Value> seeds = llvm::map_to_vector(terminator->getOperands(), [&](Value result) {
    return hasTangent(result.getType()) ? cotangentOf(body, result) : Value();
  });
  Tangents tangents;
  SmallVector<BlockArgument> sources = addTangentArguments(body, wrt, tangents);
  FailureOr<SmallVector<Value>> cotangents = failure();
  if (succeeded(linearize(body, tangents))) {
    SmallVector<std::pair<Value, Value>> targets;
    for (auto [result, seed] : llvm::zip_equal(terminator->getOperands(), seeds))
      if (Value tangent = tangents.lookup(result))
        targets.push_back({tangent, seed});
    cotangents = transposeTangents(body, sources, targets);
  }
  if (failed(cotangents)) {
    reverse->erase();
    return failure();
  }
  SmallVector<Value> results(terminator->getOperands());
  llvm::append_range(results, *cotangents);
  terminator->setOperands(results);
  ValueSet active(sources.begin(), sources.end());
  addDependents(body, active);
  if (failed(eraseActive(body, active)) || failed(eraseSources(body, sources))) {
    reverse->erase();
    return failure();
  }
  return reverse;
}

FailureOr<func::FuncOp> costate::createVjp(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name) {
  return createWithinLimit(function, [&](CheckpointPlanner &planner) {
    return createReverse(function, wrt, name, planner, [](Block &body, Value result) -> Value {
      return body.addArgument(result.getType(), result.getLoc());
    });
  });
}

FailureOr<func::FuncOp> costate::createGradient(func::FuncOp function, ArrayRef<int64_t> wrt,
                                                StringRef name) {
  Type type = function.getNumResults() == 1 ? function.getResultTypes()[0] : Type();
  auto shaped = dyn_cast_or_null<RankedTensorType>(type);
  bool oneElement = shaped && shaped.hasStaticShape() && shaped.getNumElements() == 1;
  if (!type || !hasTangent(type) || (shaped && !oneElement))
    return function.emitOpError() << "has type " << function.getFunctionType()
                                  << ", but a gradient requires one result, a float or a tensor of one";
  return createWithinLimit(function, [&](CheckpointPlanner &planner) {
    return createReverse(function, wrt, name, planner, [](Block &body, Value result) {
      OpBuilder builder(body.getTerminator());
      return ExprBuilder(builder, result.getLoc(), result.getType()).one();
    });
  });
}

static FailureOr<func::FuncOp> createTransposed(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name,
                                                CheckpointPlanner &planner) {
  FailureOr<func::FuncOp> transposed = prepareReverse(function, wrt, name, planner);
  if (failed(transposed))
    return failure();
  Block &body = transposed->getBody().front();
  Operation *terminator = body.getTerminator();
  SmallVector<BlockArgument> sources =
      llvm::map_to_vector(wrt, [&](int64_t index) { return body.getArgument(index); });
  ValueSet active(sources.begin(), sources.end());
  addDependents(body, active);
  SmallVector<std::pair<Value, Value>> targets;
  for (Value result : terminator->getOperands()) {
    if (!hasTangent(result.getType()))
      continue;
    Value cotangent = body.addArgument(result.getType(), result.getLoc());
    if (active.contains(result)) {
      targets.push_back({result, cotangent});
    } else if (!isZeroValue(result)) {
      function.emitOpError() << "returns a value that is not linear in what is transposed";
      transposed->erase();
      return failure();
    }
  }
  FailureOr<SmallVector<Value>> cotangents = transposeTangents(body, sources, targets);
  if (failed(cotangents)) {
    transposed->erase();
    return failure();
  }
  terminator->setOperands(*cotangents);
  if (failed(eraseActive(body, active)) || failed(eraseSources(body, sources))) {
    transposed->erase();
    return failure();
  }
  return transposed;
}

FailureOr<func::FuncOp> costate::createTranspose(func::FuncOp function, ArrayRef<int64_t> wrt,
                                                 StringRef name) {
  return createWithinLimit(
      function, [&](CheckpointPlanner &planner) { return createTransposed(function, wrt, name, planner); });
}
