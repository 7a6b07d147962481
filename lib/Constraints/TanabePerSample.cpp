//===- TanabePerSample.cpp - Tanabe's flow with multipliers of every sample -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
//   (J_i J_iᵀ) λ_i = −J_i ∇f_i + g_i          for every sample i
//   d = mean_i (∇f_i + J_iᵀ λ_i),   λ_i constants
//
// Jergensen 2019, eq. 5 (the fully constrained version), after Tanabe 1980. No gradient of a sample is
// formed. With c the values where everything that f and g know of the parameters passes through (the minimum
// cut), K = (∂c/∂θ)(∂c/∂θ)ᵀ, s = ∂f/∂c and S = ∂g/∂c,
//
//   J_i J_iᵀ = S K Sᵀ,   J_i ∇f_i = S K s,   ∇f_i + J_iᵀ λ_i = (∂c/∂θ)ᵀ (s + Sᵀ λ_i)
//
// K is a sum of products of inner products, layer by layer, once contractions are reassociated; the last
// expression reuses the cotangents that K needed. Where there are more constraints than values in the cut, K
// = L Lᵀ and B = S L give λ = B (BᵀB)⁺ (BᵀB)⁺ Bᵀ b, the solution of minimum norm, at a cost linear in the
// number of constraints. With a gain α it is α g_i on the right. Where the decay shall be at least e^(−αt),
// λ_i is μ_i g_i (LeastMultiplier.h), which takes no system: with v = Sᵀ g, ‖J_iᵀ g_i‖² = vᵀ K v and g_iᵀ J_i
// ∇f_i = vᵀ K s.
//
//===------------------------------------------------------------------------------------------------------===//
#include "Cotangents.h"
#include "LeastMultiplier.h"

#include "costate/Differentiation/MinCut.h"
#include "costate/Solvers/MinNormSolve.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate;

namespace {

class TanabePerSample : public Strategy {
public:
  explicit TanabePerSample(TanabeFlow flow) : flow(flow) {}

  LogicalResult check(const Constraint &constraint) const override {
    if (constraint.relation != Relation::equal)
      return emitError(constraint.loc) << "constraint \"" << constraint.name
                                       << "\" is an inequality, but #costate.tanabe takes equalities only; "
                                          "#costate.penalty takes both";
    if (constraint.aggregate)
      return emitError(constraint.loc)
             << "constraint \"" << constraint.name
             << "\" is aggregated over its set, but #costate.tanabe<mode = per_sample> has a "
                "multiplier for every sample; use mode = reduction";
    return success();
  }

  bool changesDirection() const override { return true; }
  bool replacesGradient() const override { return true; }
  LogicalResult declare(const Constraint &constraint, PointwiseBuilder &point) const override;
  LogicalResult atPoint(const Constraint &constraint, PointwiseBuilder &point,
                        PointResults &results) const override;
  void fromTotals(const Constraint &constraint, StepState &state) const override;

private:
  /// The constraints of a set share one system; the first of them builds it.
  static SmallVector<const Constraint *> systemOf(const Constraint &constraint, const Problem &problem) {
    SmallVector<const Constraint *> result;
    for (const Constraint &other : problem.constraints)
      if (other.set == constraint.set && other.strategy == constraint.strategy)
        result.push_back(&other);
    return result;
  }

  TanabeFlow flow;
};

/// λ of one point, and what is reported of its system.
struct PointMultipliers {
  Expression lambda, deficiency, condition;
};

/// (S K Sᵀ) λ = α g − S K s
PointMultipliers decayExactly(const TanabeFlow &flow, PointwiseBuilder &point, DenseAlgebra &dense, Value S,
                              Value kernel, Value s, const Expression &g) {
  OpBuilder &builder = point.getBuilder();
  Location loc = point.getLoc();
  ModuleOp module = point.getModule();
  FloatType element = point.getProblem().element;
  auto type = cast<RankedTensorType>(S.getType());
  int64_t m = type.getDimSize(0), c = type.getDimSize(1);
  Expression right = flow.pull(g) - point.expression(dense.matrixVector(S, dense.matrixVector(kernel, s)));
  func::CallOp solution;
  if (m <= c) {
    Value system = dense.matrixTransposedMatrix(dense.matrixMatrix(S, kernel), S);
    solution = func::CallOp::create(builder, loc, getOrCreateMinNormSolve(module, m, element),
                                    ValueRange{system, right.get()});
  } else {
    auto factor = func::CallOp::create(builder, loc, getOrCreatePSDFactor(module, c, element), kernel);
    Value B = dense.matrixMatrix(S, factor.getResult(0));
    solution = func::CallOp::create(builder, loc, getOrCreateLowRankMinNormSolve(module, m, c, element),
                                    ValueRange{B, right.get()});
  }
  Expression full = point.number(static_cast<double>(std::min(m, c)));
  return {point.expression(solution.getResult(0)), full - point.expression(solution.getResult(1)),
          conditionOf(point.expression(solution.getResult(2)), point.expression(solution.getResult(3)))};
}

/// λ = μ g
PointMultipliers decayAtLeast(const TanabeFlow &flow, PointwiseBuilder &point, DenseAlgebra &dense, Value S,
                              Value kernel, Value s, const Expression &g) {
  Expression v = point.expression(dense.transposedMatrixVector(S, g.get()));
  Expression Kv = point.expression(dense.matrixVector(kernel, v.get()));
  Expression square = g.dot(g), slopeSquare = v.dot(Kv);
  Expression mu = leastMultiplier(flow, square, Kv.dot(point.expression(s)), slopeSquare);
  Expression lacks = withoutSlope(square, slopeSquare);
  return {mu * g, lacks, conditionOfSlope(lacks)};
}

/// The Lagrangian so far by a plain call, through which a cut sees what it has in common with the
/// constraints. It would be inlined with all that it calls, and so lose derivatives that are stated.
Value lagrangianInSight(PointwiseBuilder &point) {
  Value value = point.lagrangianValue();
  auto call = value.getDefiningOp<CallOp>();
  if (!call || !point.getModule().getOps<CustomDerivativeOp>().empty())
    return value;
  auto plain = func::CallOp::create(point.getBuilder(), call.getLoc(), call.getCallee(),
                                    call.getResultTypes(), call.getOperands());
  call.erase();
  return plain.getResult(0);
}

} // namespace

