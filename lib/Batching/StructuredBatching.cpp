//===- StructuredBatching.cpp - Batching of linalg ops
//----------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "costate/Batching/StructuredBatching.h"

#include "UntakenBranches.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace costate;

/// `map` over one more loop; with one more result, that loop, where `appended`.
static AffineMap extendMap(AffineMap map, bool appended) {
  unsigned loops = map.getNumDims();
  SmallVector<AffineExpr> results(map.getResults());
  if (appended)
    results.push_back(getAffineDimExpr(loops, map.getContext()));
  return AffineMap::get(loops + 1, 0, results, map.getContext());
}

/// A structured op with the loops and the body of `like`, on other operands. The last inputs are what the
/// body took from outside.
static Operation *createLike(Batcher &batcher, linalg::LinalgOp like, ValueRange inputs, ValueRange outputs,
                             ArrayRef<AffineMap> maps, utils::IteratorType lastLoop,
                             ArrayRef<Value> captured) {
  OpBuilder &builder = batcher.getBuilder();
  Location loc = like.getLoc();
  SmallVector<Type> types(outputs.getTypes());
  if (isa<linalg::ContractOp>(like))
    return linalg::ContractOp::create(builder, loc, types, inputs, outputs,
                                      builder.getAffineMapArrayAttr(maps));
  SmallVector<utils::IteratorType> iterators = like.getIteratorTypesArray();
  iterators.push_back(lastLoop);
  auto generic = linalg::GenericOp::create(builder, loc, types, inputs, outputs, maps, iterators);
  // The body may use what is defined outside it, constants above all.
  IRMapping mapper;
  like->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (!like->isAncestor(operand.getParentBlock()->getParentOp()))
        mapper.map(operand, batcher.lookup(operand));
  });
  like->getRegion(0).cloneInto(&generic.getRegion(), mapper);
  unsigned position = inputs.size() - captured.size();
  for (Value value : captured) {
    Value argument = generic.getBody()->insertArgument(position++, value.getType(), value.getLoc());
    batcher.lookup(value).replaceUsesWithIf(
        argument, [&](OpOperand &use) { return generic->isProperAncestor(use.getOwner()); });
  }
  return generic;
}

/// Whether `value` of the body of `op` may differ between samples. What comes out of a region is taken to.
static bool dependsOnSample(linalg::LinalgOp op, Value value, const Batcher &batcher) {
  SmallVector<Value> worklist = {value};
  DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    Operation *def = next.getDefiningOp();
    if (!op->getRegion(0).isAncestor(next.getParentRegion())) {
      if (batcher.isVarying(next))
        return true;
    } else if (!def) {
      auto argument = cast<BlockArgument>(next);
      if (argument.getOwner() != op.getBlock())
        return true;
      OpOperand *operand = op.getMatchingOpOperand(argument);
      if (op.isDpsInit(operand) || batcher.isVarying(operand->get()))
        return true;
    } else if (def->getNumRegions() != 0) {
      return true;
    } else {
      llvm::append_range(worklist, def->getOperands());
    }
  }
  return false;
}

/// What the body of `op` reads of tensors at places that it computes: of those of the sample, the lane's own.
/// A place that depends on the sample is moved inside, as where parts are read outside of bodies, and so is
/// any place where some lanes do not take the branch around it; nor do these divide by zero.
static void batchBody(linalg::LinalgOp op, Operation *copy, Batcher &batcher) {
  SmallVector<Operation *> originals, copies;
  auto collect = [](Operation *from, SmallVector<Operation *> &into) {
    from->getRegion(0).walk([&](Operation *inner) {
      if (isa<tensor::ExtractOp>(inner) || dividesIntegers(inner))
        into.push_back(inner);
    });
  };
  collect(op, originals);
  if (originals.empty())
    return;
  collect(copy, copies);
  OpBuilder builder(copy->getContext());
  builder.setInsertionPointToStart(&copy->getRegion(0).front());
  Value lane = linalg::IndexOp::create(builder, op.getLoc(), op.getNumLoops());
  for (auto [before, after] : llvm::zip_equal(originals, copies)) {
    builder.setInsertionPoint(after);
    auto original = dyn_cast<tensor::ExtractOp>(before);
    if (!original) {
      if (!batcher.allLanesRun())
        after->setOperand(1, avoidZero(builder, after->getLoc(), after->getOperand(1)));
      continue;
    }
    auto extract = cast<tensor::ExtractOp>(after);
    SmallVector<Value> indices(extract.getIndices());
    auto last = lastPlaces(cast<RankedTensorType>(original.getTensor().getType()).getShape());
    for (auto [dim, index] : llvm::enumerate(original.getIndices()))
      if (!batcher.allLanesRun() || dependsOnSample(op, index, batcher))
        indices[dim] = moveInside(builder, extract.getLoc(), indices[dim], last[dim]);
    if (batcher.isVarying(original.getTensor()))
      indices.push_back(lane);
    extract.getIndicesMutable().assign(indices);
  }
}

