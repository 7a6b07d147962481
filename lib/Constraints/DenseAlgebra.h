//===- DenseAlgebra.h - Algebra on vectors and matrices -----------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_CONSTRAINTS_DENSEALGEBRA_H
#define COSTATE_LIB_CONSTRAINTS_DENSEALGEBRA_H

#include "costate/Solvers/Expression.h"

#include "mlir/IR/BuiltinTypes.h"

namespace costate {

/// Emits elementary dense algebra on tensors of one element type.
class DenseAlgebra {
public:
  DenseAlgebra(mlir::OpBuilder &builder, mlir::Location loc, mlir::FloatType element)
      : builder(builder), loc(loc), element(element) {}

  Expression wrap(mlir::Value value) { return {builder, loc, value}; }
  /// Σ over the dimensions that the result lacks.
  mlir::Value contract(mlir::Value a, llvm::ArrayRef<int> aDims, mlir::Value b, llvm::ArrayRef<int> bDims,
                       llvm::ArrayRef<int> resultDims, int loops);
  mlir::Value matrixVector(mlir::Value m, mlir::Value v) { return contract(m, {0, 1}, v, {1}, {0}, 2); }
  mlir::Value transposedMatrixVector(mlir::Value m, mlir::Value v) {
    return contract(m, {0, 1}, v, {0}, {1}, 2);
  }
  mlir::Value matrixMatrix(mlir::Value a, mlir::Value b) { return contract(a, {0, 1}, b, {1, 2}, {0, 2}, 3); }
  mlir::Value matrixTransposedMatrix(mlir::Value a, mlir::Value b) {
    return contract(a, {0, 1}, b, {2, 1}, {0, 2}, 3);
  }
  /// Of a number or a matrix.
  mlir::Value transpose(mlir::Value block);

  /// A square matrix of `n` × `n` blocks, which are numbers or matrices.
  mlir::Value matrix(llvm::ArrayRef<mlir::Value> blocks, int64_t n);
  /// A matrix with these vectors as its rows.
  mlir::Value rows(llvm::ArrayRef<mlir::Value> vectors);
  /// Puts tensors of shape rows × ... side by side, as a matrix of `rows` rows.
  mlir::Value sideBySide(llvm::ArrayRef<mlir::Value> blocks, int64_t rows);
  /// Elements `first` to `first + count` of a vector.
  mlir::Value elements(mlir::Value vector, int64_t first, int64_t count);
  /// A number counts as a tensor of one element.
  mlir::Value reshape(mlir::Value value, llvm::ArrayRef<int64_t> shape);

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
  mlir::FloatType element;
};

} // namespace costate

#endif // COSTATE_LIB_CONSTRAINTS_DENSEALGEBRA_H
