//===- DifferentiableOpInterface.td - What the differentiation algorithms ask of an op ---------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_DIFFERENTIABLEOPINTERFACE
#define COSTATE_DIFFERENTIATION_DIFFERENTIABLEOPINTERFACE

include "mlir/IR/OpBase.td"

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let description = [{
    An op with a derivative rule. The kind of the rule says which of the methods mean anything; jvp, transpose and
    jets all follow from them. Models are generated from rules by `costate-tblgen`; a dialect may also implement
    the interface by hand.
  }];
  let cppNamespace = "::costate";
  let methods = [
    InterfaceMethod<"The kind of the rule; None where this op, as it stands, has none.",
                    "::costate::RuleKind", "getRuleKind">,
    InterfaceMethod<"Whether the results depend differentiably on the operand.",
                    "bool", "isDifferentiable", (ins "unsigned":$operand), "", "return false;">,
    InterfaceMethod<"Linear and Solve: the op applied to one tangent for each operand, where null means zero. Null if zero. "
                    "Solve is given a null for operand 0, which stays.",
                    "::mlir::Value", "push",
                    (ins "::mlir::OpBuilder &":$builder, "::llvm::ArrayRef<::mlir::Value>":$tangents), "", "return {};">,
    InterfaceMethod<"Bilinear: the product of the two values, without the addend. Solve: a value like operand 0 times one "
                    "like the result.",
                    "::mlir::Value", "multiply",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Value":$lhs, "::mlir::Value":$rhs), "", "return {};">,
    InterfaceMethod<"Linear, Bilinear, and operand 1 of Solve: the cotangent of the operand, given that of the result.",
                    "::mlir::Value", "transpose",
                    (ins "::mlir::OpBuilder &":$builder, "unsigned":$operand, "::mlir::Value":$cotangent), "", "return {};">,
    InterfaceMethod<"Partials: the elementwise derivative by the operand. Null if zero.",
                    "::mlir::Value", "partial",
                    (ins "::mlir::OpBuilder &":$builder, "unsigned":$operand), "", "return {};">,
    InterfaceMethod<"Compose: values equal to the results, computed by ops that have rules.",
                    "::llvm::SmallVector<::mlir::Value>", "compose", (ins "::mlir::OpBuilder &":$builder), "", "return {};">,
  ];
}

#endif // COSTATE_DIFFERENTIATION_DIFFERENTIABLEOPINTERFACE
