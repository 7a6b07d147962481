//===- HigherOrder.cpp - Jacobian, Hessian and jet of a function ------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ApplySeeds.h"
#include "ExprBuilder.h"
#include "Prepare.h"
#include "costate/Differentiation/Differentiation.h"
#include "costate/Differentiation/Jet.h"

#include "mlir/Interfaces/LoopLikeInterface.h"

#include <numeric>

using namespace mlir;
using namespace costate;

/// The plan that takes the fewest seeds, or `dense` where colours save less than half of what that costs: a
/// group has to be taken apart again. A seed backwards counts as one and a half forwards.
static SeedPlan choosePlan(SeedPlan dense, const SparsityPattern &pattern, int64_t columns,
                           bool backwardsToo) {
  auto cost = [](const SeedPlan &plan) { return plan.groups.count * (plan.forwards ? 2 : 3); };
  SparsityPattern byColumn = transposed(pattern, columns);
  SeedPlan best{/*forwards=*/true, groupRows(byColumn), std::move(byColumn)};
  if (backwardsToo)
    if (SeedPlan rows{/*forwards=*/false, groupRows(pattern), pattern}; cost(rows) < cost(best))
      best = std::move(rows);
  return 2 * cost(best) <= cost(dense) ? best : dense;
}

/// The pattern of `linear`: (x, seeds) -> (…, derivatives), if the matrix is large enough to look for one.
static std::optional<SparsityPattern> patternOf(func::FuncOp linear, int64_t seeds, unsigned unused,
                                                int64_t rows, int64_t columns) {
  constexpr int64_t fewest = 4;
  if (std::min(rows, columns) < fewest)
    return std::nullopt;
  Block &body = linear.getBody().front();
  return findPattern(body, ValueRange(body.getArguments()).take_back(seeds),
                     body.getTerminator()->getOperands().drop_front(unused));
}

static int64_t totalSize(ArrayRef<Type> types) {
  int64_t size = 0;
  for (Type type : types)
    size += sizeOf(type);
  return size;
}

static void describe(SeedCount *count, const SeedPlan &plan, int64_t rows, int64_t columns) {
  if (count)
    *count = {plan.groups.count, plan.forwards, rows, columns};
}

/// The vjp, or none without a word where there is no rule to transpose an op.
static FailureOr<func::FuncOp> tryVjp(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name) {
  ScopedDiagnosticHandler quiet(function.getContext(), [](Diagnostic &) { return success(); });
  return createVjp(function, wrt, name);
}

/// Derivatives of the results by the arguments `wrt` have to fit into tensors of known shape.
static LogicalResult checkShapes(func::FuncOp function, ArrayRef<int64_t> wrt) {
  SmallVector<Type> types(function.getResultTypes());
  for (int64_t index : wrt)
    if (index >= 0 && index < function.getNumArguments())
      types.push_back(function.getArgumentTypes()[index]);
  for (Type type : types)
    if (auto shaped = dyn_cast<ShapedType>(type);
        shaped && hasTangent(type) && (!isa<RankedTensorType>(type) || !shaped.hasStaticShape()))
      return function.emitOpError()
             << "has a Jacobian or Hessian only where results and arguments are scalars "
                "and tensors of static shape, but one is of type "
             << type;
  return success();
}

FailureOr<func::FuncOp> costate::createJacobian(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name,
                                                BatchFunction batch, SeedCount *count) {
  if (failed(checkShapes(function, wrt)))
    return failure();
  FailureOr<func::FuncOp> jvp = createJvp(function, wrt, name);
  if (failed(jvp))
    return failure();
  unsigned results = function.getNumResults();
  ArrayRef<Type> tangents = jvp->getResultTypes().drop_front(results);
  int64_t rows = totalSize(tangents), columns = totalSize(jvp->getArgumentTypes().take_back(wrt.size()));
  // One column for each component that goes in, or one row for each that comes out.
  SeedPlan dense{/*forwards=*/columns <= rows, Grouping::singles(std::min(columns, rows)), {}};
  std::optional<SparsityPattern> pattern = patternOf(*jvp, wrt.size(), results, rows, columns);
  SeedPlan plan = pattern ? choosePlan(dense, *pattern, columns, /*backwardsToo=*/true) : dense;
  if (!plan.forwards) {
    FailureOr<func::FuncOp> vjp =
        dense.forwards ? tryVjp(function, wrt, name) : createVjp(function, wrt, name);
    if (succeeded(vjp) || !dense.forwards)
      jvp->erase();
    if (succeeded(vjp)) {
      describe(count, plan, rows, columns);
      return applySeeds(*vjp, tangents.size(), results, plan, name, batch);
    }
    if (!dense.forwards)
      return failure();
    plan = choosePlan(dense, *pattern, columns, /*backwardsToo=*/false);
  }
  describe(count, plan, rows, columns);
  return applySeeds(*jvp, wrt.size(), results, plan, name, batch);
}

