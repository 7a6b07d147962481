//===- LocalBuffers.h - Buffers of a function that are values in disguise ---------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_LOCALBUFFERS_H
#define COSTATE_LIB_DIFFERENTIATION_LOCALBUFFERS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace costate {

/// The buffers of static shape that a function allocates, and constants, of which nobody else learns: they
/// and their views are read and written by ops that name them, in loops and conditionals alone; by a
/// structured op either read or written, or each element by itself. Any two of them are apart.
class LocalBuffers {
public:
  explicit LocalBuffers(mlir::func::FuncOp function);

  bool empty() const { return roots.empty(); }
  /// The buffer that `memref` is, or is a view of; null if it is none of these.
  mlir::Value rootOf(mlir::Value memref) const;
  /// Those from outside of `op` that are written in its regions.
  llvm::SmallVector<mlir::Value> writtenIn(mlir::Operation *op) const;

private:
  void addRoot(mlir::Value root);
  void drop(mlir::Value root);
  bool readsWhatItWrites(mlir::linalg::LinalgOp op) const;

  llvm::SetVector<mlir::Value> roots;
  llvm::DenseMap<mlir::Value, mlir::Value> rootOfView; // roots are views of themselves
};

/// The operands that `op` writes what it is told to, if it is an op that values can take the place of.
llvm::SmallVector<mlir::Value> writtenBy(mlir::Operation *op);

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_LOCALBUFFERS_H
