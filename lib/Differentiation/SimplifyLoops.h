//===- SimplifyLoops.h - Loops that carry nothing in vain --------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_SIMPLIFYLOOPS_H
#define COSTATE_LIB_DIFFERENTIATION_SIMPLIFYLOOPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// Drops what loops in `function` carry and no result of the function needs, also where such values need each
/// other from one iteration to the next.
void dropDeadCarriedValues(mlir::func::FuncOp function);

/// Lets loops in `function` carry once what they carry twice: values that begin equal and stay so, as the
/// tapes of two derivatives that need the same. Returns whether there were any.
bool mergeEqualCarriedValues(mlir::func::FuncOp function);

/// Moves out of the loops in `function` what is the same in each iteration.
void hoistLoopInvariants(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_SIMPLIFYLOOPS_H
