//===- JetRules.cpp - Channels through ops, by the kind of their rules ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "ImplicitFunction.h"
#include "JetEngine.h"
#include "ProductSum.h"
#include "costate/Differentiation/CustomDerivative.h"

using namespace mlir;
using namespace costate;

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

Value JetEngine::compute(Value value, const Channel &channel) {
  if (llvm::any_of(variables, [&](const JetVariable &variable) { return variable.input == value; }))
    return computeVariable(value, channel);
  if (auto known = derivativeArguments.find(value); known != derivativeArguments.end()) {
    auto [primal, index] = known->second;
    Channel whole = channel;
    for (auto &term : whole)
      for (auto [exponent, further] : llvm::zip_equal(term.first, index))
        exponent += further;
    if (!need(primal, whole))
      return {};
    beginEmission(value);
    Value derivative = get(primal, whole);
    endEmission();
    return derivative;
  }
  Operation *op = value.getDefiningOp();
  auto isHigh = [](const auto &term) { return order(term.first) > highestFloor; };
  if (auto division = dyn_cast_or_null<arith::DivFOp>(op); division && llvm::any_of(channel, isHigh))
    return computeDivision(division, channel);
  if (unaries.contains(value))
    return computeUnary(value, channel);
  if (!op) {
    // An argument of an inner block: the op that holds it has no rule for its regions.
    unsupported.insert(value.getParentBlock()->getParentOp());
    return {};
  }
  if (auto conditional = dyn_cast<scf::IfOp>(op))
    return computeConditional(conditional, cast<OpResult>(value).getResultNumber(), channel);
  if (auto loop = dyn_cast<scf::ForOp>(op))
    return computeFor(loop, cast<OpResult>(value).getResultNumber(), channel);
  if (auto loop = dyn_cast<scf::WhileOp>(op))
    return computeWhile(loop, cast<OpResult>(value).getResultNumber(), channel);
  if (isa<ImplicitFunctionInterface, CustomDerivativeInterface>(op))
    return computeByTangent(value, channel);
  auto rule = dyn_cast<DifferentiableOpInterface>(op);
  switch (rule ? rule.getRuleKind() : RuleKind::None) {
  case RuleKind::None:
    unsupported.insert(op);
    // Go on below it, so that every op without a rule is named at once.
    for (Value operand : op->getOperands())
      need(operand, channel);
    return {};
  case RuleKind::Zero:
    return {};
  case RuleKind::Linear:
    return computeLinear(rule, channel);
  case RuleKind::Bilinear:
    return computeBilinear(rule, channel);
  case RuleKind::Solve:
    return computeSolve(rule, channel);
  case RuleKind::Partials:
    return computePartials(rule, channel);
  case RuleKind::Compose: {
    SmallVector<Value> &values = compositions[op];
    if (values.empty()) {
      beginEmission(value);
      values = rule.compose(builder);
      endEmission();
    }
    Value composed = compositions[op][cast<OpResult>(value).getResultNumber()];
    if (!need(composed, channel))
      return {};
    beginEmission(value);
    Value result = get(composed, channel);
    endEmission();
    return result;
  }
  }
  return {};
}

Value JetEngine::computeVariable(Value value, const Channel &channel) {
  const MultiIndex &index = channel.front().first;
  if (Value direction = summedOver(index); direction && order(index) == 1)
    return direction;
  auto shaped = dyn_cast<ShapedType>(value.getType());
  SmallVector<double> seed(shaped ? shaped.getNumElements() : 1, 0.0);
  for (auto &[index, weight] : channel)
    if (order(index) == 1)
      seed[variables[firstDirection(index)].component] += weight;
  if (llvm::all_of(seed, [](double x) { return x == 0.0; }))
    return {};
  beginEmission(value);
  TypedAttr attribute = builder.getFloatAttr(getElementTypeOrSelf(value.getType()), seed.front());
  if (shaped) {
    SmallVector<Attribute> elements = llvm::map_to_vector(
        seed, [&](double x) -> Attribute { return builder.getFloatAttr(shaped.getElementType(), x); });
    attribute = DenseElementsAttr::get(shaped, elements);
  }
  Value constant = arith::ConstantOp::create(builder, value.getLoc(), attribute);
  endEmission();
  return constant;
}

