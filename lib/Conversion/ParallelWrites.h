//===- ParallelWrites.h - Tensors that go to buffers at once -------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_PARALLELWRITES_H
#define COSTATE_LIB_CONVERSION_PARALLELWRITES_H

#include "mlir/IR/Builders.h"

namespace costate {

/// A tensor and the one whose buffer it goes to.
struct ParallelWrite {
  mlir::Value source, destination;
  /// What then stands for the source: it is in the buffer of the destination.
  mlir::Value result;
};

/// Writes all sources to their destinations as if at once, where a loop ends an iteration or a function. The
/// destinations are distinct. A source that is itself a destination is written before that one is, and copied
/// where they form a cycle. The writes say in tensors where a value is to be, so that the analysis of
/// bufferization orders them after the reads of the values that they overwrite.
void writeInParallel(mlir::OpBuilder &builder, mlir::MutableArrayRef<ParallelWrite> writes);

/// The same, certain to be bufferized, but with a copy of everything: what reads a destination, wherever that
/// is, reads a copy of it, and the writes come last.
void writeApart(mlir::OpBuilder &builder, mlir::MutableArrayRef<ParallelWrite> writes);

/// One of the two.
using WriteFn = mlir::function_ref<void(mlir::OpBuilder &, mlir::MutableArrayRef<ParallelWrite>)>;

/// Whether a branch makes a value one buffer with what its other regions yield.
bool isYieldedByBranch(mlir::OpOperand &use);

/// The operand in whose buffer an op computes a result, where that is certain.
mlir::OpOperand *startOf(mlir::OpResult result);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_PARALLELWRITES_H
