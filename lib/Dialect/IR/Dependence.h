//===- Dependence.h - Which values depend on an argument --------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_IR_DEPENDENCE_H
#define COSTATE_LIB_DIALECT_IR_DEPENDENCE_H

#include "mlir/IR/Operation.h"

namespace costate {

/// Whether `value` is computed from any of `inputs`. Calls depend on all of their operands.
bool dependsOn(mlir::Value value, mlir::ValueRange inputs);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_IR_DEPENDENCE_H
