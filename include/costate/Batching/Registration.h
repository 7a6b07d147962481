//===- Registration.h - Attaches the batching rules of upstream ops -----------------------------*- C++
//-*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_BATCHING_REGISTRATION_H
#define COSTATE_BATCHING_REGISTRATION_H

#include "mlir/IR/DialectRegistry.h"

namespace costate {

/// Attaches BatchableOpInterface to the ops of `tensor` that change shapes.
void registerTensorBatching(mlir::DialectRegistry &registry);
/// Attaches BatchableOpInterface to the ops of `tensor` that read and write parts.
void registerSliceBatching(mlir::DialectRegistry &registry);
/// Attaches BatchableOpInterface to `scf.if`.
void registerBranchBatching(mlir::DialectRegistry &registry);
/// Attaches BatchableOpInterface to `scf.for` and `scf.while`.
void registerLoopBatching(mlir::DialectRegistry &registry);
/// Attaches BatchingInterface to the dialect of Costate.
void registerBatchingOfFunctions(mlir::DialectRegistry &registry);

inline void registerBatchingInterfaces(mlir::DialectRegistry &registry) {
  registerTensorBatching(registry);
  registerSliceBatching(registry);
  registerBranchBatching(registry);
  registerLoopBatching(registry);
  registerBatchingOfFunctions(registry);
}

} // namespace costate

#endif // COSTATE_BATCHING_REGISTRATION_H
