//===- CustomDerivativeOps.td - Derivatives that the program states (levels 1 and 2) -----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_CUSTOM_DERIVATIVE_OPS
#define COSTATE_CUSTOM_DERIVATIVE_OPS

include "costate/Dialect/IR/CostateDialect.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Costate_CustomDerivativeOp
    : Costate_Op<"custom_derivative", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "States the derivative of a function";
  let description = [{
    Wherever a call of `function` is differentiated, `jvp` or `vjp` is taken for its derivative; its body is not looked at.
    Both have the arguments and results that `costate.derive` gives the derivative with respect to all arguments: with x
    the arguments and y the results,

    | derivative | arguments | results |
    | --- | --- | --- |
    | `jvp` | x, one tangent for each of x | y, one tangent for each of y |
    | `vjp` | x, one cotangent for each of y | y, one cotangent for each of x |

    A jvp is linear in the tangents, and is transposed where the reverse mode asks for it. A function with a vjp cannot
    be differentiated forwards, so neither by inputs (`costate.diff`); derivatives of its vjp can be taken. Arguments and
    results are floats and tensors of floats.

    ```mlir
    costate.custom_derivative @clipped vjp @clipped_vjp
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$function, OptionalAttr<FlatSymbolRefAttr>:$jvp,
                       OptionalAttr<FlatSymbolRefAttr>:$vjp);
  let assemblyFormat = "$function (`jvp` $jvp^)? (`vjp` $vjp^)? attr-dict";
  let hasVerifier = 1;
}

def Costate_CustomCallOp : Costate_Op<"custom_call", [Pure]> {
  let summary = "A call of a function whose derivative is stated (level 2)";
  let description = [{
    What a call is while derivatives are made; `func.call` afterwards.

    ```mlir
    %y = costate.custom_call @clipped(%x) vjp @clipped_vjp : (f64) -> f64
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$operands,
                       OptionalAttr<FlatSymbolRefAttr>:$jvp, OptionalAttr<FlatSymbolRefAttr>:$vjp);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    $callee `(` $operands `)` (`jvp` $jvp^)? (`vjp` $vjp^)? attr-dict `:` functional-type($operands, $results)
  }];
}

def Costate_PushforwardOp : Costate_Op<"pushforward", [Pure, AttrSizedOperandSegments]> {
  let summary = "Tangents of which only the transpose is known (level 2)";
  let description = [{
    The tangents of the results of a function at `primals`, linear in `tangents`; its transpose is `vjp`. It is there while
    a derivative is made, and an error where it has not been transposed.

    ```mlir
    %dy = costate.pushforward @clipped_vjp at %x : (f64) along %dx : (f64) -> f64
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$vjp, Variadic<AnyType>:$primals, Variadic<AnyType>:$tangents);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    $vjp `at` $primals `:` `(` type($primals) `)` `along` $tangents attr-dict `:` functional-type($tangents, $results)
  }];
}

#endif // COSTATE_CUSTOM_DERIVATIVE_OPS
