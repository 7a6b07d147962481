//===- CountFlops.h - The arithmetic of contractions --------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_BATCHING_COUNTFLOPS_H
#define COSTATE_LIB_BATCHING_COUNTFLOPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace costate {

/// The multiplications and additions of the contractions and outer products of a function, each run once.
int64_t countContractionFlops(mlir::func::FuncOp function);

} // namespace costate

#endif // COSTATE_LIB_BATCHING_COUNTFLOPS_H
