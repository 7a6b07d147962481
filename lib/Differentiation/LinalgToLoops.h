//===- LinalgToLoops.h - Linalg on tensors as loops over elements -----------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_LINALGTOLOOPS_H
#define COSTATE_LIB_DIFFERENTIATION_LINALGTOLOOPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Writes each linalg op of `function` on tensors that has no rule, and whose results depend on `sources`, as
/// loops that carry the outputs and read and write their elements: any body and any maps, in the order that
/// the op has. The same for what has a rule, and for elementwise ops, where a size is dynamic.
void lowerToLoops(mlir::func::FuncOp function, mlir::ValueRange sources);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_LINALGTOLOOPS_H
