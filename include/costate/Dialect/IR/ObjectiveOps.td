//===- ObjectiveOps.td - What is to be small ---------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_OBJECTIVE_OPS
#define COSTATE_OBJECTIVE_OPS

include "costate/Dialect/IR/CostateDialect.td"
include "costate/Dialect/IR/Real.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"

def Costate_LossKind : I32EnumAttr<"LossKind", "how a difference becomes a number", [
    I32EnumAttrCase<"identity", 0>, I32EnumAttrCase<"square", 1>, I32EnumAttrCase<"absolute", 2>,
    I32EnumAttrCase<"huber", 3>, I32EnumAttrCase<"cross_entropy", 4>, I32EnumAttrCase<"custom", 5>]> {
  let cppNamespace = "::costate";
}
def Costate_Aggregate : I32EnumAttr<"Aggregate", "how the values over a set become one", [
    I32EnumAttrCase<"mean", 0>, I32EnumAttrCase<"sum", 1>]> {
  let cppNamespace = "::costate";
}
/// The name of a column, or a number.
def Costate_ColumnOrNumber : AnyAttrOf<[StrAttr, F64Attr]>;

def Costate_MinimizeOp : Costate_Op<"minimize", [HasParent<"ProblemOp">,
                                                 DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A term of the objective";
  let description = [{
    weight · mean (or `sum`) over the set of loss(@f(columns), target). Of a batch of b among n points, the sum
    is n/b times what they add up to. `@f` is a network, a residual or a
    function; the columns named are its arguments, and the target is a column or a number. Of a tensor, the
    losses of the components are added up.

    | written | loss of u = @f(columns), y = target |
    | --- | --- |
    | `@f(x)` | u, which must be one number |
    | `square(@f(x) - y)` | Σ (u − y)² |
    | `absolute(@f(x) - y)` | Σ abs(u − y) |
    | `huber<δ>(@f(x) - y)` | Σ ½(u − y)² up to δ, δ·(abs(u − y) − ½δ) beyond |
    | `cross_entropy(@f(x), y)` | −Σ y log softmax(u), y a distribution |
    | `@loss(@f(x), y)` | the function `@loss` of u and y; or of u alone |

    Where the target is left out of a difference it is zero.

    ```mlir
    costate.minimize "data" square(@wave(x, style) - y) over @train weight 1.0
    ```
  }];
  let arguments = (ins StrAttr:$name, DefaultValuedAttr<Costate_Aggregate, "::costate::Aggregate::mean">:$aggregate,
                       Costate_LossKind:$loss, OptionalAttr<F64Attr>:$delta,
                       OptionalAttr<FlatSymbolRefAttr>:$loss_function, FlatSymbolRefAttr:$callee,
                       StrArrayAttr:$columns, OptionalAttr<Costate_ColumnOrNumber>:$target, SymbolNameAttr:$set,
                       DefaultValuedAttr<F64Attr, "1.0">:$weight);
  let assemblyFormat = [{
    $name ($aggregate^)? custom<Loss>($loss, $delta, $loss_function, $callee, $columns, $target) `over` $set
    (`weight` custom<Number>($weight)^)? attr-dict
  }];
}

#endif // COSTATE_OBJECTIVE_OPS
