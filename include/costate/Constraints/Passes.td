//===- Passes.td - Passes of Constraints -------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def InsertMultipliersPass : Pass<"costate-insert-multipliers", "::mlir::ModuleOp"> {
  let summary = "Writes the training step of a constrained problem";
  let description = [{
    Before: networks and residuals are functions without `costate.diff`; one `costate.problem`.
    After: level 2. For every set there are pointwise functions for the Lagrangian and for what each strategy needs, with
    their derivatives by the parameters declared by `costate.derive`; the entries `step`, `gradient`, `objective`,
    `predict.*` and `residual.*` reduce them over the sets; the module attribute `costate.program` holds the program's
    descriptor. The problem op is gone.

    The problem is checked before, and the result after: every constraint must be measured in the step.

    Example: `test/Constraints/insert-multipliers.mlir`.
  }];
  let options = [
    Option<"strategy", "strategy", "std::string", "\"\"",
           "A strategy for every constraint in place of its own, e.g. #costate.penalty<weight = 1.0>">
  ];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::scf::SCFDialect"];
}
