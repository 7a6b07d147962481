//===- EinsumEmitter.cpp - Sums of products written as tensor code ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "EinsumEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace costate::einsum;

/// A fixed order of values: of the arguments and ops of a block as they stand. The inner product of a and b
/// is then written in one way, and found again where b and a are multiplied.
static bool precedes(Value a, Value b) {
  auto argumentA = dyn_cast<BlockArgument>(a), argumentB = dyn_cast<BlockArgument>(b);
  if (argumentA || argumentB)
    return argumentA && (!argumentB || argumentA.getArgNumber() < argumentB.getArgNumber());
  Operation *opA = a.getDefiningOp(), *opB = b.getDefiningOp();
  return opA == opB ? cast<OpResult>(a).getResultNumber() < cast<OpResult>(b).getResultNumber()
                    : opA->getBlock() == opB->getBlock() && opA->isBeforeInBlock(opB);
}

Value Emitter::constant(Type target, double value) {
  FloatAttr number = builder.getFloatAttr(type, value);
  if (auto tensor = dyn_cast<RankedTensorType>(target))
    return arith::ConstantOp::create(builder, DenseElementsAttr::get(tensor, number));
  return arith::ConstantOp::create(builder, number);
}

Value Emitter::scale(Value value, double coefficient) {
  if (coefficient == 1)
    return value;
  if (coefficient == -1)
    return arith::NegFOp::create(builder, value);
  return arith::MulFOp::create(builder, constant(value.getType(), coefficient), value);
}

Value Emitter::asScalar(Value value) {
  return isa<FloatType>(value.getType()) ? value : tensor::ExtractOp::create(builder, value, ValueRange());
}

/// Σ over the indices not in `result` of one input, or of the product of two.
Value Emitter::structured(ValueRange inputs, ArrayRef<SmallVector<unsigned, 4>> indices,
                          ArrayRef<unsigned> result, const Term &term, Value init) {
  // Loops: the indices of the result, then the others.
  SmallVector<unsigned> loops(result);
  for (ArrayRef<unsigned> operand : indices)
    for (unsigned index : operand)
      if (!llvm::is_contained(loops, index))
        loops.push_back(index);
  auto map = [&](ArrayRef<unsigned> operand) {
    SmallVector<AffineExpr> exprs;
    for (unsigned index : operand)
      exprs.push_back(builder.getAffineDimExpr(llvm::find(loops, index) - loops.begin()));
    return AffineMap::get(loops.size(), 0, exprs, builder.getContext());
  };
  SmallVector<AffineMap> maps;
  for (ArrayRef<unsigned> operand : indices)
    maps.push_back(map(operand));
  maps.push_back(map(result));

  SmallVector<int64_t> shape;
  for (unsigned index : result)
    shape.push_back(term.extents[index]);
  // An outer product writes each element once.
  bool outer = !init && loops.size() == result.size();
  if (!init) {
    init = tensor::EmptyOp::create(builder, shape, type);
    if (!outer)
      init = linalg::FillOp::create(builder, constant(type, 0), init).getResult(0);
  }
  // linalg.contract wants an index to contract over, and each such index in both inputs.
  bool contracts = inputs.size() == 2 && loops.size() > result.size() &&
                   llvm::all_of(ArrayRef(loops).drop_front(result.size()), [&](unsigned index) {
                     return llvm::is_contained(indices[0], index) && llvm::is_contained(indices[1], index);
                   });
  if (contracts)
    return linalg::ContractOp::create(builder, init.getType(), inputs, init,
                                      builder.getAffineMapArrayAttr(maps))
        .getResult(0);
  SmallVector<utils::IteratorType> iterators(result.size(), utils::IteratorType::parallel);
  iterators.resize(loops.size(), utils::IteratorType::reduction);
  return linalg::GenericOp::create(builder, init.getType(), inputs, init, maps, iterators,
                                   [&](OpBuilder &b, Location loc, ValueRange args) {
                                     Value value = args[0];
                                     if (inputs.size() == 2)
                                       value = arith::MulFOp::create(b, loc, args[0], args[1]);
                                     if (!outer)
                                       value = arith::AddFOp::create(b, loc, args.back(), value);
                                     linalg::YieldOp::create(b, loc, value);
                                   })
      .getResult(0);
}

Emitter::Operand Emitter::multiply(Operand a, Operand b, ArrayRef<unsigned> result, const Term &term,
                                   Value init) {
  // A dot product in the order of its values, others with the first dimension of the result first.
  auto first = [&](const Operand &operand) {
    return operand.indices.empty() ? ~0u : *llvm::min_element(operand.indices);
  };
  if (a.indices == b.indices ? precedes(b.value, a.value) : first(b) < first(a))
    std::swap(a, b);
  SmallVector<unsigned, 4> indices(result);
  if (a.indices.empty() && b.indices.empty()) {
    if (a.value.getType() != b.value.getType()) {
      a.value = asScalar(a.value);
      b.value = asScalar(b.value);
    }
    return {arith::MulFOp::create(builder, a.value, b.value), indices};
  }
  for (auto [scalar, tensor] : {std::pair(&a, &b), std::pair(&b, &a)})
    if (scalar->indices.empty() && tensor->indices == indices) {
      Value splat = tensor::SplatOp::create(builder, asScalar(scalar->value),
                                            cast<RankedTensorType>(tensor->value.getType()));
      return {arith::MulFOp::create(builder, splat, tensor->value), indices};
    }
  if (a.indices == b.indices && a.indices == indices)
    return {arith::MulFOp::create(builder, a.value, b.value), indices};
  // A scalar has no place among the inputs of a structured op as long as it is no tensor.
  for (Operand *operand : {&a, &b})
    if (isa<FloatType>(operand->value.getType()))
      operand->value =
          tensor::FromElementsOp::create(builder, RankedTensorType::get({}, type), operand->value);
  return {structured({a.value, b.value}, {a.indices, b.indices}, indices, term, init), indices};
}

