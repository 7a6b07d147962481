//===- CostateDialect.td - The costate dialect: its name and purpose ---------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DIALECT
#define COSTATE_DIALECT

include "mlir/IR/OpBase.td"

def Costate_Dialect : Dialect {
  let name = "costate";
  let summary = "Constrained learning problems and the transforms that compile them";
  let description = [{
    A constrained learning problem states what is unknown (networks, variables), what must hold (residuals,
    equalities, inequalities) and what is to be small (an objective). The dialect holds such problems
    (level 1), and the transforms of symbols and the reductions over point sets that they become (level 2).
  }];
  let cppNamespace = "::costate";
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect",
                           "::mlir::tensor::TensorDialect", "::mlir::func::FuncDialect"];
}

class Costate_Op<string mnemonic, list<Trait> traits = []> : Op<Costate_Dialect, mnemonic, traits>;

#endif // COSTATE_DIALECT
