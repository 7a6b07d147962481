//===- SetOps.td - Reductions and maps of pointwise functions over point sets (level 2 and 3) --------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_SET_OPS
#define COSTATE_SET_OPS

include "costate/Dialect/IR/CostateDialect.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Costate_CombineSum : I32EnumAttrCase<"sum", 0>;
def Costate_CombineMax : I32EnumAttrCase<"max", 1>;
def Costate_Combine : I32EnumAttr<"Combine", "how values of several points combine",
                                  [Costate_CombineSum, Costate_CombineMax]> {
  let cppNamespace = "::costate";
  let genSpecializedAttr = 0;
}
def Costate_CombineAttr : EnumAttr<Costate_Dialect, Costate_Combine, "combine">;
def Costate_CombineArrayAttr : TypedArrayAttrBase<Costate_CombineAttr, "how each result combines">;

def Costate_ReduceSetOp : Costate_Op<"reduce_set", [Pure, AttrSizedOperandSegments,
                                     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Reduces a pointwise function over the points of a set";
  let description = [{
    Calls the pointwise function `callee` once for every point `i < count` and combines each of its results
    over the points, by sum or by maximum.

    `callee` takes, in this order: the `uniforms`, the same for every point; one sample of each column; and
    a scalar weight, which is `weight` for every point of the set. A column of samples `tensor<axbxT>` is held
    with the points last, `tensor<axbx?xT>`. The function must be homogeneous of degree one in its last
    argument in every result that is summed, and a result that is combined by maximum must be multiplied by a
    nonnegative power of it and be nonnegative: a tile is filled up with copies of a valid point whose weight
    is zero, and nothing else keeps these from being counted.

    The result has the types of the callee's results. The order of summation depends on `count` and on the
    tile only, not on the number of threads.

    ```mlir
    %g:2 = costate.reduce_set @loss uniform(%w : tensor<20x2xf32>) over(%x, %y : tensor<2x?xf32>, tensor<1x?xf32>)
             count %n weight %scale : f32 {combine = [#costate.combine<sum>, #costate.combine<max>]} -> tensor<20x2xf32>, f32
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$uniforms, Variadic<AnyRankedTensor>:$columns,
                       Index:$count, AnyFloat:$weight, OptionalAttr<Costate_CombineArrayAttr>:$combine);
  let results = (outs Variadic<AnyType>:$results);
  let assemblyFormat = [{
    $callee (`uniform` `(` $uniforms^ `:` type($uniforms) `)`)? (`over` `(` $columns^ `:` type($columns) `)`)?
    `count` $count `weight` $weight `:` type($weight) attr-dict `->` type($results)
  }];
  let extraClassDeclaration = [{
    /// How result `i` combines; by sum where nothing is said.
    Combine getCombineOf(unsigned i);
  }];
}

def Costate_MapSetOp : Costate_Op<"map_set", [Pure, AttrSizedOperandSegments,
                                  DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Evaluates a pointwise function at every point of a set";
  let description = [{
    Calls `callee` on the uniforms and one sample of each column (there is no weight) for every point
    `i < count`. Result k of the callee, a `tensor<axbxT>`, is stored as column i of destination k, a
    `tensor<axbx?xT>` with the points last. Columns at `count` and beyond are unspecified.

    ```mlir
    %u = costate.map_set @net uniform(%w : tensor<20x2xf32>) over(%x : tensor<2x?xf32>)
           count %n into(%dest : tensor<1x?xf32>) -> tensor<1x?xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$uniforms, Variadic<AnyRankedTensor>:$columns,
                       Index:$count, Variadic<AnyRankedTensor>:$dests);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $callee (`uniform` `(` $uniforms^ `:` type($uniforms) `)`)? (`over` `(` $columns^ `:` type($columns) `)`)?
    `count` $count `into` `(` $dests `:` type($dests) `)` attr-dict `->` type($results)
  }];
}

#endif // COSTATE_SET_OPS
