//===- NormalizeReductions.h - Reductions of tensors to the ops that have rules ---------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_NORMALIZEREDUCTIONS_H
#define COSTATE_LIB_DIFFERENTIATION_NORMALIZEREDUCTIONS_H

#include "Rules/Fold.h"

namespace costate {

/// init, with the elements of `tensor` along `dimensions` folded into it.
mlir::Value reduceBy(mlir::OpBuilder &builder, mlir::Location loc, const Fold &fold, mlir::Value tensor,
                     mlir::Value init, llvm::ArrayRef<int64_t> dimensions);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_NORMALIZEREDUCTIONS_H
