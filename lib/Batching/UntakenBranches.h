//===- UntakenBranches.h - What lanes compute that do not take a branch -------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_UNTAKENBRANCHES_H
#define COSTATE_LIB_BATCHING_UNTAKENBRANCHES_H

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Builders.h"

namespace costate {

/// A condition for each lane as numbers, which vectors of other data can stand beside; and back.
mlir::Value maskOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value condition);
mlir::Value conditionOf(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value mask);

/// Whether a lane of the mask is set.
mlir::Value anyLane(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value mask);

/// The last place where a part begins that lies inside, for each dimension of `shape`; nothing where that is
/// not known. A part without sizes is an element.
llvm::SmallVector<std::optional<int64_t>> lastPlaces(llvm::ArrayRef<int64_t> shape,
                                                     llvm::ArrayRef<mlir::OpFoldResult> sizes = {},
                                                     llvm::ArrayRef<mlir::OpFoldResult> strides = {});

/// The nearest place to `place` that is none of those outside.
mlir::Value moveInside(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value place,
                       std::optional<int64_t> last);

/// A divisor that is none of those that trap: a scalar or a tensor.
mlir::Value avoidZero(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value divisor);

/// Whether `op` is or has in it an `scf.while`, which ends by a condition of its own.
bool containsWhile(mlir::Operation *op);

/// Whether `op` divides integers, which traps at zero.
bool dividesIntegers(mlir::Operation *op);

/// Lets `op`, and what is in it, read and write inside of tensors only, and divide by no zero.
void runAnyway(mlir::Operation *op);

} // namespace costate

#endif // COSTATE_LIB_BATCHING_UNTAKENBRANCHES_H
