//===- Linearizer.h - The visitor of ops that writes tangents ----------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_LINEARIZER_H
#define COSTATE_LIB_DIFFERENTIATION_LINEARIZER_H

#include "ExprBuilder.h"
#include "Linearize.h"
#include "costate/Differentiation/DifferentiableOpInterface.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace costate {

class Linearizer {
public:
  explicit Linearizer(Tangents &tangents) : tangents(tangents) {}

  /// Visits the ops from `first` on, up to but not including `end` (null: the end of the block).
  void visitRange(mlir::Operation *first, mlir::Operation *end);
  bool failed = false;

private:
  void visit(mlir::Operation *op);
  void visitBilinear(DifferentiableOpInterface op, mlir::OpBuilder &builder);
  void visitSolve(DifferentiableOpInterface op, mlir::OpBuilder &builder);
  void visitPartials(DifferentiableOpInterface op, mlir::OpBuilder &builder);
  void visitComposition(DifferentiableOpInterface op);
  void visitIf(mlir::scf::IfOp op, mlir::OpBuilder &builder);

  // Replaced by a loop that carries the tangents too.
  void visitFor(mlir::scf::ForOp op);
  void visitWhile(mlir::scf::WhileOp op);
  /// The positions of `arguments` that depend on what has a tangent.
  llvm::SmallVector<unsigned> activeAmong(mlir::Operation *loop, mlir::ValueRange arguments) const;
  /// Appends to `block` an argument for the tangent of each of its arguments listed.
  void addTangentArguments(mlir::Block &block, mlir::ValueRange primals, llvm::ArrayRef<unsigned> positions);
  /// `values`, followed by the tangents of those listed.
  llvm::SmallVector<mlir::Value> withTangents(mlir::OpBuilder &builder, mlir::ValueRange values,
                                              llvm::ArrayRef<unsigned> positions) const;
  void replaceLoop(mlir::Operation *loop, mlir::Operation *joint, llvm::ArrayRef<unsigned> positions);

  mlir::Value tangentOf(mlir::Value value) const { return tangents.lookup(value); }
  /// A tangent that folded to a constant zero is none.
  void setTangent(mlir::Value value, mlir::Value tangent) {
    if (tangent && !isZeroValue(tangent))
      tangents[value] = tangent;
  }
  bool isActive(mlir::Operation *op) const;

  Tangents &tangents;
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_LINEARIZER_H
