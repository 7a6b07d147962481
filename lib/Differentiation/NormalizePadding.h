//===- NormalizePadding.h - Padding by other than constants ------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_NORMALIZEPADDING_H
#define COSTATE_LIB_DIFFERENTIATION_NORMALIZEPADDING_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace costate {

/// Whether the padding is one constant, which has no derivative.
bool isPaddedByConstant(mlir::tensor::PadOp op);

/// Each element from the body, or from the source where there is one: in `start` already, or read. Of static
/// shapes, by any amounts.
mlir::Value padByElements(mlir::OpBuilder &builder, mlir::tensor::PadOp op, mlir::Value start,
                          bool sourceIsThere);

/// Writes each `tensor.pad` of static shapes that is padded by other than a constant as an insertion: into a
/// splat where the padding is one value, else in a loop that computes each element of the padding.
void normalizePadding(mlir::Operation *function);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_NORMALIZEPADDING_H
