//===- LayerOps.td - Layers on grids: convolution, pooling, up-sampling, batch normalisation ---------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===-------------------------------------------------------------------------------------------------------===//
//
// A value on a grid is a `tensor<c×n₁×…T>`: channels first, then one to three dimensions.
//
//===-------------------------------------------------------------------------------------------------------===//
#ifndef COSTATE_LAYER_OPS
#define COSTATE_LAYER_OPS

include "costate/Dialect/IR/NetworkOps.td"

def Costate_Padding : I32EnumAttr<"Padding", "what lies beyond the border of a grid", [
    I32EnumAttrCase<"zero", 0>, I32EnumAttrCase<"periodic", 1>, I32EnumAttrCase<"edge", 2>]> {
  let cppNamespace = "::costate";
}

def Costate_ConvOp : Costate_Op<"conv", []> {
  let summary = "A convolution with bias, then an activation";
  let description = [{
    y[f, o] = a(b[f] + Σ x[c, s·o + d·k - p]·W[f, c, k]), over the channels c and the places k of the kernel, in each
    of the one to three dimensions of the grid; s is `stride`, d `dilation` (1 unless said), p the elements of
    `padding` on either side (none unless said). Beyond the border x is zero, or the other end of the grid where the
    padding is `periodic`. With n elements, y has (n + 2p - d(k - 1) - 1) / s + 1, rounded down.

    `groups` splits the channels: each group of outputs sees one of inputs only. `transposed` is the transpose of the
    linear map from y's shape to x's: y[f, o] = Σ x[c, i]·W[f, c, k] over all i and k with s·i + d·k - p = o, of
    (n - 1)·s + d(k - 1) + 1 - 2p elements, or n·s where it is periodic.

    The parameters are W, of `channels` × the input's channels of a group × the kernel, and b. W begins by `init`
    (`glorot_uniform` unless said; what goes in and out of an element are the channels of a group times the kernel), b by
    `bias` (`zeros`); `no_bias` leaves b out. `name` names the layer in the table of parameters.

    ```mlir
    %h = costate.conv %x -> 8 kernel [3] padding(periodic [1]) activation(tanh) : tensor<1x64xf64> -> tensor<8x64xf64>
    %u = costate.conv %h -> 1 kernel [4] stride [2] padding(zero [1]) transposed : tensor<8x64xf64> -> tensor<1x128xf64>
    ```
  }];
  let arguments = (ins Costate_Tensor:$input, I64Attr:$channels, DenseI64ArrayAttr:$kernel,
                       OptionalAttr<DenseI64ArrayAttr>:$stride, OptionalAttr<DenseI64ArrayAttr>:$dilation,
                       DefaultValuedAttr<Costate_Padding, "::costate::Padding::zero">:$padding,
                       OptionalAttr<DenseI64ArrayAttr>:$amount, DefaultValuedAttr<I64Attr, "1">:$groups,
                       UnitAttr:$transposed, OptionalAttr<Costate_InitializerAttr>:$init,
                       OptionalAttr<Costate_InitializerAttr>:$bias, UnitAttr:$no_bias,
                       DefaultValuedAttr<Costate_Activation, "::costate::Activation::identity">:$activation,
                       OptionalAttr<StrAttr>:$name);
  let results = (outs Res<Costate_Tensor, "the layer's values", [MemAlloc]>:$result);
  let assemblyFormat = [{
    $input `->` custom<Whole>($channels) `kernel` $kernel (`stride` $stride^)? (`dilation` $dilation^)?
    (`padding` `(` $padding $amount^ `)`)? (`groups` custom<Whole>($groups)^)? (`transposed` $transposed^)? (`named` $name^)?
    (`init` `(` custom<Initializer>($init)^ `)`)? (`bias` `(` custom<Initializer>($bias)^ `)`)?
    (`no_bias` $no_bias^)? (`activation` `(` $activation^ `)`)? attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The number of dimensions of the grid.
    unsigned getDimensions() { return getKernel().size(); }
    /// The stride, dilation and padding of each dimension, with what is not said.
    ::llvm::SmallVector<int64_t> getStrides();
    ::llvm::SmallVector<int64_t> getDilations();
    ::llvm::SmallVector<int64_t> getAmounts();
    ::mlir::RankedTensorType getWeightType();
    /// The initialiser of W, as the program descriptor holds it.
    ::mlir::DictionaryAttr getWeightDescriptor();
  }];
}

