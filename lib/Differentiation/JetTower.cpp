//===- JetTower.cpp - Channels through functions of one operand -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// The tower φ', φ'', … is made of expressions of the one operand, each the derivative of the one before. They
// grow fast, so it has few floors; the last one is differentiated like any other code.
//
//===------------------------------------------------------------------------------------------------------===//
#include "JetEngine.h"
#include "ProductSum.h"

#include <set>

using namespace mlir;
using namespace costate;

Value JetEngine::differentiateExpression(Value value, Value root) {
  auto &known = expressions[root];
  if (auto it = known.find(value); it != known.end())
    return it->second;
  if (dependence(value).none())
    return {};
  Operation *op = value.getDefiningOp();
  auto rule = cast<DifferentiableOpInterface>(op);
  SmallVector<Value> inner;
  for (auto [i, operand] : llvm::enumerate(op->getOperands()))
    inner.push_back(rule.isDifferentiable(i) ? differentiateExpression(operand, root) : Value());
  ExprBuilder e(builder, value.getLoc(), value.getType());
  Value sum;
  switch (rule.getRuleKind()) {
  case RuleKind::Linear:
    sum = rule.push(builder, inner);
    break;
  case RuleKind::Bilinear: {
    // Equal summands are one product with a factor: (y·y)' = 2·y·y'.
    if (op->getOperand(0) == op->getOperand(1) && inner[0]) {
      sum = e.scale(e.mul(op->getOperand(0), inner[0]), 2.0);
      break;
    }
    if (inner[0])
      sum = e.mul(inner[0], op->getOperand(1));
    if (inner[1])
      sum = e.accumulate(sum, e.mul(op->getOperand(0), inner[1]));
    if (op->getNumOperands() > 2)
      sum = e.accumulate(sum, inner[2]);
    break;
  }
  case RuleKind::Partials:
    for (auto [i, tangent] : llvm::enumerate(inner))
      if (tangent)
        if (Value partial = rule.partial(builder, i); partial && !isZeroValue(partial))
          sum = e.accumulate(sum, e.mul(partial, tangent));
    break;
  case RuleKind::Compose:
    sum = differentiateExpression(rule.compose(builder)[cast<OpResult>(value).getResultNumber()], root);
    break;
  default:
    break;
  }
  if (sum && isZeroValue(sum))
    sum = {};
  return expressions[root][value] = sum;
}

Value JetEngine::derivativeOf(Value value) {
  Unary unary = unaries.lookup(value);
  if (unary.derivativeKnown)
    return unary.derivative;
  beginEmission(value);
  Operation *before = openCursor;
  Value derivative;
  if (value == unary.root) {
    Operation *op = value.getDefiningOp();
    unsigned operand = std::distance(op->operand_begin(), llvm::find(op->getOperands(), unary.operand));
    derivative = cast<DifferentiableOpInterface>(op).partial(builder, operand);
    expressions[value][unary.operand] = ExprBuilder(builder, value.getLoc(), value.getType()).one();
  } else {
    derivative = differentiateExpression(value, unary.root);
  }
  if (derivative && isZeroValue(derivative))
    derivative = {};
  expressions[unary.root][value] = derivative;
  endEmission();
  unaries[value].derivative = derivative;
  unaries[value].derivativeKnown = true;
  // The next floor of the tower, if it was made here: it is a function of the same operand.
  (void)before;
  if (derivative && derivative != unary.operand && !unaries.contains(derivative) &&
      derivative.getDefiningOp() && groups.count(derivative.getDefiningOp()) &&
      dependence(derivative).any() && unary.floor < highestFloor)
    unaries[derivative] = {unary.operand, {}, false, unary.root, unary.floor + 1};
  return derivative;
}

SmallVector<ChainTerm> JetEngine::chainTerms(const Channel &channel) const {
  SmallVector<ChainTerm> terms;
  auto isHigh = [](const auto &term) { return order(term.first) >= 4; };
  using Sum = std::map<MultiIndex, double>;
  auto channelOf = [](const Sum &sum) { return Channel(sum.begin(), sum.end()); };
  // With all e_i: |β| / |α| · C(α,β) x_β · p_{α-β}. What has order three and more is summed by its partner.
  std::map<MultiIndex, Sum> inner, outer;
  std::set<MultiIndex> apart;
  if (llvm::count_if(channel, isHigh) > 1)
    for (auto &[alpha, weight] : llvm::make_filter_range(channel, isHigh))
      for (const MultiIndex &beta : below(alpha)) {
        MultiIndex rest = minus(alpha, beta);
        double factor = weight * binomial(alpha, beta) * order(beta) / order(alpha);
        if (order(beta) >= 3 && order(rest) != 0) {
          inner[rest][beta] += factor;
          apart.insert(beta);
        } else if (order(rest) >= 3 && order(beta) != 0) {
          outer[beta][rest] += factor;
        } else if (order(beta) != 0 && order(rest) != 0) {
          terms.push_back({factor, single(beta), single(rest), order(alpha), summedOver(alpha)});
        }
      }
  bool grouped = inner.size() < apart.size();
  if (grouped) {
    for (auto &[rest, sum] : inner)
      terms.push_back({1.0, channelOf(sum), single(rest), order(rest) + order(sum.begin()->first), Value()});
    for (auto &[beta, sum] : outer)
      terms.push_back({1.0, single(beta), channelOf(sum), order(beta) + order(sum.begin()->first), Value()});
  } else {
    terms.clear();
  }
  for (auto &term : channel)
    if (!grouped || !isHigh(term))
      forEachChainTerm(term.first, [&](double factor, const MultiIndex &inner, const MultiIndex &outer) {
        terms.push_back(
            {term.second * factor, single(inner), single(outer), order(term.first), summedOver(term.first)});
      });
  return terms;
}

Value JetEngine::computeUnary(Value value, const Channel &channel) {
  Value operand = unaries[value].operand;
  Value first = derivativeOf(value);
  if (!first)
    return {};
  bool isTower = unaries.contains(first);
  // Where φ' was not made here, its derivatives are those of its own op.
  Value second;
  bool ready = need(operand, channel);
  SmallVector<ChainTerm> terms = chainTerms(channel);
  for (const ChainTerm &term : terms) {
    bool square = term.order == 2 && isTower;
    if (square) {
      second = derivativeOf(first);
      if (!second)
        continue;
    }
    if (!need(operand, term.inner))
      ready = false;
    else if (get(operand, term.inner))
      ready &= need(square ? operand : first, term.outer);
  }
  if (!ready)
    return {};
  beginEmission(value);
  ExprBuilder e(builder, value.getLoc(), value.getType());
  auto multiply = [&](Value a, Value b) { return e.mul(a, b); };
  ProductSum squares(sumDirections), products(sumDirections);
  products.add(1.0, first, get(operand, channel), true);
  for (const ChainTerm &term : terms) {
    Value left = get(operand, term.inner);
    if (!left)
      continue;
    bool square = term.order == 2 && isTower;
    (square ? squares : products)
        .add(term.weight, left, get(square ? operand : first, term.outer), true, term.direction);
  }
  Value square = second ? squares.emit(builder, e, multiply) : Value();
  products.add(1.0, second, square, true);
  Value sum = products.emit(builder, e, multiply);
  endEmission();
  return sum;
}
