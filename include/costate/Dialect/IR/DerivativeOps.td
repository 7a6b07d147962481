//===- DerivativeOps.td - Derivatives of values by arguments of the function they are in -------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_DERIVATIVE_OPS
#define COSTATE_DERIVATIVE_OPS

include "costate/Dialect/IR/NetworkOps.td"

class Costate_DerivativeOp<string mnemonic, list<Trait> traits = []>
    : Costate_Op<mnemonic, !listconcat([Pure, SymbolUserOpInterface], traits)> {
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let extraClassDeclaration = [{
    /// Checks the order together with that of derivatives that this one is taken of, and what calls go through.
    ::llvm::LogicalResult verifySymbolUses(::mlir::SymbolTableCollection &symbols);
  }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::verifySymbolUses(::mlir::SymbolTableCollection &symbols) {
      return verifyTotalOrder(*this, symbols);
    }
  }];
}

def Costate_IndicesAttr : TypedArrayAttrBase<DenseI64ArrayAttr, "the components of each input">;

def Costate_DiffOp : Costate_DerivativeOp<"diff", [AllTypesMatch<["value", "result"]>]> {
  let summary = "A partial derivative";
  let description = [{
    The partial derivative of `value` by components of the inputs, which are arguments of the enclosing
    function of shape `tensor<dxT>` (or `tensor<T>`). Each index written is one differentiation, so the order
    is the number of indices, 1 to 4. The result has the type of `value`: every component is differentiated.

    ```mlir
    %uxx = costate.diff %u by %x[0, 0] : tensor<1xf64>, tensor<2xf64>
    %uxt = costate.diff %u by %x[0], %t[0] : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>
    ```
  }];
  let arguments = (ins Costate_Tensor:$value, Variadic<Costate_Tensor>:$inputs, Costate_IndicesAttr:$indices);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = "$value `by` custom<Partials>($inputs, $indices) attr-dict `:` type($value) `,` type($inputs)";
}

/// A derivative by every component of its inputs, counted through all inputs in order.
class Costate_FieldOp<string mnemonic> : Costate_DerivativeOp<mnemonic> {
  let arguments = (ins Costate_Tensor:$value, Variadic<Costate_Tensor>:$inputs);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = "$value `by` $inputs attr-dict `:` type($value) `,` type($inputs) `->` type($result)";
}

def Costate_GradOp : Costate_FieldOp<"grad"> {
  let summary = "The gradient of a scalar field";
  let description = [{
    Of u, `tensor<1xT>`, by x, `tensor<dxT>`: the `tensor<dxT>` of ∂u/∂xᵢ. By several inputs, x is all of them,
    one after the other.

    ```mlir
    %g = costate.grad %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3xf64>
    ```
  }];
}
def Costate_JacobianOp : Costate_FieldOp<"jacobian"> {
  let summary = "The Jacobian of a vector field";
  let description = [{
    Of u, `tensor<oxT>`, by x, `tensor<dxT>`: the `tensor<oxdxT>` of ∂uₖ/∂xᵢ. By several inputs, x is all of
    them, one after the other.

    ```mlir
    %j = costate.jacobian %u by %x : tensor<3xf64>, tensor<2xf64> -> tensor<3x2xf64>
    ```
  }];
}
def Costate_HessianOp : Costate_FieldOp<"hessian"> {
  let summary = "The Hessian of a scalar field";
  let description = [{
    Of u, `tensor<1xT>`, by x, `tensor<dxT>`: the `tensor<dxdxT>` of ∂²u/∂xᵢ∂xⱼ. By several inputs, x is all of
    them, one after the other, so that mixed derivatives stand in the off-diagonal blocks.

    ```mlir
    %h = costate.hessian %u by %x, %t : tensor<1xf64>, tensor<2xf64>, tensor<1xf64> -> tensor<3x3xf64>
    ```
  }];
}
def Costate_DivOp : Costate_FieldOp<"div"> {
  let summary = "The divergence of a vector field";
  let description = [{
    Of u, `tensor<dxT>`, by x, `tensor<dxT>`: the `tensor<1xT>` Σ ∂uᵢ/∂xᵢ. By several inputs, x is all of them,
    one after the other: for a conservation law, u is the density behind or before the flux.

    ```mlir
    %d = costate.div %flux by %x, %y : tensor<2xf64>, tensor<1xf64>, tensor<1xf64> -> tensor<1xf64>
    ```
  }];
}
def Costate_LaplacianOp : Costate_DerivativeOp<"laplacian", [AllTypesMatch<["value", "result"]>]> {
  let summary = "The Laplacian of each component";
  let description = [{
    Σ ∂²u/∂xᵢ² over all components of x, `tensor<dxT>`, or over those listed: for a field of space and time
    in one argument, the spatial ones. By several inputs, x is all of them, one after the other. The result has
    the type of `value`.

    ```mlir
    %l = costate.laplacian %u by %x components [0, 1] : tensor<1xf64>, tensor<3xf64>
    %m = costate.laplacian %u by %x, %y : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>
    ```
  }];
  let arguments = (ins Costate_Tensor:$value, Variadic<Costate_Tensor>:$inputs,
                       OptionalAttr<DenseI64ArrayAttr>:$components);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = [{
    $value `by` $inputs (`components` $components^)? attr-dict `:` type($value) `,` type($inputs)
  }];
}

