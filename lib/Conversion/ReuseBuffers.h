//===- ReuseBuffers.h - One buffer for values that are never alive together ----------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_REUSEBUFFERS_H
#define COSTATE_LIB_CONVERSION_REUSEBUFFERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Lets buffers of one type that a block allocates be one where they hold nothing at the same time. An
/// elementwise op may overwrite what it is the last to read.
void reuseBuffers(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_REUSEBUFFERS_H
