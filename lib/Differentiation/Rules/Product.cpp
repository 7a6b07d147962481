//===- Product.cpp - Sums of products, as a contraction or an outer product -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Product.h"

#include "ExprBuilder.h"
#include "Rules/Structural.h"
#include "Rules/Windows.h"

using namespace mlir;
using namespace costate;

Value costate::createProduct(OpBuilder &builder, Location loc, ArrayRef<AffineMap> maps, Value lhs, Value rhs,
                             RankedTensorType type) {
  return createProduct(builder, loc, maps, lhs, rhs, zeroTensor(builder, loc, type));
}

/// Sums `factor` over the dimensions that are in neither of the other maps of its product.
static void sumOwnDimensions(OpBuilder &builder, Location loc, Factor &factor, AffineMap other,
                             AffineMap result) {
  if (!cast<RankedTensorType>(factor.tensor.getType()).hasStaticShape())
    return;
  SmallVector<int64_t> summed;
  SmallVector<AffineExpr> kept;
  for (auto [i, expr] : llvm::enumerate(factor.map.getResults())) {
    auto dim = dyn_cast<AffineDimExpr>(expr);
    auto isIn = [&](AffineExpr e) { return e.isFunctionOfDim(dim.getPosition()); };
    if (dim && llvm::none_of(other.getResults(), isIn) && llvm::none_of(result.getResults(), isIn) &&
        llvm::count_if(factor.map.getResults(), isIn) == 1)
      summed.push_back(i);
    else
      kept.push_back(expr);
  }
  factor.tensor = sumOver(builder, loc, factor.tensor, summed);
  factor.map = AffineMap::get(factor.map.getNumDims(), 0, kept, builder.getContext());
}

Value costate::createProduct(OpBuilder &builder, Location loc, ArrayRef<AffineMap> wholeMaps, Value lhs,
                             Value rhs, Value init) {
  Factor a{lhs, wholeMaps[0]}, b{rhs, wholeMaps[1]};
  sumOwnDimensions(builder, loc, a, b.map, wholeMaps[2]);
  sumOwnDimensions(builder, loc, b, a.map, wholeMaps[2]);
  lhs = a.tensor;
  rhs = b.tensor;
  SmallVector<AffineMap> maps = compressUnusedDims(ArrayRef<AffineMap>{a.map, b.map, wholeMaps[2]});
  SmallVector<utils::IteratorType> iterators;
  bool sums = false, contracts = true;
  for (unsigned dim = 0; dim < maps.front().getNumDims(); ++dim) {
    bool inResult = maps[2].isFunctionOfDim(dim), inA = maps[0].isFunctionOfDim(dim),
         inB = maps[1].isFunctionOfDim(dim);
    iterators.push_back(inResult ? utils::IteratorType::parallel : utils::IteratorType::reduction);
    sums |= !inResult;
    contracts &= inResult ? inA || inB : inA && inB;
  }
  if (sums && contracts && llvm::all_of(maps, [](AffineMap map) { return map.isProjectedPermutation(); }))
    return linalg::ContractOp::create(builder, loc, TypeRange{init.getType()}, ValueRange{lhs, rhs},
                                      ValueRange{init}, builder.getAffineMapArrayAttr(maps))
        ->getResult(0);
  auto multiplyAdd = [](OpBuilder &b, Location loc, ValueRange values) {
    Value product = arith::MulFOp::create(b, loc, values[0], values[1]);
    Value sum = arith::AddFOp::create(b, loc, values[2], product);
    linalg::YieldOp::create(b, loc, sum);
  };
  return linalg::GenericOp::create(builder, loc, TypeRange{init.getType()}, ValueRange{lhs, rhs},
                                   ValueRange{init}, maps, iterators, multiplyAdd)
      ->getResult(0);
}

bool costate::isProductBody(linalg::GenericOp op) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  if (!llvm::all_of(maps, isLinearMap) || !maps.back().isProjectedPermutation())
    return false;
  Block &body = *op.getBody();
  if (body.getOperations().size() != 3)
    return false;
  auto isPair = [](Operation *op, Value a, Value b) {
    return (op->getOperand(0) == a && op->getOperand(1) == b) ||
           (op->getOperand(0) == b && op->getOperand(1) == a);
  };
  auto sum = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddFOp>();
  auto product = dyn_cast<arith::MulFOp>(body.front());
  return sum && product && isPair(product, body.getArgument(0), body.getArgument(1)) &&
         isPair(sum, body.getArgument(2), product);
}
