//===- TensorRules.td - Derivative rules of tensor ---------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "costate/Differentiation/Rules.td"
include "mlir/Dialect/Tensor/IR/TensorOps.td"

def : StructuralRule<Tensor_ExtractSliceOp, ["source"]>;
def : StructuralRule<Tensor_InsertSliceOp, ["source", "dest"]>;
def : StructuralRule<Tensor_ExpandShapeOp, ["src"]> { let applicable = "isStatic(op)"; }
def : StructuralRule<Tensor_CollapseShapeOp, ["src"]> { let applicable = "isStatic(op)"; }
def : StructuralRule<Tensor_ConcatOp, ["inputs"]> { let applicable = "isStatic(op)"; }
def : StructuralRule<Tensor_PadOp, ["source"]> {
  let applicable = "isPaddedByConstant(op)";
  let note = "by a constant; any other padding is written as an insertion first";
}
def : StructuralRule<Tensor_FromElementsOp, ["elements"]>;
def : StructuralRule<Tensor_SplatOp, ["input"]>;
def : StructuralRule<Tensor_ExtractOp, ["tensor"]>;
def : StructuralRule<Tensor_InsertOp, ["scalar", "dest"]>;
def : StructuralRule<Tensor_CastOp, ["source"]>;
def : ZeroRule<Tensor_EmptyOp>;
def : ZeroRule<Tensor_DimOp>;
def : ZeroRule<Tensor_RankOp>;
