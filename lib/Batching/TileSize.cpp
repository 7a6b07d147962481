//===- TileSize.cpp - How many points a tile has ----------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A large tile serves products of matrices: a weight that was loaded multiplies many lanes. A network of one
// hidden layer has next to none; it loads, computes a few operations and stores, and is twice as fast while
// the values of a tile stay in the first cache. And where a single value is large, as that of the tangents in
// a hundred directions, a tile of it should stay in the second.
//
//===------------------------------------------------------------------------------------------------------===//
#include "TileSize.h"

#include "CountFlops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace costate;

/// With more operations in contractions for each value of a point that is alive, these decide.
static constexpr int64_t flopsPerValue = 8;

/// Bytes of the values of a tile alive at once, op by op. Fusion leaves about half.
static constexpr int64_t tileBytes = 64 << 10;

/// The vectors of any target.
static constexpr int64_t vectorBytes = 64;

/// The most elements of varying tensors alive at once, if a point is computed op by op.
static int64_t countLiveElements(func::FuncOp function, unsigned uniforms) {
  Block &body = function.getBody().front();
  DenseSet<Value> varying;
  for (BlockArgument argument : body.getArguments().drop_front(uniforms))
    varying.insert(argument);
  DenseMap<Operation *, int64_t> freed; // Elements whose last use an op is.
  int64_t alive = 0, most = 0;
  for (Operation &op : body) {
    bool varies = false;
    op.walk([&](Operation *inner) {
      varies |= llvm::any_of(inner->getOperands(), [&](Value value) { return varying.contains(value); });
    });
    for (Value result : op.getResults()) {
      auto type = dyn_cast<RankedTensorType>(result.getType());
      if (!varies || result.use_empty())
        continue;
      varying.insert(result);
      if (!type || !type.hasStaticShape())
        continue;
      Operation *last = nullptr;
      for (Operation *user : result.getUsers())
        if (Operation *inBody = body.findAncestorOpInBlock(*user); !last || last->isBeforeInBlock(inBody))
          last = inBody;
      alive += type.getNumElements();
      freed[last] += type.getNumElements();
    }
    most = std::max(most, alive);
    alive -= freed.lookup(&op);
  }
  return most;
}

/// The elements of the largest tensor that is computed for each point. Sums of gradients of weights, of which
/// there is one for all points, do not count.
static int64_t largestElements(func::FuncOp function, unsigned uniforms) {
  Block &body = function.getBody().front();
  // What is only added up to a result is accumulated summand by summand.
  DenseSet<Value> accumulated;
  SmallVector<Value> work(body.getTerminator()->getOperands());
  while (!work.empty()) {
    Value value = work.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (!op || !value.hasOneUse() || !accumulated.insert(value).second)
      continue;
    if (isa<arith::AddFOp, tensor::ExpandShapeOp>(op))
      work.append(op->operand_begin(), op->operand_end());
    if (auto structured = dyn_cast<linalg::LinalgOp>(op))
      llvm::append_range(work, structured.getDpsInits());
  }
  DenseSet<Value> varying(body.args_begin() + uniforms, body.args_end());
  int64_t largest = 0;
  for (Operation &op : body) {
    if (llvm::none_of(op.getOperands(), [&](Value operand) { return varying.contains(operand); }))
      continue;
    for (Value result : op.getResults()) {
      varying.insert(result);
      auto type = dyn_cast<RankedTensorType>(result.getType());
      if (type && type.hasStaticShape() && !accumulated.contains(result))
        largest = std::max(largest, type.getNumElements());
    }
  }
  return largest;
}

int64_t costate::usualTile(Type element) { return 4 * vectorBytes * 8 / element.getIntOrFloatBitWidth(); }

int64_t costate::halveTile(func::FuncOp function, unsigned uniforms, Type element, int64_t lanes,
                           int64_t valueBytes) {
  int64_t bytes = element.getIntOrFloatBitWidth() / 8, largest = largestElements(function, uniforms);
  while (lanes * bytes > vectorBytes && largest * bytes * lanes > valueBytes)
    lanes /= 2;
  return lanes;
}

int64_t costate::fitTile(func::FuncOp function, unsigned uniforms, Type element, int64_t usual) {
  int64_t lanes = usual, bytes = element.getIntOrFloatBitWidth() / 8;
  int64_t alive = countLiveElements(function, uniforms);
  if (countContractionFlops(function) > flopsPerValue * alive)
    return lanes;
  while (lanes * bytes > vectorBytes && alive * bytes * lanes > tileBytes)
    lanes /= 2;
  return lanes;
}
