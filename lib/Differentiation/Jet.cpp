//===- Jet.cpp - Demand, placement and channels of jets ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "JetEngine.h"
#include "VerifyTangents.h"

#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace costate;

JetBuilder::JetBuilder(OpBuilder &builder, ArrayRef<JetVariable> variables, SumDirections sumDirections)
    : engine(std::make_unique<JetEngine>(builder, variables, std::move(sumDirections))) {}
JetBuilder::~JetBuilder() = default;

FailureOr<Value> JetBuilder::derivative(Value value, ArrayRef<JetTerm> terms) {
  return engine->derivative(value, terms);
}

JetBuilder::ChannelCount JetBuilder::countChannels() const { return engine->countChannels(); }

JetBuilder::ChannelCount JetEngine::countChannels() const {
  DenseMap<Value, JetBuilder::ChannelCount> counts;
  for (auto &[task, derivative] : memo) {
    if (!derivative || !task.first.getDefiningOp<linalg::ContractOp>())
      continue;
    JetBuilder::ChannelCount &count = counts.insert({task.first, {1, 0}}).first->second;
    const MultiIndex &index = task.second.front().first;
    const JetVariable &variable = variables[firstDirection(index)];
    count.channels += order(index) == 1 ? variable.directions : 1;
    count.sums += task.second.size() > 1 || (order(index) > 1 && variable.direction);
  }
  JetBuilder::ChannelCount most;
  for (auto &[value, count] : counts)
    if (std::pair(count.channels, count.sums) > std::pair(most.channels, most.sums))
      most = count;
  return most;
}

LogicalResult JetEngine::verify() {
  if (verified)
    return success();
  llvm::MapVector<Block *, ValueSet> inputs;
  for (const JetVariable &variable : variables)
    inputs[Value(variable.input).getParentBlock()].insert(variable.input);
  for (auto &[block, active] : inputs)
    if (failed(verifyTangents(*block, active)))
      return failure();
  verified = true;
  return success();
}

FailureOr<Value> JetEngine::derivative(Value value, ArrayRef<JetTerm> terms) {
  if (!hasTangent(value.getType()))
    return Value();
  OpBuilder::InsertionGuard guard(builder);
  // std::map sorts the terms and adds what is there twice.
  std::map<MultiIndex, double> sum;
  double constant = 0.0;
  for (const JetTerm &term : terms) {
    if (llvm::all_of(term.index, [](unsigned exponent) { return exponent == 0; }))
      constant += term.weight;
    else
      sum[term.index] += term.weight;
  }
  Channel channel;
  for (auto &[index, weight] : sum)
    if (weight != 0.0)
      channel.push_back({index, weight});
  if (failed(verify()))
    return failure();
  solve(value, channel);
  if (!unsupported.empty()) {
    llvm::for_each(unsupported, reportNoRule);
    unsupported.clear();
    return failure();
  }
  if (equationFailed)
    return failure();
  beginEmission(value);
  Value result = get(value, channel);
  if (constant != 0.0) {
    ExprBuilder e(builder, value.getLoc(), value.getType());
    result = e.accumulate(result, e.scale(value, constant));
  }
  endEmission();
  // A loop that builds the matrix of an equation takes the solution itself, and its channels take derivatives
  // of the solution, which were written after it.
  for (Block *block : equationBlocks)
    sortTopologically(block);
  return result;
}

//===----------------------------------------------------------------------===//
// Demand
//===----------------------------------------------------------------------===//

double JetEngine::normalize(Value value, Channel &channel) {
  const llvm::SmallBitVector &depends = dependence(value);
  llvm::erase_if(channel, [&](const std::pair<MultiIndex, double> &term) {
    for (auto [i, exponent] : llvm::enumerate(term.first))
      if (exponent > 0 && !depends.test(i))
        return true;
    return false;
  });
  if (channel.empty())
    return 0.0;
  double factor = channel.front().second;
  for (auto &term : channel)
    term.second /= factor;
  return factor;
}

bool JetEngine::need(Value value, const Channel &channel) {
  Channel normal = channel;
  if (normalize(value, normal) == 0.0 || memo.count({value, normal}))
    return true;
  missing.push_back({value, normal});
  return false;
}

Value JetEngine::get(Value value, const Channel &channel) {
  Channel normal = channel;
  double factor = normalize(value, normal);
  if (factor == 0.0)
    return {};
  auto known = memo.find({value, normal});
  if (known == memo.end() || !known->second)
    return {};
  return ExprBuilder(builder, value.getLoc(), value.getType()).scale(known->second, factor);
}

void JetEngine::solve(Value value, const Channel &channel) {
  SmallVector<Task> stack;
  missing.clear();
  need(value, channel);
  stack.append(missing);
  while (!stack.empty()) {
    Task task = stack.back();
    if (memo.count(task)) {
      stack.pop_back();
      continue;
    }
    missing.clear();
    Value result = compute(task.first, task.second);
    if (missing.empty()) {
      memo[task] = result && !isZeroValue(result) ? result : Value();
      stack.pop_back();
    } else {
      stack.append(missing);
    }
  }
}

const llvm::SmallBitVector &JetEngine::dependence(Value value) {
  auto operandsOf = [](Value v) {
    SetVector<Value> operands;
    if (Operation *op = v.getDefiningOp()) {
      operands.insert_range(op->getOperands());
      if (op->getNumRegions() > 0)
        getUsedValuesDefinedAbove(op->getRegions(), operands);
    }
    return operands;
  };
  SmallVector<Value> stack = {value};
  while (!stack.empty()) {
    Value top = stack.back();
    if (dependences.contains(top)) {
      stack.pop_back();
      continue;
    }
    llvm::SmallBitVector depends(variables.size());
    for (auto [i, variable] : llvm::enumerate(variables))
      if (variable.input == top)
        depends.set(i);
    bool complete = true;
    if (depends.none() && hasTangent(top.getType())) {
      for (Value operand : operandsOf(top)) {
        auto known = dependences.find(operand);
        if (known == dependences.end()) {
          complete = false;
          stack.push_back(operand);
        } else if (complete) {
          depends |= known->second;
        }
      }
    }
    if (!complete)
      continue;
    dependences[top] = depends;
    stack.pop_back();
  }
  return dependences[value];
}

//===----------------------------------------------------------------------===//
// Placement
//===----------------------------------------------------------------------===//

void *JetEngine::groupOf(Value value) const {
  Operation *op = value.getDefiningOp();
  if (!op)
    return value.getParentBlock();
  auto generated = groups.find(op);
  return generated == groups.end() ? op : generated->second;
}

void JetEngine::beginEmission(Value value) {
  assert(!openGroup && "emissions do not nest");
  openGroup = groupOf(value);
  openCursor = cursors.lookup(openGroup);
  if (!openCursor && value.getDefiningOp())
    openCursor = static_cast<Operation *>(openGroup);
  if (openCursor)
    builder.setInsertionPointAfter(openCursor);
  else
    builder.setInsertionPointToStart(value.getParentBlock());
}

void JetEngine::endEmission() {
  Block *block = builder.getInsertionBlock();
  Block::iterator end = builder.getInsertionPoint();
  Block::iterator it = openCursor ? std::next(openCursor->getIterator()) : block->begin();
  for (; it != end; ++it) {
    groups[&*it] = openGroup;
    cursors[openGroup] = &*it;
  }
  openGroup = nullptr;
}
