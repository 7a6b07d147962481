//===- SeedColumns.h - Products with many seeds, side by side ----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_SEEDCOLUMNS_H
#define COSTATE_LIB_DIFFERENTIATION_SEEDCOLUMNS_H

#include "ApplySeeds.h"

namespace costate {

/// The products of a linear function with many seeds: a tensor for each derivative, whose last dimension runs
/// over the seeds. Its code is the same however many seeds there are: some are a dimension of tensors, and a
/// loop takes so many at a time.
class SeedColumns {
public:
  /// `linear`: (x, seeds) -> derivatives. It is consumed; its primal arguments are now `inputs`.
  SeedColumns(mlir::OpBuilder &builder, mlir::ValueRange inputs, mlir::func::FuncOp linear,
              const SeedPlan &plan, const SeedLayout &layout)
      : builder(builder), loc(linear.getLoc()), inputs(inputs), linear(linear), plan(plan), layout(layout) {}

  /// All of them by a loop, where `batch` can add a dimension so many at a time.
  void createLoop(BatchFunction batch);
  /// All of them by a copy of the code for each.
  void createCopies();

  /// The block of the matrix that belongs to a seed and a derivative.
  mlir::Value block(size_t seed, size_t derivative);

private:
  using Values = llvm::SmallVector<mlir::Value>;
  /// The seeds from `offset` on: `lanes` of them, or one without a dimension of its own.
  mlir::Value seedsFrom(size_t seed, mlir::Value offset, std::optional<int64_t> lanes);
  Values productsFrom(mlir::Value offset, std::optional<int64_t> lanes);
  Values emptyColumns();
  void insert(Values &columns, mlir::ValueRange products, mlir::OpFoldResult offset, int64_t lanes);
  mlir::Value denseBlock(size_t seed, size_t derivative, mlir::RankedTensorType type);
  mlir::Value sparseBlock(size_t seed, size_t derivative, mlir::RankedTensorType type);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::ValueRange inputs;
  mlir::func::FuncOp linear;
  const SeedPlan &plan;
  const SeedLayout &layout;
  Values columns;
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_SEEDCOLUMNS_H
