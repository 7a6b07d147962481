//===- Passes.td - Passes of Solvers -----------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def DefineSolversPass : Pass<"costate-define-solvers", "::mlir::ModuleOp"> {
  let summary = "Defines the dense solvers that a module declares";
  let description = [{
    Before: a module declares private functions with the names and types of dense solvers. After: each has a body,
    in upstream ops on static shapes, which batching can give a lane dimension.

    | name | type | result |
    | --- | --- | --- |
    | `@costate_min_norm_solve_MxF` | (A: M×M, b: M) -> (x: M, rank, min, max) | x = A⁺ b, A positive semidefinite |
    | `@costate_low_rank_min_norm_solve_MxCxF` | (B: M×C, b: M) -> (x: M, rank, min, max) | x = (B Bᵀ)⁺ b |
    | `@costate_psd_factor_MxF` | (G: M×M) -> (L: M×M) | G = L Lᵀ, G positive semidefinite |

    F is `f32` or `f64`. A declaration of such a name with another type is an error; so is such a name whose sizes
    cannot be read.

    Example: `test/Solvers/define-solvers.mlir`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::math::MathDialect", "::mlir::scf::SCFDialect", "::mlir::tensor::TensorDialect"];
}
