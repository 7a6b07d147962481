//===- TransformOps.td - Transforms of symbols, and calls of what they make (level 2) ----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_TRANSFORM_OPS
#define COSTATE_TRANSFORM_OPS

include "costate/Dialect/IR/CostateDialect.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Costate_TransformCase<string name, int value> : I32EnumAttrCase<name, value>;
def Costate_TransformKind : I32EnumAttr<"TransformKind", "a derivative transform of a function", [
    Costate_TransformCase<"jvp", 0>, Costate_TransformCase<"vjp", 1>, Costate_TransformCase<"gradient", 2>,
    Costate_TransformCase<"jacobian", 3>, Costate_TransformCase<"hessian", 4>, Costate_TransformCase<"hvp", 5>,
    Costate_TransformCase<"jet", 6>, Costate_TransformCase<"transpose", 7>, Costate_TransformCase<"gram", 8>]> {
  let cppNamespace = "::costate";
}

def Costate_WeightLists : TypedArrayAttrBase<F64ArrayAttr, "lists of floats">;
def Costate_IndexLists : TypedArrayAttrBase<I64ArrayAttr, "lists of integers">;

def Costate_DeriveOp : Costate_Op<"derive", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Declares a function as a derivative of another";
  let description = [{
    Declares the function `sym_name` as a transform of the function `source`, with respect to the arguments
    listed in `wrt`. With x the arguments of the source, y its results:

    | kind | arguments | results |
    | --- | --- | --- |
    | `jvp` | x, one tangent for each argument in `wrt` | y, one tangent for each result |
    | `vjp` | x, one cotangent for each result | y, one cotangent for each argument in `wrt` |
    | `gradient` | x (the source has one scalar result) | y, its gradient for each argument in `wrt` |
    | `jacobian` | x | for each result and each argument in `wrt`, a tensor of shape result × argument |
    | `hessian` | x (one scalar result) | for each pair of arguments in `wrt`, a tensor of shape argument × argument |
    | `hvp` | x, one tangent for each argument in `wrt` | the product of the Hessian with it, for each argument in `wrt` |
    | `jet` | x | for each result and each multi-index in `indices`, the partial derivative, of the type of the result |
    | `transpose` | x without `wrt`, one cotangent for each result | one cotangent for each argument in `wrt`, in which the source is linear |
    | `gram` | x; with `diagonal`, one D for each argument in `wrt` and of its shape | for each pair of results, the first not after the second, J Jᵀ or J D⁻¹ Jᵀ, a tensor of shape result × result |

    A scalar counts as a tensor of rank 0. A jet names its `variables`, each by an argument and a component of it
    (row-major and flat), and a multi-index has one exponent for each variable. With `weights`, lists of one weight for
    each multi-index, its results are the weighted sums instead, each computed as one derivative: a Laplacian costs as
    much as one second derivative in every op that is linear.

    A Gram matrix sums over the components of the arguments in `wrt`. `across` lists arguments of which there are `samples`
    many, none of them in `wrt`: they get a last dimension of that extent, and so does each result, so that the matrix is
    that of all samples, of shape (result × samples) × (result × samples).

    `costate-expand-transforms` replaces the declaration by a `func.func` of that name.

    ```mlir
    costate.derive @loss_gradient = gradient @loss wrt [0, 1]
    costate.derive @second_derivatives = jet @wave variables [[0, 0], [0, 1]] indices [[2, 0], [1, 1], [0, 2]]
    costate.derive @laplacian = jet @wave variables [[0, 0], [0, 1]] indices [[2, 0], [0, 2]] weights [[1.0, 1.0]]
    costate.derive @kernel = gram @net wrt [0, 1] across [2] samples 64
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Costate_TransformKind:$kind, FlatSymbolRefAttr:$source,
                       DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{}">:$wrt,
                       OptionalAttr<Costate_IndexLists>:$variables, OptionalAttr<Costate_IndexLists>:$indices,
                       OptionalAttr<Costate_WeightLists>:$weights,
                       DefaultValuedOptionalAttr<DenseI64ArrayAttr, "{}">:$across, OptionalAttr<I64Attr>:$samples,
                       UnitAttr:$diagonal);
  let assemblyFormat = [{
    $sym_name `=` $kind $source (`wrt` $wrt^)? (`variables` $variables^)? (`indices` $indices^)?
    (`weights` $weights^)? (`across` $across^)? (`samples` custom<Whole>($samples)^)? (`diagonal` $diagonal^)? attr-dict
  }];
  let hasVerifier = 1;
  let skipDefaultBuilders = 1;
  let builders = [
    OpBuilder<(ins "::llvm::StringRef":$name, "::costate::TransformKind":$kind, "::llvm::StringRef":$source,
                   "::llvm::ArrayRef<int64_t>":$wrt)>];
}

def Costate_CallOp : Costate_Op<"call", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Calls a network, a residual, a function or a declared derivative";
  let description = [{
    Calls the symbol `callee`. Where it names a network, the network's parameters are not written; they
    belong to the network. Becomes `func.call` as soon as the callee is a function.

    ```mlir
    %u = costate.call @wave(%x, %style) : (tensor<1xf32>, tensor<3xf32>) -> tensor<1xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$operands);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = "$callee `(` $operands `)` attr-dict `:` functional-type($operands, $results)";
}

#endif // COSTATE_TRANSFORM_OPS
