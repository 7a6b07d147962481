//===- Structural.h - What the models of structural and bilinear ops share ---------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_RULES_STRUCTURAL_H
#define COSTATE_LIB_DIFFERENTIATION_RULES_STRUCTURAL_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace costate {

/// `op` applied to the tangents of its differentiable operands, zeros where these are null; the other
/// operands stay.
mlir::Value pushStructural(mlir::OpBuilder &builder, mlir::Operation *op,
                           llvm::ArrayRef<mlir::Value> tangents);

/// The sum of all elements of a tensor, as a scalar.
mlir::Value sumOfElements(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value tensor);

/// The sum over the dimensions listed.
mlir::Value sumOver(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value tensor,
                    llvm::ArrayRef<int64_t> dimensions);

/// `value` with further dimensions of `type`, at the positions `added`.
mlir::Value broadcastTo(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                        mlir::RankedTensorType type, llvm::ArrayRef<int64_t> added);

/// The tensor whose dimension i is dimension `permutation[i]` of `value`.
mlir::Value permute(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value,
                    llvm::ArrayRef<int64_t> permutation);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_RULES_STRUCTURAL_H
