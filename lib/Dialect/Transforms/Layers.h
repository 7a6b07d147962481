//===- Layers.h - Layers on grids as ops of linalg and tensor ---------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_TRANSFORMS_LAYERS_H
#define COSTATE_LIB_DIALECT_TRANSFORMS_LAYERS_H

#include "costate/Dialect/IR/CostateDialect.h"

#include "mlir/IR/Builders.h"

namespace costate {

/// The values of the layer before its activation; `bias` may be null.
mlir::Value lowerConvolution(mlir::OpBuilder &builder, ConvOp conv, mlir::Value weight, mlir::Value bias);
mlir::Value lowerPooling(mlir::OpBuilder &builder, PoolOp pool);
mlir::Value lowerUpsampling(mlir::OpBuilder &builder, UpsampleOp upsample);
/// The values, the mean and the variance.
llvm::SmallVector<mlir::Value> lowerBatchNorm(mlir::OpBuilder &builder, BatchNormOp norm, mlir::Value scale,
                                              mlir::Value shift);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_TRANSFORMS_LAYERS_H
