//===- BufferPointers.h - Buffers as pointers and what is dynamic of their shape ----------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
//
// What crosses a boundary to the runtime (arguments of entries, contexts of chunks) is a pointer to the data
// of a buffer and one integer for each part of its shape that the type leaves open, never a descriptor.
//
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONVERSION_BUFFERPOINTERS_H
#define COSTATE_CONVERSION_BUFFERPOINTERS_H

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace costate {

/// How many integers follow the pointer: the dynamic extents and strides of the type. An offset is folded
/// into the pointer.
unsigned countDynamicParts(mlir::MemRefType type);

/// Takes a memref apart into its pointer followed by its dynamic parts.
llvm::SmallVector<mlir::Value> decomposeBuffer(mlir::OpBuilder &builder, mlir::Location loc,
                                               const mlir::LLVMTypeConverter &converter, mlir::Value buffer);

/// The inverse: a memref of `type` from a pointer and its dynamic parts, all in the types of the LLVM
/// dialect.
mlir::Value composeBuffer(mlir::OpBuilder &builder, mlir::Location loc,
                          const mlir::LLVMTypeConverter &converter, mlir::MemRefType type,
                          mlir::ValueRange parts);

/// A value seen as a type of the LLVM dialect, or back.
mlir::Value castValue(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type, mlir::Value value);

} // namespace costate

#endif // COSTATE_CONVERSION_BUFFERPOINTERS_H
