//===- SumsFromZero.h - Finds the sums that start from a fill -----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONVERSION_SUMSFROMZERO_H
#define COSTATE_LIB_CONVERSION_SUMSFROMZERO_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace costate {

/// The op after a fill with zero that adds sums to all of what was filled, if nothing else touches the buffer
/// in between.
mlir::linalg::LinalgOp findSumsOnto(mlir::linalg::FillOp fill);

} // namespace costate

#endif // COSTATE_LIB_CONVERSION_SUMSFROMZERO_H