/// A constant as an initial value is filled in: as a constant it would be copied before it is overwritten.
static Value initialValue(Value original, Batcher &batcher) {
  DenseElementsAttr dense;
  if (batcher.isVarying(original) || !matchPattern(batcher.lookup(original), m_Constant(&dense)) ||
      !dense.isSplat())
    return batcher.lookupVarying(original);
  OpBuilder &builder = batcher.getBuilder();
  Location loc = original.getLoc();
  RankedTensorType type = batcher.varyingType(original.getType());
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
  Value scalar = arith::ConstantOp::create(builder, loc, dense.getSplatValue<TypedAttr>());
  return linalg::FillOp::create(builder, loc, scalar, empty).getResult(0);
}

void costate::generalizeNamedOps(Operation *root) {
  IRRewriter rewriter(root->getContext());
  SmallVector<linalg::LinalgOp> named;
  root->walk([&](linalg::LinalgOp op) {
    if (!isa<linalg::GenericOp, linalg::ContractOp, linalg::FillOp>(op) && op.hasPureTensorSemantics())
      named.push_back(op);
  });
  for (linalg::LinalgOp op : named) {
    rewriter.setInsertionPoint(op);
    (void)linalg::generalizeNamedOp(rewriter, op);
  }
}

LogicalResult costate::batchStructured(linalg::LinalgOp op, Batcher &batcher) {
  if (!op.hasPureTensorSemantics())
    return op.emitOpError() << "cannot be batched: it does not work on tensors";
  assert((isa<linalg::ContractOp, linalg::GenericOp, linalg::FillOp>(op)) &&
         "named ops are generalized before");
  if (!batcher.allLanesRun() && containsWhile(op))
    return op.emitOpError()
           << "cannot be batched: its body has an scf.while, which need not end for samples that "
              "do not take the branch around it";
  // Numbers of the sample that the body takes from outside have lanes, as operands do. Of tensors it reads
  // the lane.
  SetVector<Value> captured;
  WalkResult walked = op->getRegion(0).walk([&](Operation *inner) -> WalkResult {
    for (Value operand : inner->getOperands()) {
      if (!batcher.isVarying(operand))
        continue;
      if (!isa<ShapedType>(operand.getType()))
        captured.insert(operand);
      else if (!isa<tensor::ExtractOp>(inner))
        return inner->emitOpError() << "cannot be batched: in the body of a linalg op it uses "
                                    << operand.getType()
                                    << " of the sample, of which such a body may read elements only, by "
                                       "tensor.extract";
    }
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  SmallVector<Value> inputs, outputs;
  SmallVector<AffineMap> maps;
  for (OpOperand *operand : op.getDpsInputOperands()) {
    bool varying = batcher.isVarying(operand->get());
    inputs.push_back(batcher.lookup(operand->get()));
    maps.push_back(extendMap(op.getMatchingIndexingMap(operand), varying));
  }
  AffineMap scalar = AffineMap::get(op.getNumLoops(), 0, op.getContext());
  for (Value value : captured) {
    inputs.push_back(batcher.lookup(value));
    maps.push_back(extendMap(scalar, true));
  }
  for (OpOperand &operand : op.getDpsInitsMutable()) {
    outputs.push_back(initialValue(operand.get(), batcher));
    maps.push_back(extendMap(op.getMatchingIndexingMap(&operand), true));
  }
  Operation *copy =
      createLike(batcher, op, inputs, outputs, maps, utils::IteratorType::parallel, captured.getArrayRef());
  batchBody(op, copy, batcher);
  for (auto [original, result] : llvm::zip(op->getResults(), copy->getResults()))
    batcher.map(original, result, /*varying=*/true);
  return success();
}

bool costate::isZeroInit(Value value) {
  if (matchPattern(value, m_AnyZeroFloat()))
    return true;
  auto fill = value.getDefiningOp<linalg::FillOp>();
  return fill && matchPattern(fill.getInputs()[0], m_AnyZeroFloat());
}

Value costate::unitLanes(OpBuilder &builder, Location loc, RankedTensorType type, int64_t first) {
  int64_t lanes = type.getShape().back(), components = type.getNumElements() / lanes;
  unsigned rank = type.getRank();
  auto element = cast<FloatType>(type.getElementType());
  FloatAttr one = builder.getFloatAttr(element, 1.0), zero = builder.getFloatAttr(element, 0.0);
  if (constexpr int64_t small = 256; type.getNumElements() <= small) {
    SmallVector<Attribute> values(type.getNumElements(), zero);
    for (int64_t lane = 0; lane < lanes; ++lane)
      if (lane + first >= 0 && lane + first < components)
        values[(lane + first) * lanes + lane] = one;
    return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, values));
  }
  Value empty = tensor::EmptyOp::create(builder, loc, type.getShape(), element);
  SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
  auto body = [&](OpBuilder &b, Location loc, ValueRange) {
    Value place = arith::ConstantIndexOp::create(b, loc, 0);
    for (unsigned i = 0; i + 1 < rank; ++i) {
      Value extent = arith::ConstantIndexOp::create(b, loc, type.getDimSize(i));
      place = arith::AddIOp::create(b, loc, b.createOrFold<arith::MulIOp>(loc, place, extent),
                                    linalg::IndexOp::create(b, loc, i));
    }
    Value wanted = b.createOrFold<arith::AddIOp>(loc, linalg::IndexOp::create(b, loc, rank - 1),
                                                 arith::ConstantIndexOp::create(b, loc, first));
    Value equal = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, place, wanted);
    Value value = arith::SelectOp::create(b, loc, equal, arith::ConstantOp::create(b, loc, one),
                                          arith::ConstantOp::create(b, loc, zero));
    linalg::YieldOp::create(b, loc, value);
  };
  return linalg::GenericOp::create(builder, loc, empty.getType(), ValueRange{}, empty,
                                   {builder.getMultiDimIdentityMap(rank)}, iterators, body)
      .getResult(0);
}

