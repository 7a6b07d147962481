//===- LinalgRules.td - Derivative rules of linalg ---------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
//
// Derivative rules of linalg. Every other op of the dialect is rewritten to these first, by normalizeLinalg.
//
//===-------------------------------------------------------------------------------------------------------===//
include "costate/Differentiation/Rules.td"
include "mlir/Dialect/Linalg/IR/LinalgStructuredOps.td"

def : BilinearRule<ContractOp> {
  let applicable = "isPlainContraction(op)";
  let note = "of one element type";
}
def : BilinearRule<GenericOp> {
  let applicable = "isPlainProduct(op)";
  let note = "where it is out + a·b, with windows such as 2·o + k among the maps of a and b; without a window and a sum this is an outer product, which linalg.contract does not take";
}
def : StructuralRule<BroadcastOp, ["input"]>;
def : StructuralRule<TransposeOp, ["input"]>;
def : StructuralRule<FillOp, ["inputs"]> { let applicable = "isPlainFill(op)"; }
def : StructuralRule<ReduceOp, ["inputs", "inits"]> {
  let applicable = "isPlainSum(op)";
  let composed = "isExtremum(op)";
  let note = "of one tensor by arith.addf; by maximumf, minimumf, maxnumf, minnumf, or a comparison and a selection, the mean of the elements that attain the extremum";
}