LogicalResult TanabePerSample::declare(const Constraint &constraint, PointwiseBuilder &point) const {
  SmallVector<const Constraint *> system = systemOf(constraint, point.getProblem());
  if (system.front() != &constraint)
    return success();
  // The function (θ, x) → (f, g): the Lagrangian so far, and every constraint of the system.
  point.begin(point.nameFor(constraint, "values"), constraint.loc, /*weighted=*/false);
  SmallVector<Value> values;
  values.push_back(lagrangianInSight(point));
  SmallVector<Value> constraints;
  for (const Constraint *part : system)
    constraints.push_back(constraintAt(*part, point).get());
  values.push_back(constraints.size() == 1
                       ? constraints[0]
                       : Value(tensor::ConcatOp::create(point.getBuilder(), constraint.loc, 0, constraints)));
  func::FuncOp function = point.end(values);

  SmallVector<unsigned> parameters = llvm::to_vector(llvm::seq<unsigned>(0, point.getParameters().size()));
  FailureOr<SplitFunctions> split = splitAtMinCut(function, parameters, point.nameFor(constraint, "head"),
                                                  point.nameFor(constraint, "tail"));
  if (failed(split))
    return failure();
  // One function for each value of the cut, so that a pullback meets no cotangents that are zero.
  SmallVector<Type> cutTypes(split->head.getResultTypes());
  if (cutTypes.empty())
    return success();
  for (auto [i, type] : llvm::enumerate(cutTypes)) {
    const std::string &name = point.nameFor(constraint, "head", i);
    point.begin(name, constraint.loc, /*weighted=*/false);
    ValueRange cut = point.call(split->head.getName(), {}, cutTypes);
    point.end(cut[i]);
    point.derive(pullbackKind(type), name, point.parameterPositions());
  }
  point.derive(TransformKind::jacobian, split->tail.getName(),
               llvm::to_vector(llvm::seq<int64_t>(0, split->head.getNumResults())));
  return success();
}

/// Nothing depends on a parameter: no multiplier acts, and no direction changes anything.
static void addNothing(const Constraint &constraint, ArrayRef<const Constraint *> system, int64_t count,
                       PointwiseBuilder &point, PointResults &results) {
  OpBuilder &builder = point.getBuilder();
  SmallVector<Value> direction;
  for (Type type : point.parameterTypes())
    direction.push_back(arith::ConstantOp::create(builder, point.getLoc(), builder.getZeroAttr(type)));
  results.addDirection(direction);
  Expression zero = point.number(0.0);
  for (const Constraint *part : system)
    results.addScalar(part->name + ".lambda_square", zero.get());
  results.addScalar(constraint.name + ".deficiency",
                    (point.weight() * point.number(static_cast<double>(count))).get());
  Expression infinite = point.number(std::numeric_limits<double>::infinity());
  results.addScalar(constraint.name + ".condition",
                    point.weight().selectLessEqual(zero, zero, infinite).get(), Combine::max);
}

