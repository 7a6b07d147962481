//===- MemoryToValues.h - Code on buffers as code on tensors ----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_MEMORYTOVALUES_H
#define COSTATE_LIB_DIFFERENTIATION_MEMORYTOVALUES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Makes a value of each buffer that only `function` knows: a tensor, or a scalar where it has no dimension,
/// that loops and conditionals carry. Other buffers stay, with all that takes them.
void convertMemoryToValues(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_MEMORYTOVALUES_H
