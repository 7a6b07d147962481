//===- BodyOnTensors.h - The body of a generic op as ops on tensors ---------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LIB_DIFFERENTIATION_BODYONTENSORS_H
#define COSTATE_LIB_DIFFERENTIATION_BODYONTENSORS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"

namespace costate {

/// Evaluates the body of a generic op on tensors of the shape of its loops.
class BodyOnTensors {
public:
  BodyOnTensors(mlir::linalg::GenericOp op, mlir::IRRewriter &rewriter)
      : op(op), rewriter(rewriter), loops(op.getStaticLoopRanges()) {}

  /// The same on `elements` of one operand alone, of which everything that is evaluated has to be computed.
  BodyOnTensors(mlir::linalg::GenericOp op, mlir::OpOperand &operand, mlir::Value elements,
                mlir::IRRewriter &rewriter)
      : op(op), rewriter(rewriter), loops(mlir::cast<mlir::RankedTensorType>(elements.getType()).getShape()) {
    values.map(op.getMatchingBlockArgument(&operand), elements);
  }

  /// Whether `value` of the body can be evaluated; does not touch the output if `withOutput` is false.
  bool canEvaluate(mlir::Value value, bool withOutput);
  mlir::Value evaluate(mlir::Value value);

private:
  mlir::RankedTensorType typeFor(mlir::Type element) const {
    return mlir::RankedTensorType::get(loops, element);
  }
  mlir::Value splat(mlir::Value scalar);
  mlir::Value operandOnLoops(mlir::OpOperand &operand);
  /// `tensor`, read by any map: element by element, along the loops that the map depends on.
  mlir::Value readElements(mlir::Value tensor, mlir::AffineMap map);
  /// The elements at which the body reads a tensor from outside.
  mlir::Value gather(mlir::tensor::ExtractOp extract);
  mlir::Value indices(mlir::linalg::IndexOp index);

  mlir::linalg::GenericOp op;
  mlir::IRRewriter &rewriter;
  llvm::SmallVector<int64_t> loops;
  mlir::IRMapping values;
};

} // namespace costate

#endif // COSTATE_LIB_DIFFERENTIATION_BODYONTENSORS_H
