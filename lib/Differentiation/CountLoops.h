//===- CountLoops.h - Loops of unknown length, counted first -----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_COUNTLOOPS_H
#define COSTATE_LIB_DIFFERENTIATION_COUNTLOOPS_H

#include "mlir/IR/Block.h"
#include "mlir/Support/LLVM.h"

namespace costate {

/// Replaces each `scf.while` of `block` whose results depend on `sources` by one that only counts, and an
/// `scf.for` of that many iterations that computes. A tape for it has a known length, and a checkpointing
/// scheme a known number of steps. An error at a loop that does more than compute, which cannot run twice.
mlir::LogicalResult countWhileLoops(mlir::Block &block, mlir::ValueRange sources);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_COUNTLOOPS_H
