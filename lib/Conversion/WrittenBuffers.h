//===- WrittenBuffers.h - What a function writes to its buffers ----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_WRITTENBUFFERS_H
#define COSTATE_LIB_CONVERSION_WRITTENBUFFERS_H

#include "ParallelWrites.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Says in tensors what a function writes to the buffers that it is given, so that the analysis of
/// bufferization knows who still reads what is overwritten. Each buffer becomes one tensor, at the beginning,
/// and is written once, at the end; what was read from it after a write is the value that was written. The
/// copies of buffers to themselves that are left go away after bufferization.
void exposeWrites(mlir::func::FuncOp function, WriteFn write);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_WRITTENBUFFERS_H