Value JetEngine::computeLinear(DifferentiableOpInterface op, const Channel &channel) {
  bool ready = true;
  for (auto [i, operand] : llvm::enumerate(op->getOperands()))
    if (op.isDifferentiable(i))
      ready &= need(operand, channel);
  if (!ready)
    return {};
  beginEmission(op->getResult(0));
  SmallVector<Value> derivatives;
  for (auto [i, operand] : llvm::enumerate(op->getOperands()))
    derivatives.push_back(op.isDifferentiable(i) ? get(operand, channel) : Value());
  Value result = op.push(builder, derivatives);
  endEmission();
  return result;
}

Value JetEngine::computeBilinear(DifferentiableOpInterface op, const Channel &channel) {
  Value lhs = op->getOperand(0), rhs = op->getOperand(1);
  bool ready = true;
  for (Value operand : op->getOperands())
    ready &= need(operand, channel);
  // The second factor is needed only where the first is not zero.
  for (auto &[alpha, weight] : channel)
    for (MultiIndex &beta : below(alpha)) {
      unsigned inner = order(beta);
      if (inner == 0 || inner == order(alpha))
        continue;
      if (!need(lhs, single(beta)))
        ready = false;
      else if (get(lhs, single(beta)))
        ready &= need(rhs, single(minus(alpha, beta)));
    }
  if (!ready)
    return {};
  beginEmission(op->getResult(0));
  ExprBuilder e(builder, op.getLoc(), op->getResult(0).getType());
  bool commutes = op->hasTrait<OpTrait::IsCommutative>();
  ProductSum products(sumDirections);
  products.add(1.0, get(lhs, channel), rhs, commutes);
  products.add(1.0, lhs, get(rhs, channel), commutes);
  for (auto &[alpha, weight] : channel)
    for (MultiIndex &beta : below(alpha)) {
      unsigned inner = order(beta);
      if (inner == 0 || inner == order(alpha))
        continue;
      if (Value left = get(lhs, single(beta)))
        products.add(weight * binomial(alpha, beta), left, get(rhs, single(minus(alpha, beta))), commutes,
                     summedOver(alpha));
    }
  Value result = products.emit(builder, e, [&](Value a, Value b) { return op.multiply(builder, a, b); });
  if (op->getNumOperands() > 2)
    result = e.accumulate(result, get(op->getOperand(2), channel));
  endEmission();
  return result;
}

Value JetEngine::computeQuotient(const Quotient &quotient, const Channel &channel) {
  auto [divisor, dividend, y] = std::tie(quotient.divisor, quotient.dividend, quotient.result);
  bool ready = need(divisor, channel) && need(dividend, channel);
  for (auto &[alpha, weight] : channel)
    for (MultiIndex &beta : below(alpha)) {
      if (order(beta) == 0 || order(beta) == order(alpha))
        continue;
      if (!need(divisor, single(beta)))
        ready = false;
      else if (get(divisor, single(beta)))
        ready &= need(y, single(minus(alpha, beta)));
    }
  if (!ready)
    return {};
  beginEmission(y);
  ExprBuilder e(builder, y.getLoc(), dividend.getType());
  ProductSum products(sumDirections);
  products.add(1.0, get(divisor, channel), y, quotient.commutes);
  for (auto &[alpha, weight] : channel)
    for (MultiIndex &beta : below(alpha))
      if (order(beta) != 0 && order(beta) != order(alpha))
        if (Value left = get(divisor, single(beta)))
          products.add(weight * binomial(alpha, beta), left, get(y, single(minus(alpha, beta))),
                       quotient.commutes, summedOver(alpha));
  Value sum = products.emit(builder, e, quotient.multiply);
  sum = e.accumulate(get(dividend, channel), sum ? e.neg(sum) : Value());
  Value result = sum ? quotient.divide(sum) : Value();
  endEmission();
  return result;
}

