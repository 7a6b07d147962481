//===- CustomDerivativeInterface.td - Ops that bring their derivative along --------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_CUSTOMDERIVATIVEINTERFACE
#define COSTATE_DIFFERENTIATION_CUSTOMDERIVATIVEINTERFACE

include "mlir/IR/OpBase.td"

def CustomDerivativeInterface : OpInterface<"CustomDerivativeInterface"> {
  let description = [{
    An op whose tangents are given, as ops that have derivatives themselves or as a *pushforward*: an op with this
    interface that stands for tangents of which only the transpose is known. It is gone once it has been transposed.
  }];
  let cppNamespace = "::costate";
  let methods = [
    InterfaceMethod<"The tangents of the results, from one tangent for each operand; null means zero. An error is emitted on failure.",
                    "::mlir::FailureOr<::llvm::SmallVector<::mlir::Value>>", "linearize",
                    (ins "::mlir::OpBuilder &":$builder, "::llvm::ArrayRef<::mlir::Value>":$tangents), "",
                    [{ return $_op->emitOpError() << "has no derivative forwards"; }]>,
    InterfaceMethod<"Pushforward: the first of the operands in which the op is linear, which are the last ones.",
                    "std::optional<unsigned>", "getFirstTangent", (ins), "", "return std::nullopt;">,
    InterfaceMethod<"Pushforward: the cotangents of these operands, from one for each result; null means zero. An error is emitted on failure.",
                    "::mlir::FailureOr<::llvm::SmallVector<::mlir::Value>>", "transpose",
                    (ins "::mlir::OpBuilder &":$builder, "::llvm::ArrayRef<::mlir::Value>":$cotangents), "",
                    [{ return $_op->emitOpError() << "has no derivative backwards"; }]>,
  ];
}

#endif // COSTATE_DIFFERENTIATION_CUSTOMDERIVATIVEINTERFACE
