//===- StaticLoops.cpp - Loops over known extents ---------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "StaticLoops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace costate;

Value costate::loopOver(OpBuilder &builder, Location loc, ArrayRef<int64_t> extents, Value start,
                        function_ref<Value(OpBuilder &, ValueRange, Value)> body) {
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0),
        one = arith::ConstantIndexOp::create(builder, loc, 1);
  SmallVector<Value> lower(extents.size(), zero), steps(extents.size(), one), upper;
  for (int64_t extent : extents)
    upper.push_back(arith::ConstantIndexOp::create(builder, loc, extent));
  auto nest = scf::buildLoopNest(builder, loc, lower, upper, steps, ValueRange{start},
                                 [&](OpBuilder &b, Location, ValueRange at, ValueRange carried) {
                                   return scf::ValueVector{body(b, at, carried[0])};
                                 });
  return nest.results[0];
}
