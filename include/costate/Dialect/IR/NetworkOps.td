//===- NetworkOps.td - Networks, their layers, and the parameters and variables that training finds --------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_NETWORK_OPS
#define COSTATE_NETWORK_OPS

include "costate/Dialect/IR/CostateDialect.td"
include "costate/Dialect/IR/InitializerAttrs.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// A sample, a value or a parameter: what pointwise functions compute with.
def Costate_Tensor : StaticShapeTensorOf<[F32, F64]>;

def Costate_Activation : I32EnumAttr<"Activation", "an elementwise function after a linear map", [
    I32EnumAttrCase<"identity", 0>, I32EnumAttrCase<"tanh", 1>, I32EnumAttrCase<"sigmoid", 2>,
    I32EnumAttrCase<"sin", 3>, I32EnumAttrCase<"cos", 4>, I32EnumAttrCase<"exp", 5>, I32EnumAttrCase<"swish", 6>,
    I32EnumAttrCase<"softplus", 7>, I32EnumAttrCase<"gelu", 8>, I32EnumAttrCase<"relu", 9>]> {
  let cppNamespace = "::costate";
}

/// A pure function of one sample that has a name in the module.
class Costate_FunctionOp<string mnemonic, list<Trait> traits = []> : Costate_Op<mnemonic, !listconcat([
    FunctionOpInterface, IsolatedFromAbove, SingleBlock], traits)> {
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<StrAttr>:$sym_visibility, OptionalAttr<DictArrayAttr>:$arg_attrs,
                       OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def Costate_NetworkOp : Costate_FunctionOp<"network"> {
  let summary = "A function of one sample whose parameters are declared in its body";
  let description = [{
    A pure function of ONE sample. Parameters are declared in place, by `dense`, `fourier` and `parameter`,
    and belong to the network: everything that calls it shares them. Between them any pure `arith`, `math`,
    `tensor` and `linalg` op may stand, so modulation, concatenation and residual connections need no op.

    Arguments and results are statically shaped tensors of one element type, `f32` or `f64`.

    ```mlir
    costate.network @wave(%x: tensor<1xf64>) -> tensor<1xf64> {
      %h = costate.dense %x -> 50 activation(tanh) : tensor<1xf64> -> tensor<50xf64>
      %u = costate.dense %h -> 1 : tensor<50xf64> -> tensor<1xf64>
      costate.yield %u : tensor<1xf64>
    }
    ```
  }];
}

def Costate_YieldOp : Costate_Op<"yield", [Pure, ReturnLike, Terminator,
                                           ParentOneOf<["NetworkOp", "ResidualOp", "RootOp", "FixedPointOp",
                                                        "KrylovSolveOp"]>]> {
  let summary = "The values of a network, a residual or an equation";
  let description = [{
    ```mlir
    costate.yield %u : tensor<1xf64>
    ```
  }];
  let arguments = (ins Variadic<AnyTypeOf<[F32, F64, Costate_Tensor]>>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Costate_DenseOp : Costate_Op<"dense", []> {
  let summary = "A linear map with bias, then an activation";
  let description = [{
    y = a(W x + b), with x a `tensor<ixT>`, y a `tensor<oxT>`, and the parameters W (o × i) and b (o) of this
    op. W begins by `init` (`glorot_uniform` unless said), b by `bias` (`zeros`); `no_bias` leaves b out.
    `name` names the layer in the table of parameters; without it layers are numbered.

    ```mlir
    %h = costate.dense %x -> 50 init(he_normal) bias(constant<0.1>) activation(swish) : tensor<1xf64> -> tensor<50xf64>
    ```
  }];
  let arguments = (ins Costate_Tensor:$input, I64Attr:$units, OptionalAttr<Costate_InitializerAttr>:$init,
                       OptionalAttr<Costate_InitializerAttr>:$bias, UnitAttr:$no_bias,
                       DefaultValuedAttr<Costate_Activation, "::costate::Activation::identity">:$activation,
                       OptionalAttr<StrAttr>:$name);
  let results = (outs Res<Costate_Tensor, "the layer's values", [MemAlloc]>:$result);
  let assemblyFormat = [{
    $input `->` custom<Whole>($units) (`named` $name^)? (`init` `(` custom<Initializer>($init)^ `)`)?
    (`bias` `(` custom<Initializer>($bias)^ `)`)? (`no_bias` $no_bias^)?
    (`activation` `(` $activation^ `)`)? attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
  let extraClassDeclaration = [{
    /// The initialiser of W and of b, or the default.
    ::costate::InitializerAttr getWeightInit();
    ::costate::InitializerAttr getBiasInit();
  }];
}

def Costate_FourierOp : Costate_Op<"fourier", []> {
  let summary = "Fourier features of a sample";
  let description = [{
    y = [cos(2πBx), sin(2πBx)], with x a `tensor<ixT>`, B (n × i) drawn from the normal distribution with
    standard deviation `scale`, and y a `tensor<2nxT>`. B is a constant that the compiler draws from `seed` (a 64-bit
    Mersenne twister, by Box and Muller); `trainable` makes it a parameter, which the program initialises from the run's seed.

    ```mlir
    %f = costate.fourier %x -> 64 scale 2.0 : tensor<2xf64> -> tensor<128xf64>
    ```
  }];
  let arguments = (ins Costate_Tensor:$input, I64Attr:$features, F64Attr:$scale,
                       DefaultValuedAttr<I64Attr, "0">:$seed, UnitAttr:$trainable, OptionalAttr<StrAttr>:$name);
  let results = (outs Res<Costate_Tensor, "cosines, then sines", [MemAlloc]>:$result);
  let assemblyFormat = [{
    $input `->` custom<Whole>($features) (`named` $name^)? `scale` custom<Number>($scale) (`seed` custom<Seed>($seed)^)?
    (`trainable` $trainable^)? attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Costate_ParameterOp : Costate_Op<"parameter", []> {
  let summary = "A parameter of a network, declared where it is used";
  let description = [{
    A tensor that training finds, with the shape of the result. Begins by `init` (`zeros` unless said).

    ```mlir
    %a = costate.parameter "a" init(normal<0.0, 0.1>) : tensor<4xf64>
    ```
  }];
  let arguments = (ins StrAttr:$name, OptionalAttr<Costate_InitializerAttr>:$init);
  let results = (outs Res<Costate_Tensor, "the parameter", [MemAlloc]>:$result);
  let assemblyFormat = "$name (`init` `(` custom<Initializer>($init)^ `)`)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Costate_VariableOp : Costate_Op<"variable", [Symbol]> {
  let summary = "A free variable of the module";
  let description = [{
    An unknown beside the networks: a coefficient to be identified, for instance. `init` is a number, a list
    of numbers or an initialiser; `in` bounds every element, and a step that would leave the bounds ends there.

    ```mlir
    costate.variable @nu init 0.01 in [0.0, 1.0] : tensor<1xf64>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Costate_InitializerAttr:$init,
                       OptionalAttr<F64Attr>:$lower, OptionalAttr<F64Attr>:$upper,
                       TypeAttr:$type, OptionalAttr<StrAttr>:$sym_visibility);
  let assemblyFormat = [{
    $sym_name `init` custom<Initializer>($init) (`in` custom<Bounds>($lower, $upper)^)? attr-dict `:` $type
  }];
  let hasVerifier = 1;
}

def Costate_ReadOp : Costate_Op<"read", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Reads a free variable";
  let description = [{
    ```mlir
    %nu = costate.read @nu : tensor<1xf64>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$variable);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = "$variable attr-dict `:` type($result)";
}

#endif // COSTATE_NETWORK_OPS
