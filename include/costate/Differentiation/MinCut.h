//===- MinCut.h - Where a function of many parameters is narrowest ------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_MINCUT_H
#define COSTATE_DIFFERENTIATION_MINCUT_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/SmallVector.h"

namespace costate {

/// Values that together carry all that flows from the parameters of a function to its results.
struct MinCut {
  llvm::SmallVector<mlir::Value> values; ///< In the order of the function.
  int64_t width;                         ///< Their number of elements.
};

/// Finds, in a pure function with one block, the floating-point values with the fewest elements through which
/// every path from an argument in `params` to a result passes; among several such cuts, the nearest to the
/// results. A parameter itself is in the cut only if it is a result. An error at the function if there is no
/// such cut.
///
/// J = S K then holds for the Jacobian of the results by the parameters, with K that of the cut: J Jᵀ = S (K
/// Kᵀ) Sᵀ has at most rank `width`, however many results there are.
mlir::FailureOr<MinCut> findMinCut(mlir::func::FuncOp function, llvm::ArrayRef<unsigned> params);

struct SplitFunctions {
  mlir::func::FuncOp head; ///< (all arguments) -> (cut values)
  mlir::func::FuncOp tail; ///< (cut values, all arguments) -> (results); its parameters are unused
  int64_t width;           ///< Number of elements of the cut.
};

/// Writes `function` as tail ∘ head, split at its minimum cut: two private functions beside it. Results that
/// do not depend on the parameters are computed by the tail.
mlir::FailureOr<SplitFunctions> splitAtMinCut(mlir::func::FuncOp function, llvm::ArrayRef<unsigned> params,
                                              llvm::StringRef headName, llvm::StringRef tailName);

} // namespace costate

#endif // COSTATE_DIFFERENTIATION_MINCUT_H
