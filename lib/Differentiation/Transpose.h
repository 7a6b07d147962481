//===- Transpose.h - Cotangents backwards through linear ops -----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_TRANSPOSE_H
#define COSTATE_LIB_DIFFERENTIATION_TRANSPOSE_H

#include "VerifyLinear.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Builders.h"

namespace costate {

/// The cotangents of values. A value without an entry has the cotangent zero.
using Cotangents = llvm::DenseMap<mlir::Value, mlir::Value>;

/// Adds `cotangent`, where null means zero, to that of `value`.
void addCotangent(mlir::OpBuilder &builder, mlir::Location loc, mlir::Value value, mlir::Value cotangent,
                  Cotangents &cotangents);

/// Walks the active ops of `block` backwards and writes their transposes at `builder`. `cotangents` holds
/// those of the results, and afterwards those of every active value. The ops have to be linear in the active
/// values. A loop with inactive results is replaced by one that records; an error where it cannot be.
mlir::LogicalResult transpose(mlir::Block &block, const ValueSet &active, mlir::OpBuilder &builder,
                              Cotangents &cotangents);

/// The same for one loop, at least one of whose results has a cotangent.
mlir::LogicalResult transposeFor(mlir::scf::ForOp loop, const ValueSet &active, mlir::OpBuilder &builder,
                                 Cotangents &cotangents);

/// Erases the active ops of `block`, of which nothing else may use more than the sizes; an error where it
/// does.
mlir::LogicalResult eraseActive(mlir::Block &block, const ValueSet &active);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_TRANSPOSE_H
