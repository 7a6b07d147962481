//===- Passes.td - Passes of Pipelines ---------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
include "mlir/Pass/PassBase.td"

def CostateVerifyLevel : Pass<"costate-verify-level", "::mlir::ModuleOp"> {
  let summary = "Check that a module holds only what its level allows";
  let description = [{
    Reports every op that `docs/Lowering.md` forbids at the level, at its location, and fails if there is one. A level
    that is reached allows what stands below it but nothing that a pass before it should have resolved.

    Example: `test/Pipelines/verify-level.mlir`.
  }];
  let options = [Option<"level", "level", "unsigned", "1", "The level, 1 to 5">];
}

def CostateVerifySizes : Pass<"costate-verify-sizes"> {
  let summary = "Check that no value is larger than what can be addressed";
  let description = [{
    A tensor or memref has 2^44 elements at most, so that sizes, places and costs can be computed with 64 bits. `costate-opt` runs it
    before every other pass.

    Example: `test/Pipelines/verify-sizes.mlir`.
  }];
}

def CostateVerifySource : Pass<"costate-verify-source", "::mlir::ModuleOp"> {
  let summary = "Check that a program is made of what can be compiled";
  let description = [{
    Before anything is lowered: every value is of a type that there is code for, every op of a dialect that has a lowering,
    and nothing else stands in the module. What is not so is reported, all of it, at its place. Entry functions are not looked
    at: they are the compiler's.

    Example: `test/Pipelines/verify-source-invalid.mlir`.
  }];
}

def CostateSetPrecision : Pass<"costate-set-precision", "::mlir::ModuleOp"> {
  let summary = "Make f32 or f64 the only floating-point type of a problem";
  let description = [{
    Replaces f32 and f64 by the one given in every type and attribute of a level-1 module; constants are rounded to
    nearest. Conversions between the two (`arith.extf`, `arith.truncf`) lose their meaning and are an error of the
    verifier.

    Example: `test/Pipelines/set-precision.mlir`.
  }];
  let options = [Option<"precision", "precision", "std::string", "\"f64\"", "f32 or f64">];
}