/// The jvp of the gradient: (x, tangents) -> (y, gradients, tangent of y, products with the Hessian).
static FailureOr<func::FuncOp> createForwardOverReverse(func::FuncOp function, ArrayRef<int64_t> wrt,
                                                        StringRef name) {
  FailureOr<func::FuncOp> gradient = createGradient(function, wrt, name);
  if (failed(gradient))
    return failure();
  FailureOr<func::FuncOp> jvp = createJvp(*gradient, wrt, name);
  gradient->erase();
  return jvp;
}

FailureOr<func::FuncOp> costate::createHessian(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name,
                                               BatchFunction batch, SeedCount *count) {
  if (failed(checkShapes(function, wrt)))
    return failure();
  FailureOr<func::FuncOp> linear = createForwardOverReverse(function, wrt, name);
  if (failed(linear))
    return failure();
  unsigned unused = wrt.size() + 2;
  int64_t size = totalSize(linear->getArgumentTypes().take_back(wrt.size()));
  SeedPlan plan{/*forwards=*/true, Grouping::singles(size), {}};
  if (auto pattern = patternOf(*linear, wrt.size(), unused, size, size))
    plan = choosePlan(plan, *pattern, size, /*backwardsToo=*/false);
  describe(count, plan, size, size);
  return applySeeds(*linear, wrt.size(), unused, plan, name, batch);
}

FailureOr<func::FuncOp> costate::createHvp(func::FuncOp function, ArrayRef<int64_t> wrt, StringRef name) {
  FailureOr<func::FuncOp> linear = createForwardOverReverse(function, wrt, name);
  if (failed(linear))
    return failure();
  Operation *terminator = linear->getBody().front().getTerminator();
  terminator->setOperands(SmallVector<Value>(terminator->getOperands().drop_front(wrt.size() + 2)));
  updateType(*linear);
  simplifyFunction(*linear);
  return linear;
}

FailureOr<func::FuncOp> costate::createJet(func::FuncOp function, ArrayRef<ArgumentComponent> variables,
                                           ArrayRef<SmallVector<unsigned>> indices,
                                           ArrayRef<SmallVector<double>> weights, StringRef name) {
  SmallVector<int64_t> wrt =
      llvm::map_to_vector(variables, [](const ArgumentComponent &variable) { return variable.argument; });
  FailureOr<func::FuncOp> jet = prepare(function, wrt, name);
  if (failed(jet))
    return failure();
  Block &body = jet->getBody().front();
  Operation *terminator = body.getTerminator();
  OpBuilder builder(terminator);
  SmallVector<JetVariable> inputs = llvm::map_to_vector(variables, [&](const ArgumentComponent &variable) {
    return JetVariable{body.getArgument(variable.argument), variable.component};
  });
  SmallVector<SmallVector<JetTerm>> sums;
  if (weights.empty())
    for (const SmallVector<unsigned> &index : indices)
      sums.push_back({JetTerm{index, 1.0}});
  for (const SmallVector<double> &row : weights) {
    sums.emplace_back();
    for (auto [index, weight] : llvm::zip_equal(indices, row))
      sums.back().push_back({index, weight});
  }
  // The highest order first: a loop that carries it carries what is below.
  auto order = [](ArrayRef<JetTerm> sum) {
    unsigned highest = 0;
    for (const JetTerm &term : sum)
      highest = std::max(highest, std::accumulate(term.index.begin(), term.index.end(), 0u));
    return highest;
  };
  auto positions = llvm::to_vector(llvm::seq<size_t>(0, sums.size()));
  bool hasLoops = jet->walk([](LoopLikeOpInterface) { return WalkResult::interrupt(); }).wasInterrupted();
  llvm::sort(positions, [&](size_t a, size_t b) {
    unsigned orderOfA = hasLoops ? order(sums[a]) : 0, orderOfB = hasLoops ? order(sums[b]) : 0;
    return std::make_pair(orderOfB, a) < std::make_pair(orderOfA, b);
  });
  JetBuilder jets(builder, inputs);
  SmallVector<Value> results;
  bool failed = false;
  for (Value result : terminator->getOperands()) {
    if (!hasTangent(result.getType()))
      continue;
    size_t first = results.size();
    results.resize(first + sums.size());
    for (size_t position : positions) {
      FailureOr<Value> derivative = jets.derivative(result, sums[position]);
      if (mlir::failed(derivative)) {
        failed = true;
        break; // the other indices lack the same rules
      }
      results[first + position] = *derivative ? *derivative : zeroLike(builder, jet->getLoc(), result);
    }
  }
  if (failed) {
    jet->erase();
    return failure();
  }
  terminator->setOperands(results);
  updateType(*jet);
  simplifyFunction(*jet);
  return jet;
}
