//===- EmitTranspose.h - Transposes blocks of a matrix in registers -----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_EMITTRANSPOSE_H
#define COSTATE_LIB_CONVERSION_EMITTRANSPOSE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace costate {

/// The columns of a square block that is given as n vectors of n elements, n a power of two.
llvm::SmallVector<mlir::Value> transposeBlock(mlir::OpBuilder &builder, mlir::Location loc,
                                              llvm::ArrayRef<mlir::Value> rows);

/// Writes a transpose of buffers before the op, block by block, if both extents are multiples of a vector of
/// `vectorBits` and rows are contiguous; says false, and writes nothing, otherwise. The caller erases the op.
bool emitTranspose(mlir::OpBuilder &builder, mlir::linalg::TransposeOp op, int64_t vectorBits);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_EMITTRANSPOSE_H
