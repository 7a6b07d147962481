//===- MergeChannels.cpp - One channel for what is used only linearly -------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// u_t + u u_x − ν u_xx needs u, u_x and the one number u_t − ν u_xx: the Taylor coefficients of u_t and u_xx
// are never needed apart. A derivative is *used only linearly* where its one use is a sum, a difference, a
// negation or a product with a constant, whose one use is again such an op. Those of one value that meet in a
// sum become one operator. So do operators of operators.
//
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Dialect/Transforms/Passes.h"

#include "Operators.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"

namespace costate {
#define GEN_PASS_DEF_MERGECHANNELSPASS
#include "costate/Dialect/Transforms/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;

static std::optional<double> constantFactor(Value value) {
  DenseElementsAttr dense;
  if (matchPattern(value, m_Constant(&dense)) && dense.isSplat() && isa<FloatType>(dense.getElementType()))
    return dense.getSplatValue<APFloat>().convertToDouble();
  return std::nullopt;
}

namespace {

/// A sum as its terms: operators with a factor, and the rest with a sign.
class Sum {
public:
  struct Leaf {
    Value value;
    double sign;
  };
  struct Channel {
    OperatorOp op;
    double factor;
  };
  SmallVector<Leaf> leaves;
  SmallVector<Channel> channels;

  void gather(Value value, double sign, bool root) {
    if (root || value.hasOneUse()) {
      if (auto add = value.getDefiningOp<arith::AddFOp>()) {
        gather(add.getLhs(), sign, false);
        gather(add.getRhs(), sign, false);
        return;
      }
      if (auto sub = value.getDefiningOp<arith::SubFOp>()) {
        gather(sub.getLhs(), sign, false);
        gather(sub.getRhs(), -sign, false);
        return;
      }
    }
    double factor = sign;
    if (OperatorOp op = linearUse(value, factor))
      channels.push_back({op, factor});
    else
      leaves.push_back({value, sign});
  }

private:
  /// The operator that `value` is a constant multiple of and that nothing else uses.
  static OperatorOp linearUse(Value value, double &factor) {
    while (value.hasOneUse()) {
      if (auto op = value.getDefiningOp<OperatorOp>())
        return op;
      if (auto negation = value.getDefiningOp<arith::NegFOp>()) {
        factor = -factor;
        value = negation.getOperand();
        continue;
      }
      auto product = value.getDefiningOp<arith::MulFOp>();
      if (!product)
        return {};
      std::optional<double> left = constantFactor(product.getLhs()), right = constantFactor(product.getRhs());
      if (!left && !right)
        return {};
      factor *= left ? *left : *right;
      value = left ? product.getRhs() : product.getLhs();
    }
    return {};
  }
};

/// Whether some other operator on the same value needs every one of these derivatives anyway, on the way to
/// its own.
bool isNeededAnyway(const Operator &terms, Value value, ArrayRef<OperatorOp> except) {
  auto covers = [](const Partial &higher, const Partial &lower) {
    return std::includes(higher.begin(), higher.end(), lower.begin(), lower.end());
  };
  for (auto &[partial, weight] : terms) {
    bool needed = false;
    for (Operation *user : value.getUsers()) {
      auto other = dyn_cast<OperatorOp>(user);
      if (!other || other.getValue() != value || llvm::is_contained(except, other))
        continue;
      for (auto &[wanted, factor] : readOperator(other))
        needed |= covers(wanted, partial);
    }
    if (!needed)
      return false;
  }
  return true;
}

struct MergeChannels : costate::impl::MergeChannelsPassBase<MergeChannels> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      lowerToOperators(function);
      function.walk([](OperatorOp op) { composeWithInner(op); });
      // Roots: sums that are not themselves a term of a sum.
      SmallVector<Operation *> roots;
      function.walk([&](Operation *op) {
        if (!isa<arith::AddFOp, arith::SubFOp>(op))
          return;
        bool inner = op->hasOneUse() && isa<arith::AddFOp, arith::SubFOp>(*op->user_begin());
        if (!inner)
          roots.push_back(op);
      });
      for (Operation *root : roots)
        mergeSum(root);
    }
  }

private:
  /// An operator of an operator is one: Δ Δ u takes fewer channels of u than Δ of the channels of Δ u.
  static void composeWithInner(OperatorOp outer) {
    auto inner = outer.getValue().getDefiningOp<OperatorOp>();
    if (!inner)
      return;
    Operator composed;
    for (auto &[partial, weight] : readOperator(outer))
      for (auto &[further, factor] : readOperator(inner)) {
        Partial both;
        std::merge(partial.begin(), partial.end(), further.begin(), further.end(), std::back_inserter(both));
        composed[both] += weight * factor;
      }
    OpBuilder builder(outer);
    OperatorOp whole = createOperator(builder, outer.getLoc(), inner.getValue(), composed);
    outer.getResult().replaceAllUsesWith(whole.getResult());
    outer.erase();
    eraseDead(inner);
  }

  void mergeSum(Operation *root) {
    Sum sum;
    sum.gather(root->getResult(0), 1.0, /*root=*/true);
    llvm::MapVector<Value, SmallVector<Sum::Channel>> byValue;
    for (Sum::Channel channel : sum.channels)
      byValue[channel.op.getValue()].push_back(channel);
    OpBuilder builder(root);
    SmallVector<Value> merged;
    bool changed = false;
    for (auto &[value, channels] : byValue) {
      Operator terms;
      SmallVector<OperatorOp> ops;
      for (const Sum::Channel &channel : channels) {
        ops.push_back(channel.op);
        for (auto &[partial, weight] : readOperator(channel.op))
          terms[partial] += channel.factor * weight;
      }
      if (channels.size() < 2 || isNeededAnyway(terms, value, ops)) {
        // Left apart, with the factors as they were.
        for (const Sum::Channel &channel : channels)
          merged.push_back(scaled(builder, channel));
        continue;
      }
      changed = true;
      auto op = createOperator(builder, root->getLoc(), value, terms);
      remark::passed(root->getLoc(), remark::RemarkOpts::name("merge").category("jets"))
          << ("one channel for " + Twine(channels.size()) + " derivatives that are used only as their sum")
                 .str();
      merged.push_back(op);
    }
    if (!changed)
      return;
    Value total;
    for (Value value : merged)
      total = total ? Value(arith::AddFOp::create(builder, root->getLoc(), total, value)) : value;
    for (const Sum::Leaf &leaf : sum.leaves)
      total = leaf.sign > 0 ? Value(arith::AddFOp::create(builder, root->getLoc(), total, leaf.value))
                            : Value(arith::SubFOp::create(builder, root->getLoc(), total, leaf.value));
    root->getResult(0).replaceAllUsesWith(total);
    eraseDead(root);
  }

  static Value scaled(OpBuilder &builder, Sum::Channel channel) {
    if (channel.factor == 1.0)
      return channel.op.getResult();
    OperatorOp op = channel.op;
    Operator terms;
    for (auto &[partial, weight] : readOperator(op))
      terms[partial] = channel.factor * weight;
    return createOperator(builder, op.getLoc(), op.getValue(), terms);
  }

  static void eraseDead(Operation *op) {
    if (!isOpTriviallyDead(op))
      return;
    SmallVector<Value> operands(op->getOperands());
    op->erase();
    for (Value operand : operands)
      if (Operation *producer = operand.getDefiningOp())
        eraseDead(producer);
  }
};

} // namespace
