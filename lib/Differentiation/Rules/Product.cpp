//===- Product.cpp - Sums of products, as a contraction or an outer product -------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Rules/Product.h"

#include "ExprBuilder.h"
#include "Rules/Windows.h"

using namespace mlir;
using namespace costate;

Value costate::createProduct(OpBuilder &builder, Location loc, ArrayRef<AffineMap> maps, Value lhs, Value rhs,
                             RankedTensorType type) {
  return createProduct(builder, loc, maps, lhs, rhs, zeroTensor(builder, loc, type));
}

Value costate::createProduct(OpBuilder &builder, Location loc, ArrayRef<AffineMap> maps, Value lhs, Value rhs,
                             Value init) {
  SmallVector<utils::IteratorType> iterators;
  bool sums = false;
  for (unsigned dim = 0; dim < maps.front().getNumDims(); ++dim) {
    bool inResult = maps[2].isFunctionOfDim(dim);
    iterators.push_back(inResult ? utils::IteratorType::parallel : utils::IteratorType::reduction);
    sums |= !inResult;
  }
  if (sums && llvm::all_of(maps, [](AffineMap map) { return map.isProjectedPermutation(); }))
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