/// accumulator[s] = combine(accumulator[s], value[s, l]) over the lanes l.
template <typename Combine> static Value reduceLanes(Value value, Value accumulator, Batcher &batcher) {
  OpBuilder &builder = batcher.getBuilder();
  auto type = cast<RankedTensorType>(value.getType());
  unsigned rank = type.getRank();
  MLIRContext *context = builder.getContext();
  AffineMap in = AffineMap::getMultiDimIdentityMap(rank, context);
  SmallVector<utils::IteratorType> iterators(rank - 1, utils::IteratorType::parallel);
  iterators.push_back(utils::IteratorType::reduction);
  return linalg::GenericOp::create(builder, value.getLoc(), accumulator.getType(), value, accumulator,
                                   {in, in.dropResult(rank - 1)}, iterators,
                                   [](OpBuilder &b, Location loc, ValueRange args) {
                                     Value combined = Combine::create(b, loc, args[1], args[0]);
                                     linalg::YieldOp::create(b, loc, combined);
                                   })
      .getResult(0);
}

namespace {
/// result[loops not reduced] = init + Σ lhs[...]·rhs[...], whichever op says it. A product without a
/// reduction is an outer or an elementwise product, which `linalg.contract` does not take.
struct Product {
  Value lhs, rhs;
  AffineMap lhsMap, rhsMap, resultMap;
  Value init; // null: zero
};
} // namespace