Value JetEngine::computeSolve(DifferentiableOpInterface op, const Channel &channel) {
  return computeQuotient({op->getOperand(0), op->getOperand(1), op->getResult(0), /*commutes=*/false,
                          [&](Value a, Value b) { return op.multiply(builder, a, b); },
                          [&](Value rhs) { return op.push(builder, {Value(), rhs}); }},
                         channel);
}

Value JetEngine::computeDivision(arith::DivFOp op, const Channel &channel) {
  ExprBuilder e(builder, op.getLoc(), op.getType());
  return computeQuotient({op.getRhs(), op.getLhs(), op.getResult(), /*commutes=*/true,
                          [&](Value a, Value b) { return e.mul(a, b); },
                          [&](Value dividend) { return e.div(dividend, op.getRhs()); }},
                         channel);
}

/// The tangent of `y`, a result of an equation or of a call whose derivative is stated; null if zero.
static FailureOr<Value> linearizeResult(OpBuilder &builder, Value y, const Tangents &tangents) {
  Operation *op = y.getDefiningOp();
  if (auto implicit = dyn_cast<ImplicitFunctionInterface>(op))
    return linearizeImplicit(builder, implicit, tangents);
  auto operands =
      llvm::map_to_vector(op->getOperands(), [&](Value operand) { return tangents.lookup(operand); });
  FailureOr<SmallVector<Value>> results = cast<CustomDerivativeInterface>(op).linearize(builder, operands);
  if (failed(results))
    return failure();
  return (*results)[cast<OpResult>(y).getResultNumber()];
}

/// A first derivative is made of ops with rules and takes y itself; so a higher one is a derivative of it.
Value JetEngine::computeByTangent(Value y, const Channel &channel) {
  Operation *op = y.getDefiningOp();
  Channel first, higher;
  for (auto &term : channel)
    (order(term.first) == 1 ? first : higher).push_back(term);
  if (higher.empty()) {
    auto implicit = dyn_cast<ImplicitFunctionInterface>(op);
    SmallVector<Value> sources = implicit ? sourcesOf(implicit) : SmallVector<Value>(op->getOperands());
    bool ready = true;
    for (Value source : sources)
      ready &= need(source, first);
    if (!ready)
      return {};
    beginEmission(y);
    Tangents tangents;
    for (Value source : sources)
      if (Value tangent = get(source, first))
        tangents[source] = tangent;
    FailureOr<Value> result = Value();
    if (!tangents.empty())
      result = linearizeResult(builder, y, tangents);
    endEmission();
    equationFailed |= failed(result);
    equationBlocks.insert(y.getParentBlock());
    return succeeded(result) ? *result : Value();
  }
  auto split = [&](const MultiIndex &alpha) {
    MultiIndex direction(alpha.size(), 0);
    direction[firstDirection(alpha)] = 1;
    return std::make_pair(single(direction), single(minus(alpha, direction)));
  };
  bool ready = first.empty() || need(y, first);
  for (auto &[alpha, weight] : higher) {
    auto [inner, outer] = split(alpha);
    if (!need(y, inner))
      ready = false;
    else if (Value derivative = get(y, inner))
      ready &= need(derivative, outer);
  }
  if (!ready)
    return {};
  beginEmission(y);
  ExprBuilder e(builder, op->getLoc(), y.getType());
  Value sum = first.empty() ? Value() : get(y, first);
  for (auto &[alpha, weight] : higher) {
    auto [inner, outer] = split(alpha);
    if (Value derivative = get(y, inner))
      if (Value next = get(derivative, outer))
        sum = e.accumulate(sum, e.scale(next, weight));
  }
  endEmission();
  return sum;
}

