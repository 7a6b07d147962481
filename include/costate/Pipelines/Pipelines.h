//===- Pipelines.h - Names of the pipelines, and registration of everything a tool needs --------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_PIPELINES_PIPELINES_H
#define COSTATE_PIPELINES_PIPELINES_H

#include "mlir/IR/DialectRegistry.h"

namespace costate {

/// Registers the dialects, interfaces and extensions that any tool of the project needs.
void registerDialects(mlir::DialectRegistry &registry);

/// Registers every pass of the project and the named pipelines.
void registerPasses();

} // namespace costate

#endif // COSTATE_PIPELINES_PIPELINES_H
