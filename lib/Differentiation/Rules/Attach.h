//===- Attach.h - Attaching the generated models, dialect by dialect ---------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_RULES_ATTACH_H
#define COSTATE_LIB_DIFFERENTIATION_RULES_ATTACH_H

#include "mlir/IR/MLIRContext.h"

namespace costate {

void attachArithRules(mlir::MLIRContext *context);
void attachLinalgRules(mlir::MLIRContext *context);
void attachMathRules(mlir::MLIRContext *context);
void attachTensorRules(mlir::MLIRContext *context);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_RULES_ATTACH_H
