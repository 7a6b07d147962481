//===- Tape.h - Values of every iteration of a loop --------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_TAPE_H
#define COSTATE_LIB_DIFFERENTIATION_TAPE_H

#include "mlir/IR/Builders.h"

namespace costate {

// A tape is a tensor: that of a tensor has one more dimension in front, that of a scalar one dimension. A
// loop that records carries it and inserts one slice in each iteration, which bufferization does in place.

/// Whether a tape can hold values of the type: scalars, vectors and tensors of static shape.
bool isRecordable(mlir::Type type);

/// The number of bits of a value of a recordable type; an index counts as 64.
int64_t bitsOf(mlir::Type type);

/// A tape for `count` values of a recordable type.
mlir::Value createTape(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type,
                       mlir::OpFoldResult count);

/// `tape` with `value` at position `k`.
mlir::Value record(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::Value tape,
                   mlir::Value k);

/// The value of the type at position `k` of `tape`.
mlir::Value recall(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, mlir::Value tape,
                   mlir::Value k);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_TAPE_H