def Costate_Pooling : I32EnumAttr<"Pooling", "how a window becomes one value", [
    I32EnumAttrCase<"max", 0>, I32EnumAttrCase<"average", 1>]> {
  let cppNamespace = "::costate";
}

def Costate_PoolOp : Costate_Op<"pool", [Pure]> {
  let summary = "The greatest or the mean value of each window";
  let description = [{
    Of each channel, y[o] is the greatest, or the mean, of x[s·o + k] for k within the window; s is `stride`, the window
    unless said. With n elements, y has (n - window) / s + 1, rounded down. Where several elements are the greatest, the
    derivative is the mean of theirs.

    ```mlir
    %p = costate.pool max %x window [2, 2] : tensor<3x8x8xf64> -> tensor<3x4x4xf64>
    ```
  }];
  let arguments = (ins Costate_Pooling:$kind, Costate_Tensor:$input, DenseI64ArrayAttr:$window,
                       OptionalAttr<DenseI64ArrayAttr>:$stride);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = [{
    $kind $input `window` $window (`stride` $stride^)? attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{ ::llvm::SmallVector<int64_t> getStrides(); }];
}

def Costate_Interpolation : I32EnumAttr<"Interpolation", "how values between those of a grid are found", [
    I32EnumAttrCase<"nearest", 0>, I32EnumAttrCase<"linear", 1>, I32EnumAttrCase<"cubic", 2>]> {
  let cppNamespace = "::costate";
}

def Costate_UpsampleOp : Costate_Op<"upsample", [Pure]> {
  let summary = "The values on a finer grid";
  let description = [{
    Each dimension gets `by` times as many elements, each dimension by itself. Elements stand for cells: element o of the
    result lies at (o + 1/2) / f - 1/2 among those of x (*half-pixel centres*, corners are not aligned). There it has the
    value of the cell (`nearest`), of the line through two neighbours (`linear`), or of the cubic of Keys with a = -1/2,
    which is that of Catmull and Rom, through four (`cubic`); constants, and but for the border lines and for `cubic`
    parabolas, are kept. Beyond the border x continues with its last value, or from the other end where it is `periodic`.

    ```mlir
    %f = costate.upsample cubic %x by [2] periodic : tensor<4x16xf64> -> tensor<4x32xf64>
    ```
  }];
  let arguments = (ins Costate_Interpolation:$kind, Costate_Tensor:$input, DenseI64ArrayAttr:$factors,
                       UnitAttr:$periodic);
  let results = (outs Costate_Tensor:$result);
  let assemblyFormat = [{
    $kind $input `by` $factors (`periodic` $periodic^)? attr-dict `:` type($input) `->` type($result)
  }];
  let hasVerifier = 1;
}

def Costate_BatchNormOp : Costate_Op<"batch_norm", [AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<InferTypeOpInterface>]> {
  let summary = "Values with mean zero and variance one, then scaled and shifted";
  let description = [{
    y = γ·(x - m) / √(v + ε) + β. In the form for training, m and v are the mean and the variance (the mean square of
    x - m) of x `over` the dimensions listed, and the derivative goes through them: a batch is a dimension of x like any
    other, as all this is the function of ONE sample. The form for inference is given them by `using`; they may be
    arguments, constants or parameters. Both forms give m and v as further results, so that running statistics can be
    kept outside.

    The parameters γ (ones at first) and β (zeros) have the shape of the other dimensions, as m and v. ε is 1e-5 unless
    said.

    ```mlir
    %y, %m, %v = costate.batch_norm %x over [0, 2] : tensor<16x8x64xf64>
    ```
  }];
  let arguments = (ins Costate_Tensor:$input, Optional<Costate_Tensor>:$mean, Optional<Costate_Tensor>:$variance,
                       DenseI64ArrayAttr:$over, DefaultValuedAttr<F64Attr, "1e-5">:$epsilon,
                       OptionalAttr<StrAttr>:$name);
  let results = (outs Res<Costate_Tensor, "the layer's values", [MemAlloc]>:$result,
                      Res<Costate_Tensor, "the mean", [MemAlloc]>:$mean_used,
                      Res<Costate_Tensor, "the variance", [MemAlloc]>:$variance_used);
  let assemblyFormat = [{
    $input `over` $over (`using` $mean^ `:` type($mean) `,` $variance `:` type($variance))? (`named` $name^)?
    (`epsilon` custom<Number>($epsilon)^)? attr-dict `:` type($input)
  }];
  let hasVerifier = 1;
}

#endif // COSTATE_LAYER_OPS
