//===- Fold.h - By which op a reduction folds its elements ------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_RULES_FOLD_H
#define COSTATE_LIB_DIFFERENTIATION_RULES_FOLD_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace costate {

/// How a body with one output folds `value` into it: by a sum, a product or an extremum. An extremum is one
/// op, or a comparison of the two and a selection of one of them, which differ where a NaN is met.
struct Fold {
  enum class Kind { Sum, Product, Extremum } kind;
  llvm::SmallVector<mlir::Operation *, 2> ops; // the last one yields
  mlir::Value value;
};

/// The fold of a body, where it is one.
std::optional<Fold> foldOf(mlir::Block &body);

/// The same if the elements are folded as they are.
std::optional<Fold> foldOf(mlir::linalg::ReduceOp op);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_RULES_FOLD_H
