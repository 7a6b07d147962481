//===- TileSize.h - How many points a tile has --------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_TILESIZE_H
#define COSTATE_LIB_BATCHING_TILESIZE_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// The points in a tile of products of matrices: four vectors.
int64_t usualTile(mlir::Type element);

/// `lanes`, or fewer where the largest value of a tile, of a function whose first `uniforms` arguments are
/// the same for all points, would have more than `valueBytes`. Down to one wide vector.
int64_t halveTile(mlir::func::FuncOp function, unsigned uniforms, mlir::Type element, int64_t lanes,
                  int64_t valueBytes);

/// `usual`, the points in a tile of a function whose first `uniforms` arguments are the same for all points,
/// or fewer where little is computed with each value, so that loads and stores decide.
int64_t fitTile(mlir::func::FuncOp function, unsigned uniforms, mlir::Type element, int64_t usual);

} // namespace costate

#endif // COSTATE_LIB_BATCHING_TILESIZE_H
