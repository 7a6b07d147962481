//===- EinsumMatcher.cpp - Tensor code read as sums of products -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "EinsumMatcher.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate::einsum;

static RankedTensorType floatTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.hasStaticShape() && isa<FloatType>(tensor.getElementType()) ? tensor
                                                                                      : RankedTensorType();
}

/// The constant that fills `value`, a float or a tensor.
static std::optional<double> splatConstant(Value value) {
  Attribute attribute;
  if (!matchPattern(value, m_Constant(&attribute)))
    return std::nullopt;
  if (auto dense = dyn_cast<DenseElementsAttr>(attribute); dense && dense.isSplat())
    attribute = dense.getSplatValue<Attribute>();
  auto number = dyn_cast<FloatAttr>(attribute);
  if (!number || !number.getValue().isFinite())
    return std::nullopt;
  return number.getValueAsDouble();
}

namespace {
enum class Body { None, Copy, Sum, Product, ProductSum };
} // namespace

/// What the body of a structured op computes from its one or two inputs `a`, `b` and its output `o`: a, o +
/// a, a·b or o + a·b.
static Body classifyBody(linalg::LinalgOp op) {
  Block &body = op->getRegion(0).front();
  unsigned inputs = op.getNumDpsInputs();
  if (op.getNumDpsInits() != 1 || inputs < 1 || inputs > 2 || body.getNumArguments() != inputs + 1)
    return Body::None;
  Value value = body.getTerminator()->getOperand(0);
  Value out = body.getArgument(inputs);
  bool sums = false;
  if (auto sum = value.getDefiningOp<arith::AddFOp>(); sum && (sum.getLhs() == out || sum.getRhs() == out)) {
    value = sum.getLhs() == out ? sum.getRhs() : sum.getLhs();
    sums = true;
  }
  if (inputs == 1)
    return value != body.getArgument(0) ? Body::None : sums ? Body::Sum : Body::Copy;
  auto product = value.getDefiningOp<arith::MulFOp>();
  Value a = body.getArgument(0), b = body.getArgument(1);
  if (!product ||
      !((product.getLhs() == a && product.getRhs() == b) || (product.getLhs() == b && product.getRhs() == a)))
    return Body::None;
  return sums ? Body::ProductSum : Body::Product;
}

static Body structuredBody(linalg::LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1 || op->getNumResults() != 1)
    return Body::None;
  auto result = floatTensor(op->getResult(0).getType());
  if (!result)
    return Body::None;
  for (OpOperand &operand : op->getOpOperands()) {
    auto tensor = floatTensor(operand.get().getType());
    if (!tensor || tensor.getElementType() != result.getElementType() ||
        !op.getMatchingIndexingMap(&operand).isProjectedPermutation())
      return Body::None;
  }
  Body body = classifyBody(op);
  // Without a sum, every loop writes an element of its own.
  if ((body == Body::Copy || body == Body::Product) && op.getNumReductionLoops() != 0)
    return Body::None;
  return body;
}

std::optional<int64_t> costate::einsum::costOf(Operation *op) {
  if (op->getNumResults() != 1)
    return std::nullopt;
  auto type = floatTensor(op->getResult(0).getType());
  if (!type)
    return std::nullopt;
  if (isa<arith::AddFOp, arith::SubFOp, arith::MulFOp, arith::NegFOp>(op))
    return boundedProduct(type.getShape());
  if (isa<tensor::SplatOp>(op) || (isa<arith::ConstantOp>(op) && splatConstant(op->getResult(0))))
    return 0;
  if (auto elements = dyn_cast<tensor::FromElementsOp>(op))
    return type.getRank() == 0 ? std::optional<int64_t>(0) : std::nullopt;
  if (auto fill = dyn_cast<linalg::FillOp>(op))
    return isa<FloatType>(fill.getInputs()[0].getType()) ? std::optional<int64_t>(0) : std::nullopt;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  if (!linalgOp)
    return std::nullopt;
  switch (structuredBody(linalgOp)) {
  case Body::None:
    return std::nullopt;
  case Body::Copy:
    return 0;
  case Body::Sum:
  case Body::Product:
  case Body::ProductSum:
    return boundedProduct(linalgOp.getStaticLoopRanges());
  }
  llvm_unreachable("unknown body");
}

