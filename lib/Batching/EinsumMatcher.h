//===- EinsumMatcher.h - Tensor code read as sums of products -----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_EINSUMMATCHER_H
#define COSTATE_LIB_BATCHING_EINSUMMATCHER_H

#include "Einsum.h"

#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <optional>

namespace costate::einsum {

/// What an op costs: the multiply-adds of a product, sum or contraction of statically shaped float tensors; 0
/// for ops that rename or copy dimensions only, or fill in a constant; nothing for all others.
std::optional<int64_t> costOf(mlir::Operation *op);

/// `costOf` and what follows from it, remembered: for as long as the code does not change.
class KnownCosts {
public:
  std::optional<int64_t> of(mlir::Operation *op);

  /// Whether every op that uses `value` reads it as a part of a sum of products.
  bool isAbsorbed(mlir::Value value);

private:
  llvm::DenseMap<mlir::Operation *, std::optional<int64_t>> costs;
  llvm::DenseMap<mlir::Value, bool> absorbed;
};

/// Reads values of one block as sums of products. An op is read through where it is the only use of its
/// value, where it costs nothing, or where it is in `open`: a value with several uses that are to be read
/// through, each for itself.
class Matcher {
public:
  Matcher(const llvm::DenseSet<mlir::Value> &open, KnownCosts &costs) : open(open), costs(costs) {}

  /// `root`, the result of an op that `costOf` knows, as a sum of products.
  Sum read(mlir::Value root);

  /// The ops that were read through, and the values in `open` among their results.
  llvm::SetVector<mlir::Operation *> visited;
  llvm::SetVector<mlir::Value> openVisited;
  /// Whether a product was seen that has indices its factors do not share: a contraction or an outer product.
  bool contracts = false;

private:
  /// `value` as a factor without indices yet; with a sum where it can be read through.
  Factor readOperand(mlir::Value value, mlir::Operation *user);
  Sum readOp(mlir::Operation *op);
  Sum product(llvm::ArrayRef<Factor> factors, llvm::ArrayRef<int64_t> extents,
              llvm::ArrayRef<unsigned> result);
  static void append(Sum &sum, const Factor &factor, double sign);

  const llvm::DenseSet<mlir::Value> &open;
  KnownCosts &costs;
  llvm::DenseMap<mlir::Value, Factor> known;
};

} // namespace costate::einsum

#endif // COSTATE_LIB_BATCHING_EINSUMMATCHER_H