/// The body is `yield a * b` or `yield out + a * b`; says which.
static bool isMultiplyAdd(linalg::GenericOp op, bool &adds) {
  Block &body = *op.getBody();
  auto yield = cast<linalg::YieldOp>(body.getTerminator());
  Value value = yield.getOperand(0);
  Value out = body.getArgument(2);
  adds = false;
  if (auto sum = value.getDefiningOp<arith::AddFOp>()) {
    if (sum.getLhs() != out && sum.getRhs() != out)
      return false;
    value = sum.getLhs() == out ? sum.getRhs() : sum.getLhs();
    adds = true;
  }
  auto product = value.getDefiningOp<arith::MulFOp>();
  if (!product)
    return false;
  Value a = body.getArgument(0), b = body.getArgument(1);
  return (product.getLhs() == a && product.getRhs() == b) || (product.getLhs() == b && product.getRhs() == a);
}

/// `value` as it was before it was broadcast, and where its dimensions went.
static std::pair<Value, AffineMap> lookThroughBroadcast(Value value, unsigned rank) {
  MLIRContext *context = value.getContext();
  SmallVector<AffineExpr> kept;
  auto dims = [&](ArrayRef<int64_t> dropped) {
    for (unsigned d = 0; d != rank; ++d)
      if (!llvm::is_contained(dropped, static_cast<int64_t>(d)))
        kept.push_back(getAffineDimExpr(d, context));
    return AffineMap::get(rank, 0, kept, context);
  };
  if (auto broadcast = value.getDefiningOp<linalg::BroadcastOp>())
    return {broadcast.getInput(), dims(broadcast.getDimensions())};
  if (auto generic = value.getDefiningOp<linalg::GenericOp>())
    if (generic.getNumDpsInputs() == 1 && generic.getNumResults() == 1 &&
        generic.getNumParallelLoops() == rank &&
        generic.getMatchingIndexingMap(generic.getDpsInitOperand(0)).isIdentity() &&
        cast<linalg::YieldOp>(generic.getBody()->getTerminator()).getOperand(0) ==
            generic.getBody()->getArgument(0) &&
        generic.getMatchingIndexingMap(generic.getDpsInputOperand(0)).isProjectedPermutation())
      return {generic.getInputs()[0], generic.getMatchingIndexingMap(generic.getDpsInputOperand(0))};
  return {value, AffineMap::getMultiDimIdentityMap(rank, context)};
}

static std::optional<Product> matchProduct(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return std::nullopt;
  if (auto product = value.getDefiningOp<arith::MulFOp>()) {
    auto [lhs, lhsMap] = lookThroughBroadcast(product.getLhs(), type.getRank());
    auto [rhs, rhsMap] = lookThroughBroadcast(product.getRhs(), type.getRank());
    return Product{
        lhs, rhs, lhsMap, rhsMap, AffineMap::getMultiDimIdentityMap(type.getRank(), value.getContext()), {}};
  }
  auto op = value.getDefiningOp<linalg::LinalgOp>();
  if (!op || op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1)
    return std::nullopt;
  bool adds = true;
  if (auto generic = dyn_cast<linalg::GenericOp>(op.getOperation())) {
    if (!isMultiplyAdd(generic, adds))
      return std::nullopt;
  } else if (!isa<linalg::ContractOp>(op)) {
    return std::nullopt;
  }
  Product product;
  product.lhs = op.getDpsInputs()[0];
  product.rhs = op.getDpsInputs()[1];
  product.lhsMap = op.getMatchingIndexingMap(op.getDpsInputOperand(0));
  product.rhsMap = op.getMatchingIndexingMap(op.getDpsInputOperand(1));
  product.resultMap = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  // The factors may be read through windows.
  if (!product.resultMap.isProjectedPermutation())
    return std::nullopt;
  if (adds && !isZeroInit(op.getDpsInits()[0]))
    product.init = op.getDpsInits()[0];
  return product;
}

/// A product that has every loop in both factors gains nothing by being contracted; it may have other users.
static bool isOuter(const std::optional<Product> &product) {
  return product && (product->lhsMap.getNumResults() < product->resultMap.getNumDims() ||
                     product->rhsMap.getNumResults() < product->resultMap.getNumDims());
}

