//===- Padding.h - Elements beyond the border of a tensor -------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_TRANSFORMS_PADDING_H
#define COSTATE_LIB_DIALECT_TRANSFORMS_PADDING_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/IR/Builders.h"

namespace costate {

/// `value` with `low` and `high` more elements along one dimension.
mlir::Value padAlong(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, int64_t dimension,
                     int64_t low, int64_t high, Padding padding);

/// Zeros to insert into or to add to.
mlir::Value zeroFilled(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType type);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_TRANSFORMS_PADDING_H
