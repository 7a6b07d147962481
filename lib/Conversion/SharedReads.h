//===- SharedReads.h - What the iterations of an scf.forall read of what they write --------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_SHAREDREADS_H
#define COSTATE_LIB_CONVERSION_SHAREDREADS_H

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace costate {

/// A shared output is in each iteration what it was before the loop. Where an iteration reads more of it than
/// the slice that it writes itself, it reads the tensor outside, of which the analysis of bufferization knows
/// that others write over it.
void readSharedOutputsFromOutside(mlir::scf::ForallOp forall);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_SHAREDREADS_H