LogicalResult TanabePerSample::atPoint(const Constraint &constraint, PointwiseBuilder &point,
                                       PointResults &results) const {
  SmallVector<const Constraint *> system = systemOf(constraint, point.getProblem());
  if (system.front() != &constraint)
    return success();
  ModuleOp module = point.getModule();
  OpBuilder &builder = point.getBuilder();
  Location loc = point.getLoc();
  DenseAlgebra dense(builder, loc, point.getProblem().element);
  FloatType element = point.getProblem().element;
  auto head = module.lookupSymbol<func::FuncOp>(point.nameFor(constraint, "head"));
  int64_t m = 0;
  for (const Constraint *part : system)
    m += componentCount(*part);

  // The cut, and for its values the cotangents of the parameters.
  SmallVector<Type> cutTypes(head.getResultTypes());
  if (cutTypes.empty()) {
    addNothing(constraint, system, m, point, results);
    return success();
  }
  SmallVector<Value> cut = llvm::to_vector(point.call(head.getName(), {}, cutTypes));
  std::vector<Cotangents> cotangents;
  int64_t c = 0;
  for (auto [i, type] : llvm::enumerate(cutTypes))
    c += appendCotangents(cotangents, type, c, point.nameFor(constraint, "head", i), point);

  // K, symmetric, in blocks.
  size_t groups = cotangents.size();
  SmallVector<Value> products(groups * groups);
  for (size_t k = 0; k != groups; ++k)
    for (size_t l = k; l != groups; ++l) {
      products[k * groups + l] = cotangents[k].products(cotangents[l], dense);
      products[l * groups + k] =
          k == l ? products[k * groups + l] : dense.transpose(products[k * groups + l]);
    }
  Value kernel = dense.matrix(products, groups);

  // f, g, s and S from the tail.
  SmallVector<Value> tailArguments(cut);
  llvm::append_range(tailArguments, point.pointArguments());
  auto vectorType = RankedTensorType::get({m}, element);
  const std::string &tail = point.nameFor(constraint, "tail");
  auto callTail = [&](const std::string &name, TypeRange types) {
    return CallOp::create(builder, loc, types, FlatSymbolRefAttr::get(builder.getContext(), name),
                          tailArguments);
  };
  SmallVector<Type> jacobianTypes;
  for (Type result : {Type(element), Type(vectorType)})
    for (Type type : cutTypes) {
      SmallVector<int64_t> shape;
      for (Type part : {result, type})
        if (auto tensor = dyn_cast<RankedTensorType>(part))
          llvm::append_range(shape, tensor.getShape());
      jacobianTypes.push_back(RankedTensorType::get(shape, element));
    }
  CallOp values = callTail(tail, {element, vectorType});
  SmallVector<Value> jacobians(
      callTail(point.derivativeName(TransformKind::jacobian, tail), jacobianTypes).getResults());
  ArrayRef<Value> blocks(jacobians);
  Value s = dense.reshape(dense.sideBySide(blocks.take_front(cut.size()), 1), {c});
  Value S = dense.sideBySide(blocks.drop_front(cut.size()), m);
  Expression g = point.expression(values.getResult(1));

  PointMultipliers multipliers = flow.atLeast ? decayAtLeast(flow, point, dense, S, kernel, s, g)
                                              : decayExactly(flow, point, dense, S, kernel, s, g);
  Expression lambda = multipliers.lambda;

  // The direction, from cotangents that are there already.
  Expression seed = point.expression(s) + point.expression(dense.transposedMatrixVector(S, lambda.get()));
  seed = point.weight() * seed;
  SmallVector<Value> direction;
  for (size_t p = 0; p != point.getParameters().size(); ++p) {
    std::optional<Expression> sum;
    for (const Cotangents &part : cotangents) {
      Expression term = part.combination(p, seed, dense);
      sum = sum ? *sum + term : term;
    }
    direction.push_back(sum->get());
  }
  results.addDirection(direction);

  // Every constraint has its part of the multipliers; the system is that of all.
  Expression w = point.weight(), zero = point.number(0.0);
  int64_t first = 0;
  for (const Constraint *part : system) {
    int64_t n = componentCount(*part);
    Expression own = point.expression(dense.elements(lambda.get(), first, n));
    results.addScalar(part->name + ".lambda_square", (w * own.dot(own)).get());
    first += n;
  }
  results.addScalar(constraint.name + ".deficiency", (w * multipliers.deficiency).get());
  // A maximum must vanish with the weight.
  results.addScalar(constraint.name + ".condition",
                    w.selectLessEqual(zero, zero, multipliers.condition).get(), Combine::max);
  return success();
}

void TanabePerSample::fromTotals(const Constraint &constraint, StepState &state) const {
  SmallVector<const Constraint *> system = systemOf(constraint, state.problem);
  if (system.front() != &constraint)
    return;
  for (const Constraint *part : system)
    reportMultipliers(*part, state.scalar(part->name + ".lambda_square").squareRoot(),
                      state.scalar(constraint.name + ".deficiency"),
                      state.scalar(constraint.name + ".condition"), state);
}

std::unique_ptr<Strategy> costate::createTanabePerSample(TanabeFlow flow) {
  return std::make_unique<TanabePerSample>(flow);
}