Value JetEngine::partialOf(DifferentiableOpInterface op, unsigned operand) {
  auto [it, inserted] = partials.try_emplace({op, operand});
  if (inserted) {
    beginEmission(op->getResult(0));
    Value partial = op.partial(builder, operand);
    endEmission();
    partials[{op, operand}] = partial && !isZeroValue(partial) ? partial : Value();
  }
  return partials[{op, operand}];
}

Value JetEngine::computePartials(DifferentiableOpInterface op, const Channel &channel) {
  SmallVector<unsigned> active;
  for (auto [i, operand] : llvm::enumerate(op->getOperands()))
    if (op.isDifferentiable(i) && dependence(operand).any())
      active.push_back(i);
  Value result = op->getResult(0);
  // The tower is for one variable operand, in one place.
  if (active.size() == 1 && llvm::count(op->getOperands(), op->getOperand(active.front())) == 1) {
    unaries[result] = {op->getOperand(active.front()), {}, false, result};
    return computeUnary(result, channel);
  }
  bool ready = true;
  for (unsigned i : active) {
    Value operand = op->getOperand(i), partial = partialOf(op, i);
    if (!partial)
      continue;
    ready &= need(operand, channel);
    for (auto &[alpha, weight] : channel)
      forEachChainTerm(alpha, [&](double, const MultiIndex &inner, const MultiIndex &outer) {
        if (!need(operand, single(inner)))
          ready = false;
        else if (get(operand, single(inner)))
          ready &= need(partial, single(outer));
      });
  }
  if (!ready)
    return {};
  beginEmission(result);
  ExprBuilder e(builder, op.getLoc(), result.getType());
  ProductSum products(sumDirections);
  for (unsigned i : active) {
    Value operand = op->getOperand(i), partial = partialOf(op, i);
    if (!partial)
      continue;
    products.add(1.0, partial, get(operand, channel), true);
    for (auto &[alpha, weight] : channel)
      forEachChainTerm(alpha, [&, alpha = alpha, weight = weight](double factor, const MultiIndex &inner,
                                                                  const MultiIndex &outer) {
        if (Value left = get(operand, single(inner)))
          products.add(weight * factor, left, get(partial, single(outer)), true, summedOver(alpha));
      });
  }
  Value sum = products.emit(builder, e, [&](Value a, Value b) { return e.mul(a, b); });
  endEmission();
  return sum;
}

//===----------------------------------------------------------------------===//
// Conditionals
//===----------------------------------------------------------------------===//

/// A conditional of its own yields the derivative, from branches that compute the primal again.
Value JetEngine::computeConditional(scf::IfOp op, unsigned result, const Channel &channel) {
  scf::IfOp &clone = conditionals[{op.getResult(result), channel}];
  if (!clone) {
    beginEmission(op.getResult(result));
    clone =
        scf::IfOp::create(builder, op.getLoc(), TypeRange{op.getResult(result).getType()}, op.getCondition(),
                          /*addThenBlock=*/false, /*addElseBlock=*/false);
    for (auto [source, target] : llvm::zip_equal(op->getRegions(), clone->getRegions())) {
      IRMapping mapping;
      source.cloneInto(&target, mapping);
      Operation *yield = target.front().getTerminator();
      Value kept = yield->getOperand(result);
      yield->setOperands(kept);
    }
    endEmission();
  }
  bool ready = true;
  for (Region &region : clone->getRegions())
    ready &= need(region.front().getTerminator()->getOperand(0), channel);
  if (!ready)
    return {};
  bool any = false;
  for (Region &region : clone->getRegions()) {
    Operation *yield = region.front().getTerminator();
    builder.setInsertionPoint(yield);
    Value derivative = get(yield->getOperand(0), channel);
    any |= derivative != nullptr;
    if (!derivative)
      derivative = zeroLike(builder, op.getLoc(), yield->getOperand(0));
    yield->setOperand(0, derivative);
  }
  return any ? clone.getResult(0) : Value();
}
