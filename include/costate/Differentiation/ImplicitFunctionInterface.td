//===- ImplicitFunctionInterface.td - Ops whose result is defined by an equation ---------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIFFERENTIATION_IMPLICITFUNCTIONINTERFACE
#define COSTATE_DIFFERENTIATION_IMPLICITFUNCTIONINTERFACE

include "mlir/IR/OpBase.td"

def ImplicitFunctionInterface : OpInterface<"ImplicitFunctionInterface"> {
  let description = [{
    An op with one result y, a float or a tensor of floats, that satisfies an equation. Its first region has one block,
    which takes the unknown and yields one value of its type, F(y), G(y) or A·y; what it depends on besides, x, it
    takes from outside.

    | kind | equation | derivative, with the partial derivatives at the solution |
    | --- | --- | --- |
    | Root | F(y, x) = 0 | F_y ẏ = -F_x ẋ |
    | FixedPoint | y = G(y, x) | (I - G_y) ẏ = G_x ẋ |
    | Linear | A(x) y = b, with b the first operand | A ẏ = ḃ - Ȧ y |

    How y is found is no part of its derivative, nor is where the search begins.
  }];
  let cppNamespace = "::costate";
  let methods = [
    InterfaceMethod<"What the equation is.", "::costate::EquationKind", "getEquationKind">,
    InterfaceMethod<"The region of the equation.", "::mlir::Region &", "getEquationRegion">,
    InterfaceMethod<"Whether linear systems are solved by products with the matrix alone.", "bool", "isMatrixFree">,
    InterfaceMethod<"The solution of `matrix`·z = `rhs`, a square tensor of rank two and a vector.",
                    "::mlir::Value", "solveMatrix",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Value":$matrix, "::mlir::Value":$rhs)>,
    InterfaceMethod<"An op with the equation A·z = `rhs`, of kind Linear, whose region is an empty block with an argument.",
                    "::mlir::Operation *", "createOperatorSolve",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Value":$rhs)>,
    InterfaceMethod<"Ends the block of an equation, at `builder`.", "void", "createYield",
                    (ins "::mlir::OpBuilder &":$builder, "::mlir::Value":$value)>,
  ];
}

#endif // COSTATE_DIFFERENTIATION_IMPLICITFUNCTIONINTERFACE
