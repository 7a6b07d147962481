//===- InitializerAttrs.td - How a parameter begins --------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_INITIALIZER_ATTRS
#define COSTATE_INITIALIZER_ATTRS

include "costate/Dialect/IR/CostateDialect.td"
include "costate/Dialect/IR/Real.td"
include "mlir/IR/EnumAttr.td"

def Costate_InitializerKind : I32EnumAttr<"InitializerKind", "how a parameter begins", [
    I32EnumAttrCase<"zeros", 0>, I32EnumAttrCase<"constant", 1>, I32EnumAttrCase<"normal", 2>,
    I32EnumAttrCase<"uniform", 3>, I32EnumAttrCase<"glorot_uniform", 4>, I32EnumAttrCase<"glorot_normal", 5>,
    I32EnumAttrCase<"he_uniform", 6>, I32EnumAttrCase<"he_normal", 7>, I32EnumAttrCase<"lecun_normal", 8>,
    I32EnumAttrCase<"values", 9>]> {
  let cppNamespace = "::costate";
}

def Costate_InitializerAttr : AttrDef<Costate_Dialect, "Initializer"> {
  let mnemonic = "initializer";
  let summary = "How a parameter begins";
  let description = [{
    | kind | arguments |
    | --- | --- |
    | `zeros`, `glorot_uniform`, `glorot_normal`, `he_uniform`, `he_normal`, `lecun_normal` | none |
    | `constant` | the value |
    | `normal` | mean, standard deviation |
    | `uniform` | low, high |
    | `values` | one number for each element, in row-major order |

    In an op it is written without the dialect: `init(normal<0.0, 0.1>)`.

    ```mlir
    #costate.initializer<normal, [0.0, 0.1]>
    ```
  }];
  let parameters = (ins "::costate::InitializerKind":$kind, Costate_Reals<"the arguments of the kind">:$arguments);
  let assemblyFormat = "`<` $kind `,` $arguments `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The initialiser as the program descriptor holds it. The fans are those of the linear map that the
    /// parameter belongs to; they appear where the kind depends on them.
    ::mlir::DictionaryAttr getDescriptor(int64_t fanIn, int64_t fanOut);
  }];
}

#endif // COSTATE_INITIALIZER_ATTRS