def Costate_TermAttr : AttrDef<Costate_Dialect, "Term"> {
  let mnemonic = "term";
  let summary = "One term of a differential operator";
  let description = [{
    weight · ∂^indices, where an index is a variable of the operator: the components of its inputs, counted
    through all inputs in order. Indices are sorted; no index is the value itself.

    ```mlir
    #costate.term<-0.01, [0, 0]>
    ```
  }];
  let parameters = (ins Costate_Real<"factor">:$weight, Costate_Integers<"variables differentiated by">:$indices);
  let assemblyFormat = "`<` $weight `,` $indices `>`";
}
def Costate_TermsAttr : TypedArrayAttrBase<Costate_TermAttr, "the terms of a differential operator">;

def Costate_OperatorOp : Costate_DerivativeOp<"operator", [AllTypesMatch<["value", "result"]>]> {
  let summary = "A linear differential operator with constant coefficients";
  let description = [{
    Σ weight · ∂^indices `value`, the form that every other derivative op takes before it is expanded. A
    variable is a component of an input, counted through all inputs in order. The result has the type of
    `value`. One operator is one Taylor channel: what the function uses only as such a sum is never split.

    ```mlir
    // u_t - 0.01 u_xx
    %r = costate.operator %u by (%x, %t) terms [#costate.term<1.0, [1]>, #costate.term<-0.01, [0, 0]>]
       : tensor<1xf64>, tensor<1xf64>, tensor<1xf64>
    ```
  }];
  let arguments = (ins Costate_Tensor:$value, Variadic<Costate_Tensor>:$inputs, Costate_TermsAttr:$terms);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = [{
    $value `by` `(` $inputs `)` `terms` $terms attr-dict `:` type($value) `,` type($inputs)
  }];
}

def Costate_DirectionOp : Costate_Op<"direction", [Pure]> {
  let summary = "Several unit directions, each in turn";
  let description = [{
    The unit vectors of the listed components of `tensor<dxT>`, d·T counted flat: what is computed from the result is
    computed once for each of them, up to a `costate.sum_directions`. Derivatives in many directions are written with it
    once; `costate-batch-directions` makes the directions a dimension of tensors.

    ```mlir
    %v = costate.direction [0, 1, 2] : tensor<3xf64>
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$components);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = "$components attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Costate_SumDirectionsOp : Costate_Op<"sum_directions", [Pure, AllTypesMatch<["value", "result"]>]> {
  let summary = "A sum over directions";
  let description = [{
    Σ `value` over the directions of `direction`, a `costate.direction`.

    ```mlir
    %s = costate.sum_directions %square over %v : tensor<64xf64>, tensor<3xf64>
    ```
  }];
  let arguments = (ins Costate_Tensor:$value, Costate_Tensor:$direction);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = "$value `over` $direction attr-dict `:` type($value) `,` type($direction)";
  let hasVerifier = 1;
}

#endif // COSTATE_DERIVATIVE_OPS
