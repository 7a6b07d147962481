//===- PassBuffers.h - Calls that pass buffers --------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_PASSBUFFERS_H
#define COSTATE_LIB_CONVERSION_PASSBUFFERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace costate {

/// Lets the private functions of `module` that have not been inlined take the buffers of their tensors: those
/// of arguments, which are only read, and after them places of the caller for what they return. Scalars stay
/// as they are.
void passBuffers(mlir::ModuleOp module);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_PASSBUFFERS_H
