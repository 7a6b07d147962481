//===- PointSetOps.td - The sets of points that a problem is stated over -----------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_POINT_SET_OPS
#define COSTATE_POINT_SET_OPS

include "costate/Dialect/IR/CostateDialect.td"
include "costate/Dialect/IR/RegionAttrs.td"
include "mlir/IR/SymbolInterfaces.td"

class Costate_PointSetOp<string mnemonic> : Costate_Op<mnemonic, [HasParent<"ProblemOp">]> {
  let hasVerifier = 1;
  code lookup = [{
    /// The type of one sample of a column; null where there is no such column.
    ::mlir::RankedTensorType getColumnType(::llvm::StringRef column);
  }];
  let extraClassDeclaration = lookup;
}

def Costate_DataOp : Costate_PointSetOp<"data"> {
  let summary = "A set of points that is read from a file";
  let description = [{
    Names the columns of the set and the type of one sample of each. The file (npz, or csv) is given when the
    program runs; `file` says where it looks by itself.

    ```mlir
    costate.data @train (x: tensor<1xf64>, y: tensor<1xf64>) file "waves.npz"
    ```
  }];
  let arguments = (ins SymbolNameAttr:$set_name, StrArrayAttr:$column_names, TypeArrayAttr:$column_types,
                       OptionalAttr<StrAttr>:$file);
  let assemblyFormat = "$set_name custom<Columns>($column_names, $column_types) (`file` $file^)? attr-dict";
}

def Costate_SampleOp : Costate_PointSetOp<"sample"> {
  let summary = "A set of points that is sampled in a region";
  let description = [{
    The columns' components together, in order, are the dimensions of the region: `box<lower, upper>`, or
    `on faces<lower, upper, [[dimension, side], …]>` of one. `count` is one number, or for a grid one number for
    each dimension. `resample k` draws new points every k steps; 0, or nothing said, keeps them.

    ```mlir
    costate.sample @interior (x: tensor<2xf64>) in box<[0.0, -1.0], [1.0, 1.0]> by sobol count 10000 resample 100
    costate.sample @walls (x: tensor<2xf64>) on faces<[0.0, -1.0], [1.0, 1.0], [[1, 0], [1, 1]]> by uniform count 200
    ```
  }];
  let arguments = (ins SymbolNameAttr:$set_name, StrArrayAttr:$column_names, TypeArrayAttr:$column_types,
                       AnyAttrOf<[Costate_BoxAttr, Costate_FacesAttr]>:$region, Costate_Sampler:$sampler,
                       DenseI64ArrayAttr:$count, DefaultValuedAttr<I64Attr, "0">:$resample);
  let assemblyFormat = [{
    $set_name custom<Columns>($column_names, $column_types) custom<Region>($region) `by` $sampler
    `count` custom<Counts>($count) (`resample` custom<Whole>($resample)^)? attr-dict
  }];
}

#endif // COSTATE_POINT_SET_OPS
