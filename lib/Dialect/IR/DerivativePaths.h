//===- DerivativePaths.h - Derivatives of derivatives, through arithmetic and calls ------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_IR_DERIVATIVEPATHS_H
#define COSTATE_LIB_DIALECT_IR_DERIVATIVEPATHS_H

#include "costate/Dialect/IR/CostateDialect.h"

namespace costate {

/// The order of a derivative op, and the inputs that it differentiates by; order 0 for any other op.
std::pair<int64_t, mlir::ValueRange> orderAndInputs(mlir::Operation *op);

/// What a derivative is taken of, as far as it goes: through arithmetic, other derivatives and calls.
struct DerivativePaths {
  int64_t order =
      0; ///< The highest, of all derivatives on one path together; no further than above `maxOrder`.
  /// A layer with a corner (relu, or a maximum over windows) that is differentiated twice or more by what it
  /// depends on; null where there is none. And how often.
  mlir::Operation *corner = nullptr;
  int64_t cornerOrder = 0;
};

/// The paths from a derivative op on.
DerivativePaths findPaths(mlir::Operation *derivative, mlir::SymbolTableCollection &symbols);

/// Those from a declared derivative on.
DerivativePaths findPaths(DeriveOp derive, mlir::SymbolTableCollection &symbols);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_IR_DERIVATIVEPATHS_H
