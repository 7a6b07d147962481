//===- Names.h - What may be a name -----------------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIALECT_IR_NAMES_H
#define COSTATE_LIB_DIALECT_IR_NAMES_H

#include "mlir/IR/Operation.h"

namespace costate {

/// Names are shown in tables, logs and plots, asked for on the command line, and become names of files, of
/// arrays in them and of settings. One rule holds wherever they go: letters, digits, `_` and `-`, the first a
/// letter, a digit or `_`. Parts are joined by points (`NETWORK.layer0.weight`, `SET.count`), so what comes
/// first has none; of what comes last, a `phrase`, points and single spaces may be part, too.
mlir::LogicalResult verifyName(mlir::Operation *op, llvm::StringRef name, bool phrase = false);

/// The same of a column of a set.
mlir::LogicalResult verifyColumnName(mlir::Operation *op, llvm::StringRef name);

} // namespace costate

#endif // COSTATE_LIB_DIALECT_IR_NAMES_H
