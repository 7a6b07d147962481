//===- TileSize.cpp - How many points a tile has ----------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// A large tile serves products of matrices: a weight that was loaded multiplies many lanes. A network of one
// hidden layer has next to none; it loads, computes a few operations and stores, and is twice as fast while
// the values of a tile stay in the first cache.
//
//===------------------------------------------------------------------------------------------------------===//
#include "TileSize.h"

#include "CountFlops.h"

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

int64_t costate::fitTile(func::FuncOp function, unsigned uniforms, Type element, int64_t usual) {
  int64_t lanes = usual, bytes = element.getIntOrFloatBitWidth() / 8;
  int64_t alive = countLiveElements(function, uniforms);
  if (countContractionFlops(function) > flopsPerValue * alive)
    return lanes;
  while (lanes * bytes > vectorBytes && alive * bytes * lanes > tileBytes)
    lanes /= 2;
  return lanes;
}
