//===- ConstraintOps.td - What must hold -------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CONSTRAINT_OPS
#define COSTATE_CONSTRAINT_OPS

include "costate/Dialect/IR/ObjectiveOps.td"
include "costate/Dialect/IR/StrategyAttrs.td"

def Costate_Relation : I32EnumAttr<"Relation", "how a value compares with its bound", [
    I32EnumAttrCase<"equal", 0>, I32EnumAttrCase<"at_most", 1>, I32EnumAttrCase<"at_least", 2>]> {
  let cppNamespace = "::costate";
}

def Costate_SubjectToOp : Costate_Op<"subject_to", [HasParent<"ProblemOp">,
                                                    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A constraint";
  let description = [{
    Requires `@g(columns) == bound` (or `<=`, `>=`) at every point of the set, for every component of the
    result; with `mean` or `sum` of the aggregate over the set instead. The bound is a number or a column.
    `by` says how it is enforced; the problem does not change with it.

    ```mlir
    costate.subject_to "helmholtz" @helmholtz(x, style) == 0.0 over @train by #costate.tanabe<mode = per_sample>
    costate.subject_to "mass" mean @mass(x) <= 0.5 over @interior by #costate.penalty<weight = 10.0>
    ```
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<Costate_Aggregate>:$aggregate, FlatSymbolRefAttr:$callee,
                       StrArrayAttr:$columns, Costate_Relation:$relation, Costate_ColumnOrNumber:$bound,
                       SymbolNameAttr:$set, Costate_StrategyAttrInterface:$strategy);
  let assemblyFormat = [{
    $name ($aggregate^)? custom<Application>($callee, $columns) custom<Relation>($relation)
    custom<ColumnOrNumber>($bound) `over` $set `by` $strategy attr-dict
  }];
}

#endif // COSTATE_CONSTRAINT_OPS