std::optional<int64_t> KnownCosts::of(Operation *op) {
  auto [it, isNew] = costs.try_emplace(op);
  if (isNew)
    it->second = costOf(op);
  return it->second;
}

bool KnownCosts::isAbsorbed(Value value) {
  if (auto it = absorbed.find(value); it != absorbed.end())
    return it->second;
  Block *block = value.getParentBlock();
  bool result = llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (user->getBlock() != block)
      return false;
    std::optional<int64_t> cost = of(user);
    if (!cost)
      return false;
    if (*cost > 0)
      return true;
    // What renames dimensions is read through with its user.
    Value renamed = user->getResult(0);
    return value.hasOneUse() && renamed.hasOneUse() && isAbsorbed(renamed);
  });
  return absorbed[value] = result;
}

/// The index of each dimension of an operand.
static SmallVector<unsigned, 4> indicesOf(AffineMap map) {
  SmallVector<unsigned, 4> indices;
  for (AffineExpr expr : map.getResults())
    indices.push_back(cast<AffineDimExpr>(expr).getPosition());
  return indices;
}

static SmallVector<unsigned, 4> allIndices(unsigned rank) {
  SmallVector<unsigned, 4> indices(rank);
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

/// A term that can be multiplied into others without looking at how: numbers only.
static bool isScalar(const Factor &factor) {
  if (factor.sum)
    return factor.sum->terms.size() == 1 &&
           llvm::all_of(factor.sum->terms[0].factors, [](const Factor &f) { return f.indices.empty(); });
  return factor.indices.empty();
}

Factor Matcher::readOperand(Value value, Operation *user) {
  Factor factor;
  factor.value = value;
  Operation *op = value.getDefiningOp();
  std::optional<int64_t> cost = op ? costs.of(op) : std::nullopt;
  if (!cost)
    return factor;
  if (*cost > 0) {
    bool isOpen = open.contains(value);
    if (op->getBlock() != user->getBlock() || !(isOpen || (value.hasOneUse() && costs.isAbsorbed(value))))
      return factor;
    if (isOpen)
      openVisited.insert(value);
  }
  if (auto it = known.find(value); it != known.end())
    return it->second;
  llvm::SetVector<Operation *> outside = std::move(visited);
  visited.clear();
  factor.sum = std::make_shared<const Sum>(readOp(op));
  // What has users that do not read through it is there in any case.
  if (costs.isAbsorbed(value))
    for (Operation *inside : visited)
      factor.cost += *costs.of(inside);
  visited.insert(outside.begin(), outside.end());
  return known[value] = factor;
}

Sum Matcher::product(ArrayRef<Factor> factors, ArrayRef<int64_t> extents, ArrayRef<unsigned> result) {
  Sum sum;
  unsigned rank = result.size();
  SmallVector<unsigned> renamed(extents.size(), ~0u);
  Term term;
  for (auto [position, index] : llvm::enumerate(result)) {
    renamed[index] = position;
    sum.shape.push_back(extents[index]);
    term.extents.push_back(extents[index]);
  }
  for (unsigned index = 0; index < extents.size(); ++index)
    if (renamed[index] == ~0u)
      renamed[index] = term.addIndex(extents[index]);
  SmallVector<Factor> placed(factors);
  uint64_t masks[2] = {0, 0};
  bool scalar = factors.size() < 2;
  for (auto [i, factor] : llvm::enumerate(placed)) {
    for (unsigned &index : factor.indices) {
      index = renamed[index];
      masks[i] |= uint64_t(1) << index;
    }
    scalar |= isScalar(factor);
  }
  contracts |= !scalar && (masks[0] != masks[1] || extents.size() > rank);

  // Numbers and single terms are merged; a sum is scaled term by term; other sums wait to be decided.
  Factor *sumToScale = nullptr;
  for (Factor &factor : placed) {
    if (factor.sum && factor.sum->terms.empty())
      return sum;
    if (factor.sum && factor.sum->terms.size() > 1 && placed.size() == 2 &&
        isScalar(placed[&factor == &placed[0] ? 1 : 0]))
      sumToScale = &factor;
  }
  auto fits = [](const Term &term) { return term.factors.size() <= 10 && term.extents.size() <= 60; };
  if (sumToScale || placed.size() == 1) {
    Factor &inner = sumToScale ? *sumToScale : placed[0];
    for (Factor &factor : placed)
      if (&factor != &inner)
        multiply(term, factor);
    if (inner.sum) {
      distribute(term, *inner.sum, inner.indices, sum.terms);
      if (llvm::all_of(sum.terms, fits))
        return sum;
      sum.terms.clear();
    }
    inner.sum = nullptr;
    term.factors.push_back(inner);
    sum.terms.push_back(term);
    return sum;
  }
  Term merged = term;
  for (Factor &factor : placed)
    multiply(merged, factor);
  if (!fits(merged)) {
    merged = term;
    for (Factor &factor : placed) {
      factor.sum = nullptr;
      merged.factors.push_back(factor);
    }
  }
  sum.terms.push_back(merged);
  return sum;
}

void Matcher::append(Sum &sum, const Factor &factor, double sign) {
  size_t before = sum.terms.size();
  if (factor.sum) {
    llvm::append_range(sum.terms, factor.sum->terms);
  } else {
    Term term;
    term.extents.assign(sum.shape.begin(), sum.shape.end());
    term.factors.push_back(factor);
    term.factors.back().indices = allIndices(sum.shape.size());
    sum.terms.push_back(term);
  }
  for (size_t i = before; i < sum.terms.size(); ++i)
    sum.terms[i].coefficient *= sign;
}

Sum Matcher::readOp(Operation *op) {
  if (*costs.of(op) > 0)
    visited.insert(op);
  auto type = cast<RankedTensorType>(op->getResult(0).getType());
  unsigned rank = type.getRank();
  Sum sum;
  sum.shape.assign(type.getShape().begin(), type.getShape().end());

  auto filled = [&](Value scalar) {
    Term term;
    term.extents.assign(sum.shape.begin(), sum.shape.end());
    if (std::optional<double> constant = splatConstant(scalar)) {
      term.coefficient = *constant;
    } else {
      Factor factor;
      factor.value = scalar;
      term.factors.push_back(factor);
    }
    if (term.coefficient != 0)
      sum.terms.push_back(term);
    return sum;
  };
  if (isa<arith::ConstantOp>(op))
    return filled(op->getResult(0));
  if (isa<tensor::SplatOp, tensor::FromElementsOp, linalg::FillOp>(op))
    return filled(op->getOperand(0));

  if (isa<arith::AddFOp, arith::SubFOp, arith::NegFOp>(op)) {
    append(sum, readOperand(op->getOperand(0), op), isa<arith::NegFOp>(op) ? -1 : 1);
    if (op->getNumOperands() == 2)
      append(sum, readOperand(op->getOperand(1), op), isa<arith::SubFOp>(op) ? -1 : 1);
    return sum;
  }
  if (isa<arith::MulFOp>(op)) {
    SmallVector<Factor> factors{readOperand(op->getOperand(0), op), readOperand(op->getOperand(1), op)};
    for (Factor &factor : factors)
      factor.indices = allIndices(rank);
    return product(factors, sum.shape, allIndices(rank));
  }

  auto structured = cast<linalg::LinalgOp>(op);
  Body body = structuredBody(structured);
  SmallVector<Factor> factors;
  for (OpOperand *input : structured.getDpsInputOperands()) {
    factors.push_back(readOperand(input->get(), op));
    factors.back().indices = indicesOf(structured.getMatchingIndexingMap(input));
  }
  OpOperand *init = structured.getDpsInitOperand(0);
  Sum result =
      product(factors, structured.getStaticLoopRanges(), indicesOf(structured.getMatchingIndexingMap(init)));
  if (body == Body::Sum || body == Body::ProductSum)
    append(result, readOperand(init->get(), op), 1);
  return result;
}

Sum Matcher::read(Value root) { return readOp(root.getDefiningOp()); }
