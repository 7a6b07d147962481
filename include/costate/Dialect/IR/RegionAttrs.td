//===- RegionAttrs.td - Where a set of points is sampled ---------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_REGION_ATTRS
#define COSTATE_REGION_ATTRS

include "costate/Dialect/IR/CostateDialect.td"
include "costate/Dialect/IR/Real.td"
include "mlir/IR/EnumAttr.td"

def Costate_Sampler : I32EnumAttr<"Sampler", "how points are chosen in a region", [
    I32EnumAttrCase<"grid", 0>, I32EnumAttrCase<"uniform", 1>, I32EnumAttrCase<"latin_hypercube", 2>,
    I32EnumAttrCase<"sobol", 3>]> {
  let cppNamespace = "::costate";
}

def Costate_BoxAttr : AttrDef<Costate_Dialect, "Box"> {
  let mnemonic = "box";
  let summary = "A box, by its lower and its upper corner";
  let description = [{
    ```mlir
    #costate.box<[0.0, -1.0], [1.0, 1.0]>
    ```
  }];
  let parameters = (ins Costate_Reals<"lower corner">:$lower, Costate_Reals<"upper corner">:$upper);
  let assemblyFormat = "`<` $lower `,` $upper `>`";
  let genVerifyDecl = 1;
}
def Costate_FacesAttr : AttrDef<Costate_Dialect, "Faces"> {
  let mnemonic = "faces";
  let summary = "Faces of a box";
  let description = [{
    Each face is `[dimension, side]`, side 0 for the lower and 1 for the upper. No face listed means all.

    ```mlir
    #costate.faces<[0.0, -1.0], [1.0, 1.0], [[1, 0], [1, 1]]>
    ```
  }];
  let parameters = (ins Costate_Reals<"lower corner">:$lower, Costate_Reals<"upper corner">:$upper,
                        Costate_Integers<"dimension and side of each face, flat">:$faces);
  let assemblyFormat = "`<` $lower `,` $upper `,` custom<Faces>($faces) `>`";
  let genVerifyDecl = 1;
}

#endif // COSTATE_REGION_ATTRS
