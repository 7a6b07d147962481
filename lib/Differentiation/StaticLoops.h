//===- StaticLoops.h - Loops over known extents ---------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_STATICLOOPS_H
#define COSTATE_LIB_DIFFERENTIATION_STATICLOOPS_H

#include "mlir/IR/Builders.h"

namespace costate {

/// Loops over all indices below `extents`, the last one innermost, that carry one value: from `start` on,
/// `body` makes the next one of it at each point.
mlir::Value
loopOver(mlir::OpBuilder &builder, mlir::Location loc, llvm::ArrayRef<int64_t> extents, mlir::Value start,
         llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::ValueRange at, mlir::Value carried)> body);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_STATICLOOPS_H