Emitter::Operand Emitter::emitFactor(const Factor &factor) {
  Value value;
  if (factor.value) {
    auto it = replaced.find(factor.value);
    value = it == replaced.end() ? factor.value : it->second;
  } else {
    value = emitted.lookup(factor.sum.get());
    if (!value)
      value = emitted[factor.sum.get()] = emit(*factor.sum);
  }
  return {value, factor.indices};
}

Emitter::Operand Emitter::emitProduct(const Term &term, unsigned rank, uint32_t mask, const Order &order,
                                      ArrayRef<Operand> factors, Value init) {
  if ((mask & (mask - 1)) == 0) {
    Operand factor = factors[llvm::countr_zero(mask)];
    uint64_t open = openIndices(term, rank, mask);
    if (factors.size() == 1 || maskOf(factor.indices) == open)
      return factor;
    // Σ_jp a_ij b_jp = Σ_j a_ij (Σ_p b_jp)
    SmallVector<unsigned, 4> kept;
    for (unsigned index : factor.indices)
      if (open >> index & 1 && !llvm::is_contained(kept, index))
        kept.push_back(index);
    return {structured(factor.value, {factor.indices}, kept, term, {}), kept};
  }
  uint32_t half = order.split[mask];
  Operand a = emitProduct(term, rank, half, order, factors, {});
  Operand b = emitProduct(term, rank, mask ^ half, order, factors, {});
  uint64_t open = openIndices(term, rank, mask);
  // At the end the dimensions of the result in their order, before it as they come.
  SmallVector<unsigned, 4> result;
  auto add = [&](unsigned index) {
    if (open >> index & 1 && !llvm::is_contained(result, index))
      result.push_back(index);
  };
  if (static_cast<size_t>(llvm::popcount(mask)) == factors.size()) {
    for (unsigned index = 0; index < rank; ++index)
      add(index);
  } else {
    llvm::for_each(a.indices, add);
    llvm::for_each(b.indices, add);
  }
  return multiply(a, b, result, term, init);
}

/// `operand` with its dimensions in the order of the result, the others summed over, the missing ones
/// broadcast.
Value Emitter::arrange(Operand operand, const Term &term, const Sum &sum, Value init) {
  unsigned rank = sum.shape.size();
  auto resultType = RankedTensorType::get(sum.shape, type);
  SmallVector<unsigned, 4> present;
  for (unsigned index = 0; index < rank; ++index)
    if (llvm::is_contained(operand.indices, index))
      present.push_back(index);
  if (present.empty() && operand.indices.empty()) {
    if (operand.value.getType() == resultType)
      return operand.value;
    Value scalar = asScalar(operand.value);
    return rank == 0 ? Value(tensor::FromElementsOp::create(builder, resultType, scalar))
                     : Value(tensor::SplatOp::create(builder, scalar, resultType));
  }
  // One op sums and renames; a projected permutation in the other direction broadcasts.
  if (operand.indices.size() > present.size()) {
    operand.value = structured(operand.value, {operand.indices}, present, term, init);
    operand.indices = present;
  }
  if (present.size() == rank && operand.indices == present)
    return operand.value;
  SmallVector<unsigned, 4> all;
  for (unsigned index = 0; index < rank; ++index)
    all.push_back(index);
  return structured(operand.value, {operand.indices}, all, term);
}

Value Emitter::emitTerm(const Term &term, const Sum &sum, Value init) {
  unsigned rank = sum.shape.size();
  auto resultType = RankedTensorType::get(sum.shape, type);
  if (term.factors.empty())
    return constant(resultType, term.coefficient);
  SmallVector<Operand> factors;
  int64_t smallest = sum.size();
  size_t scaled = term.factors.size();
  for (auto [i, factor] : llvm::enumerate(term.factors)) {
    factors.push_back(emitFactor(factor));
    int64_t size = boundedProduct(
        llvm::map_to_vector(factor.indices, [&](unsigned index) { return term.extents[index]; }));
    if (size < smallest) {
      smallest = size;
      scaled = i;
    }
  }
  // A number is multiplied into the smallest factor, or into the result.
  if (scaled < factors.size())
    factors[scaled].value = scale(factors[scaled].value, term.coefficient);
  Order order = findOrder(term, rank);
  Operand product = emitProduct(term, rank, (uint32_t(1) << factors.size()) - 1, order, factors, init);
  Value value = arrange(product, term, sum, term.factors.size() == 1 ? init : Value());
  return scaled < factors.size() ? value : scale(value, term.coefficient);
}

Value Emitter::emit(const Sum &sum) {
  // A sign or a number that a smaller factor can carry goes there, so that a sum of contractions stays one.
  auto isSubtracted = [&](const Term &term) {
    return term.coefficient == -1 && smallestSize(term, sum) == sum.size();
  };
  Value total;
  for (const Term &term : sum.terms)
    if (!accumulates(term, sum) && !isSubtracted(term)) {
      Value value = emitTerm(term, sum);
      total = total ? Value(arith::AddFOp::create(builder, total, value)) : value;
    }
  for (const Term &term : sum.terms)
    if (accumulates(term, sum))
      total = emitTerm(term, sum, total);
  for (const Term &term : sum.terms)
    if (isSubtracted(term)) {
      if (!total) {
        total = emitTerm(term, sum);
        continue;
      }
      Term positive = term;
      positive.coefficient = 1;
      total = arith::SubFOp::create(builder, total, emitTerm(positive, sum));
    }
  return total ? total : constant(RankedTensorType::get(sum.shape, type), 0);
}