/// Some term of a sum becomes a contraction with the lanes. Else the sum is formed first and its lanes added
/// once; that sum may be what others read.
static bool hasOuterTerm(Value value, Batcher &batcher) {
  if (!batcher.isVarying(value))
    return true;
  if (auto sum = value.getDefiningOp<arith::AddFOp>())
    return hasOuterTerm(sum.getLhs(), batcher) || hasOuterTerm(sum.getRhs(), batcher);
  if (auto expand = value.getDefiningOp<tensor::ExpandShapeOp>())
    return hasOuterTerm(expand.getSrc(), batcher);
  return isOuter(matchProduct(value));
}

Value costate::accumulateOverLanes(Value value, Value accumulator, Batcher &batcher) {
  OpBuilder &builder = batcher.getBuilder();
  if (!batcher.isVarying(value))
    return accumulator;
  if (auto sum = value.getDefiningOp<arith::AddFOp>();
      sum && isa<RankedTensorType>(value.getType()) && hasOuterTerm(value, batcher))
    return accumulateOverLanes(sum.getRhs(), accumulateOverLanes(sum.getLhs(), accumulator, batcher),
                               batcher);
  if (auto expand = value.getDefiningOp<tensor::ExpandShapeOp>()) {
    auto source = cast<RankedTensorType>(expand.getSrc().getType());
    Value folded = tensor::CollapseShapeOp::create(builder, value.getLoc(), source, accumulator,
                                                   expand.getReassociationIndices());
    folded = accumulateOverLanes(expand.getSrc(), folded, batcher);
    return tensor::ExpandShapeOp::create(builder, value.getLoc(), accumulator.getType(), folded,
                                         expand.getReassociationIndices());
  }
  std::optional<Product> product = matchProduct(value);
  if (!isOuter(product))
    return reduceLanes<arith::AddFOp>(batcher.lookup(value), accumulator, batcher);
  if (product->init)
    accumulator = accumulateOverLanes(product->init, accumulator, batcher);
  if (!batcher.isVarying(product->lhs) && !batcher.isVarying(product->rhs))
    return accumulator;
  SmallVector<AffineMap> maps{extendMap(product->lhsMap, batcher.isVarying(product->lhs)),
                              extendMap(product->rhsMap, batcher.isVarying(product->rhs)),
                              extendMap(product->resultMap, false)};
  Value lhs = batcher.lookup(product->lhs), rhs = batcher.lookup(product->rhs);
  bool windows = !product->lhsMap.isProjectedPermutation() || !product->rhsMap.isProjectedPermutation();
  if (batcher.isVarying(product->lhs) && batcher.isVarying(product->rhs) && !windows)
    return linalg::ContractOp::create(builder, value.getLoc(), TypeRange(accumulator.getType()),
                                      ValueRange{lhs, rhs}, accumulator, builder.getAffineMapArrayAttr(maps))
        .getResult(0);
  // linalg.contract takes neither windows nor a factor that is the same for every lane.
  SmallVector<utils::IteratorType> iterators(maps[2].getNumDims(), utils::IteratorType::reduction);
  for (AffineExpr result : maps[2].getResults())
    iterators[cast<AffineDimExpr>(result).getPosition()] = utils::IteratorType::parallel;
  return linalg::GenericOp::create(builder, value.getLoc(), accumulator.getType(), ValueRange{lhs, rhs},
                                   accumulator, maps, iterators,
                                   [](OpBuilder &b, Location loc, ValueRange args) {
                                     Value term = arith::MulFOp::create(b, loc, args[0], args[1]);
                                     Value sum = arith::AddFOp::create(b, loc, args[2], term);
                                     linalg::YieldOp::create(b, loc, sum);
                                   })
      .getResult(0);
}

Value costate::sumOverLanes(Value value, Value accumulator, Batcher &batcher) {
  return reduceLanes<arith::AddFOp>(batcher.lookupVarying(value), accumulator, batcher);
}

Value costate::maximumOverLanes(Value value, Value accumulator, Batcher &batcher) {
  if (!batcher.isVarying(value))
    return accumulator;
  return reduceLanes<arith::MaximumFOp>(batcher.lookup(value), accumulator, batcher);
}
