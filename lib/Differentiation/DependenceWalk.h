//===- DependenceWalk.h - What each element of a value depends on ------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_DEPENDENCEWALK_H
#define COSTATE_LIB_DIFFERENTIATION_DEPENDENCEWALK_H

#include "Sparsity.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace costate {

/// The extents of a tensor; none of a scalar.
llvm::ArrayRef<int64_t> shapeOf(mlir::Value value);
/// The elements of a scalar or a static tensor.
int64_t sizeOf(mlir::Value value);

/// Walks a block forwards with, for each element of a value, the set of components it depends on.
class DependenceWalk {
public:
  DependenceWalk(unsigned columns) : columns(columns) {}

  void seed(mlir::Value source, unsigned first);
  /// False if it gives up.
  bool visitBody(mlir::Block &block);
  SparsityPattern rowsOf(mlir::Value value) const;

private:
  /// Of each element; an empty set has no bits.
  using Rows = std::vector<llvm::BitVector>;

  void add(llvm::BitVector &to, const llvm::BitVector &from) {
    work += 1 + from.size() / 64;
    to |= from;
  }
  void add(Rows &to, const Rows &from) {
    for (auto [a, b] : llvm::zip_equal(to, from))
      add(a, b);
  }
  const Rows *lookup(mlir::Value value) const {
    auto it = known.find(value);
    return it == known.end() ? nullptr : &it->second;
  }
  /// What any element of a value depends on.
  llvm::BitVector anyOf(mlir::Value value);

  /// An index that is constant, or is so in the iteration of a loop that is being visited.
  std::optional<int64_t> integerOf(mlir::Value value) const;
  /// The flat place of an element, if it is known and inside.
  std::optional<int64_t> placeOf(mlir::ValueRange indices, mlir::Value whole) const;
  /// Those of the elements of a slice.
  std::optional<llvm::SmallVector<int64_t>> placesOf(mlir::OffsetSizeAndStrideOpInterface slice,
                                                     mlir::Value whole) const;

  bool visit(mlir::Operation &op);
  bool visitLoop(mlir::scf::ForOp loop);
  bool visitConditional(mlir::scf::IfOp conditional);
  bool visitElementwise(mlir::Operation &op);
  bool visitMove(mlir::Operation &op);
  bool visitStructured(mlir::linalg::LinalgOp op);
  void visitConservatively(mlir::Operation &op);

  unsigned columns;
  llvm::DenseMap<mlir::Value, Rows> known;
  llvm::DenseMap<mlir::Value, int64_t> counters;
  static constexpr int64_t maxWork = int64_t(1) << 26;
  static constexpr int64_t maxIterations = int64_t(1) << 16;
  int64_t work = 0; // words
};
} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_DEPENDENCEWALK_H
