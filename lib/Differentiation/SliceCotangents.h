//===- SliceCotangents.h - Cotangents of the parts of a tensor ---------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_SLICECOTANGENTS_H
#define COSTATE_LIB_DIFFERENTIATION_SLICECOTANGENTS_H

#include "Transpose.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/MapVector.h"

namespace costate {

/// Adds up what slices of a tensor contribute to its cotangent. Slices at constant places wait until the
/// whole is asked for: those that do not meet are then put side by side, so that the parts of a rotated array
/// are one array again, and the sum of several such arrays is elementwise. A slice at a place that is known
/// at run time only, and a small one, is added to in place, so that a loop which reads one in each iteration
/// touches no more.
class SliceCotangents {
public:
  SliceCotangents(mlir::OpBuilder &builder, Cotangents &cotangents)
      : builder(builder), cotangents(cotangents) {}

  /// Whether `op` takes a part of a tensor, whose cotangent now counts.
  bool add(mlir::Operation *op, mlir::Value cotangent);
  /// Enters into the cotangents what waits for `whole`.
  void settle(mlir::Value whole);
  void settleAll();

private:
  struct Part {
    mlir::tensor::ExtractSliceOp slice;
    mlir::Value cotangent;
  };
  void addInPlace(const Part &part);
  void addTogether(mlir::Value whole, llvm::ArrayRef<Part> layer);

  mlir::OpBuilder &builder;
  Cotangents &cotangents;
  llvm::MapVector<mlir::Value, llvm::SmallVector<Part>> waiting;
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_SLICECOTANGENTS_H
