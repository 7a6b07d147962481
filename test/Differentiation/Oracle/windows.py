#===- windows.py - Convolutions, pooling, padding, reductions, gather and scatter --------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Functions tensor<Nxf64> -> tensor<Mxf64>, as in cases.py. Jets to order 2, and to order 4 once for each rule: it is the
same for all that is read through windows."""
import math
import random

from cases import Case

WINDOWS = []


def tensor(shape):
    return "tensor<" + "".join(f"{n}x" for n in shape) + "f64>"


def part(name, source, offset, shape):
    """A piece of a vector, in a shape."""
    n = math.prod(shape)
    text = f"%{name}_flat = tensor.extract_slice {source}[{offset}] [{n}] [1] : tensor<SIZExf64> to tensor<{n}xf64>\n"
    if len(shape) == 1:
        return text.replace("_flat", "")
    groups = ", ".join(str(i) for i in range(len(shape)))
    return text + (f"%{name} = tensor.expand_shape %{name}_flat [[{groups}]] output_shape {list(shape)} : "
                   f"tensor<{n}xf64> into {tensor(shape)}\n")


def case(name, shapes, result, body, order=2, zero=None, **options):
    """`body` takes %a, %b, ... of the shapes, parts of sin %x; it gives %r of shape `result`. Element `zero` of %x is 0."""
    generator = random.Random(name)
    n, m = sum(math.prod(shape) for shape in shapes), math.prod(result)
    x = [generator.randint(-600, 600) / 500 for _ in range(n)]
    if zero is not None:
        x[zero] = 0.0
    text, offset = f"%s = math.sin %x : tensor<{n}xf64>\n", 0
    for letter, shape in zip("abcd", shapes):
        text += part(letter, "%s", offset, shape)
        offset += math.prod(shape)
    text += f"%z = arith.constant dense<0.0> : {tensor(result)}\n" + body
    if len(result) == 1:
        text += f"\n%one = arith.constant dense<1.0> : tensor<{m}xf64>\n%y = arith.mulf %r, %one : tensor<{m}xf64>"
    else:
        groups = ", ".join(str(i) for i in range(len(result)))
        text += f"\n%y = tensor.collapse_shape %r [[{groups}]] : {tensor(result)} into tensor<{m}xf64>"
    WINDOWS.append(Case(name, x, m, text.replace("SIZE", str(n)), order=order, **options))


def named(op, image, kernel, result, strides=None, dilations=None, pooling=False, order=2, name="", **options):
    """A named op of linalg on an image and a filter, or a window that only has a size."""
    attributes = ""
    for key, values in (("strides", strides), ("dilations", dilations)):
        if values:
            attributes += f"{', ' if attributes else ''}{key} = dense<{values}> : tensor<{len(values)}xi64>"
    attributes = f" {{{attributes}}}" if attributes else ""
    window = f"%b = tensor.empty() : {tensor(kernel)}\n" if pooling else ""
    start = "%z"
    if pooling and ("max" in op or "min" in op):
        start = "%start"
        window += f"%start = arith.constant dense<{'-' if 'max' in op else ''}1.0e9> : {tensor(result)}\n"
    case(op + name, [image] if pooling else [image, kernel], result, window +
         f"%r = linalg.{op}{attributes} ins(%a, %b : {tensor(image)}, {tensor(kernel)}) "
         f"outs({start} : {tensor(result)}) -> {tensor(result)}", order=order, **options)


# Convolutions
named("conv_1d", [7], [3], [5], order=4)
named("conv_2d", [4, 5], [2, 3], [3, 3])
named("conv_3d", [3, 3, 4], [2, 2, 2], [2, 2, 3])
named("conv_1d_nwc_wcf", [2, 9, 2], [3, 2, 2], [2, 3, 2], strides=[2], dilations=[2], compositions=True)
named("conv_1d_ncw_fcw", [1, 2, 8], [2, 2, 3], [1, 2, 2], strides=[3], dilations=[1])
named("conv_2d_nhwc_hwcf", [1, 5, 6, 2], [2, 3, 2, 2], [1, 2, 2, 2], strides=[2, 1], dilations=[1, 2])
named("conv_2d_nhwc_fhwc", [1, 3, 3, 2], [2, 2, 2, 2], [1, 2, 2, 2], strides=[1, 1])
named("conv_2d_nchw_fchw", [1, 2, 4, 4], [3, 2, 3, 3], [1, 3, 2, 2], strides=[1, 1], dilations=[1, 1])
named("conv_2d_ngchw_fgchw", [1, 2, 2, 3, 3], [2, 2, 2, 2, 2], [1, 2, 2, 2, 2], strides=[1, 1])
named("conv_2d_nhwgc_gfhwc", [1, 3, 3, 2, 2], [2, 2, 2, 2, 2], [1, 2, 2, 2, 2], strides=[1, 1])
named("conv_3d_ndhwc_dhwcf", [1, 4, 3, 5, 1], [2, 2, 3, 1, 2], [1, 2, 2, 2, 2], strides=[2, 1, 2], dilations=[1, 1, 1])
named("conv_3d_ncdhw_fcdhw", [1, 1, 3, 3, 3], [2, 1, 2, 2, 2], [1, 2, 2, 2, 2], strides=[1, 1, 1])
named("depthwise_conv_1d_nwc_wc", [1, 6, 3], [2, 3], [1, 3, 3], strides=[2], dilations=[1])
named("depthwise_conv_1d_ncw_cw", [1, 3, 6], [3, 2], [1, 3, 5], strides=[1])
named("depthwise_conv_2d_nhwc_hwcm", [1, 4, 4, 2], [2, 2, 2, 2], [1, 2, 3, 2, 2], strides=[2, 1])
# More windows than the filter is long, and a stride that leaves out elements.
named("conv_1d_nwc_wcf", [1, 11, 1], [2, 1, 1], [1, 4, 1], strides=[3], name="_gaps")
named("conv_1d_nwc_wcf", [1, 6, 1], [5, 1, 1], [1, 2, 1], name="_long_filter")

# Padding by zeros and periodic
case("conv_1d_zero_padding", [[5], [3]], [5], """
  %f = arith.constant 0.0 : f64
  %p = tensor.pad %a low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %f : f64
  } : tensor<5xf64> to tensor<7xf64>
  %r = linalg.conv_1d ins(%p, %b : tensor<7xf64>, tensor<3xf64>) outs(%z : tensor<5xf64>) -> tensor<5xf64>""")
case("conv_2d_periodic", [[3, 4], [3, 3]], [3, 4], """
  %top = tensor.extract_slice %a[2, 0] [1, 4] [1, 1] : tensor<3x4xf64> to tensor<1x4xf64>
  %bottom = tensor.extract_slice %a[0, 0] [1, 4] [1, 1] : tensor<3x4xf64> to tensor<1x4xf64>
  %rows = tensor.concat dim(0) %top, %a, %bottom : (tensor<1x4xf64>, tensor<3x4xf64>, tensor<1x4xf64>) -> tensor<5x4xf64>
  %left = tensor.extract_slice %rows[0, 3] [5, 1] [1, 1] : tensor<5x4xf64> to tensor<5x1xf64>
  %right = tensor.extract_slice %rows[0, 0] [5, 1] [1, 1] : tensor<5x4xf64> to tensor<5x1xf64>
  %p = tensor.concat dim(1) %left, %rows, %right : (tensor<5x1xf64>, tensor<5x4xf64>, tensor<5x1xf64>) -> tensor<5x6xf64>
  %r = linalg.conv_2d ins(%p, %b : tensor<5x6xf64>, tensor<3x3xf64>) outs(%z : tensor<3x4xf64>) -> tensor<3x4xf64>""")

# Transposed: the image dilated by zeros, the filter reversed
TRANSPOSED = """
  %w = arith.constant dense<0.0> : tensor<11xf64>
  %d = tensor.insert_slice %a into %w[2] [4] [2] : tensor<4xf64> into tensor<11xf64>
"""
case("conv_1d_transposed", [[4], [3]], [9], TRANSPOSED + """
  %r = linalg.generic {indexing_maps = [affine_map<(o, k) -> (o - k + 2)>, affine_map<(o, k) -> (k)>, affine_map<(o, k) -> (o)>],
                       iterator_types = ["parallel", "reduction"]}
    ins(%d, %b : tensor<11xf64>, tensor<3xf64>) outs(%z : tensor<9xf64>) {
  ^bb0(%i: f64, %k: f64, %o: f64):
    %m = arith.mulf %i, %k : f64
    %n = arith.addf %m, %o : f64
    linalg.yield %n : f64
  } -> tensor<9xf64>""", compositions=True)

# Windows in generic ops
case("windows_that_share_a_dimension", [[7], [5, 3]], [5], """
  %r = linalg.generic {indexing_maps = [affine_map<(o, k) -> (o + k)>, affine_map<(o, k) -> (o, k)>, affine_map<(o, k) -> (o)>],
                       iterator_types = ["parallel", "reduction"]}
    ins(%a, %b : tensor<7xf64>, tensor<5x3xf64>) outs(%z : tensor<5xf64>) {
  ^bb0(%i: f64, %k: f64, %o: f64):
    %m = arith.mulf %i, %k : f64
    %n = arith.addf %o, %m : f64
    linalg.yield %n : f64
  } -> tensor<5xf64>""", compositions=True)
case("windows_of_elements", [[9], [4]], [4, 2], """
  %r = linalg.generic {indexing_maps = [affine_map<(o, k) -> (o * 2 + k + 1)>, affine_map<(o, k) -> (o)>, affine_map<(o, k) -> (o, k)>],
                       iterator_types = ["parallel", "parallel"]}
    ins(%a, %b : tensor<9xf64>, tensor<4xf64>) outs(%z : tensor<4x2xf64>) {
  ^bb0(%i: f64, %k: f64, %o: f64):
    %t = math.tanh %i : f64
    %n = arith.divf %t, %k : f64
    linalg.yield %n : f64
  } -> tensor<4x2xf64>""")
case("steps_and_constant_indices", [[9], [2, 4]], [4], """
  %r = linalg.generic {indexing_maps = [affine_map<(o) -> (o * 2 + 1)>, affine_map<(o) -> (1, o)>, affine_map<(o) -> (o)>],
                       iterator_types = ["parallel"]}
    ins(%a, %b : tensor<9xf64>, tensor<2x4xf64>) outs(%z : tensor<4xf64>) {
  ^bb0(%i: f64, %k: f64, %o: f64):
    %m = arith.mulf %i, %k : f64
    %n = arith.addf %o, %m : f64
    linalg.yield %n : f64
  } -> tensor<4xf64>""")
case("reversed", [[5]], [5], """
  %r = linalg.generic {indexing_maps = [affine_map<(o) -> (4 - o)>, affine_map<(o) -> (o)>], iterator_types = ["parallel"]}
    ins(%a : tensor<5xf64>) outs(%z : tensor<5xf64>) {
  ^bb0(%i: f64, %o: f64):
    %m = arith.mulf %i, %i : f64
    linalg.yield %m : f64
  } -> tensor<5xf64>""")

# Pooling
named("pooling_nwc_sum", [1, 6, 2], [2], [1, 3, 2], strides=[2], pooling=True)
named("pooling_nhwc_sum", [1, 4, 5, 2], [2, 3], [1, 3, 2, 2], strides=[1, 2], pooling=True)
named("pooling_ndhwc_sum", [1, 3, 3, 3, 1], [2, 2, 2], [1, 2, 2, 2, 1], strides=[1, 1, 1], pooling=True)
named("pooling_nchw_sum", [1, 2, 4, 4], [2, 2], [1, 2, 2, 2], strides=[2, 2], pooling=True)
named("pooling_nwc_max", [1, 9, 2], [3], [1, 4, 2], strides=[2], pooling=True, compositions=True)
named("pooling_nhwc_max", [1, 5, 5, 1], [2, 2], [1, 3, 3, 1], dilations=[2, 2], pooling=True)
named("pooling_nhwc_min", [1, 4, 4, 2], [2, 2], [1, 2, 2, 2], strides=[2, 2], pooling=True)
named("pooling_nchw_max", [1, 2, 4, 4], [3, 3], [1, 2, 2, 2], strides=[1, 1], pooling=True)
named("pooling_ndhwc_max", [1, 3, 3, 3, 1], [2, 2, 2], [1, 2, 2, 2, 1], strides=[1, 1, 1], pooling=True)
named("pooling_ndhwc_min", [1, 3, 3, 3, 1], [2, 2, 2], [1, 2, 2, 2, 1], strides=[1, 1, 1], pooling=True)

# Reductions
for op in ("maximumf", "minimumf", "maxnumf", "minnumf"):
    case(f"reduce_{op}", [[3, 4]], [3], f"""
  %start = arith.constant dense<{'0xFFF0000000000000' if 'max' in op else '0x7FF0000000000000'}> : tensor<3xf64>
  %r = linalg.reduce {{ arith.{op} }} ins(%a : tensor<3x4xf64>) outs(%start : tensor<3xf64>) dimensions = [1]""",
         order=4 if op == "maximumf" else 2)
# The initial value wins in some places; a tie of one value with itself.
case("reduce_with_initial_value", [[3, 4], [4]], [4], """
  %r = linalg.reduce { arith.maximumf } ins(%a : tensor<3x4xf64>) outs(%b : tensor<4xf64>) dimensions = [0]""",
     compositions=True)
case("reduce_ties", [[4]], [1], """
  %t = tensor.concat dim(0) %a, %a, %a : (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) -> tensor<12xf64>
  %e = tensor.extract_slice %z[0] [1] [1] : tensor<1xf64> to tensor<f64>
  %l = tensor.extract_slice %t[0] [1] [1] : tensor<12xf64> to tensor<f64>
  %m = linalg.reduce { arith.maximumf } ins(%t : tensor<12xf64>) outs(%l : tensor<f64>) dimensions = [0]
  %n = linalg.reduce { arith.minimumf } ins(%t : tensor<12xf64>) outs(%m : tensor<f64>) dimensions = [0]
  %q = arith.mulf %m, %n : tensor<f64>
  %r = tensor.expand_shape %q [] output_shape [1] : tensor<f64> into tensor<1xf64>""")
case("generic_maximum_of_products", [[3, 4], [4]], [3], """
  %start = arith.constant dense<-1.0e9> : tensor<3xf64>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
    ins(%a, %b : tensor<3x4xf64>, tensor<4xf64>) outs(%start : tensor<3xf64>) {
  ^bb0(%i: f64, %k: f64, %o: f64):
    %m = arith.mulf %i, %k : f64
    %n = arith.maximumf %m, %o : f64
    linalg.yield %n : f64
  } -> tensor<3xf64>""")
# One factor is zero, and the number of factors is odd.
case("reduce_mulf", [[2, 5]], [2], """
  %start = arith.constant dense<2.0> : tensor<2xf64>
  %r = linalg.reduce { arith.mulf } ins(%a : tensor<2x5xf64>) outs(%start : tensor<2xf64>) dimensions = [1]""", zero=2)
case("reduce_mulf_rows_and_columns", [[3, 2]], [1], """
  %start = arith.constant dense<2.0> : tensor<f64>
  %p = linalg.reduce { arith.mulf } ins(%a : tensor<3x2xf64>) outs(%start : tensor<f64>) dimensions = [0, 1]
  %r = tensor.expand_shape %p [] output_shape [1] : tensor<f64> into tensor<1xf64>""")

# Gather and scatter; indices occur more than once
case("gather_in_a_generic", [[5], [6]], [6], """
  %indices = arith.constant dense<[3, 0, 3, 4, 1, 3]> : tensor<6xindex>
  %r = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                       iterator_types = ["parallel"]}
    ins(%indices, %b : tensor<6xindex>, tensor<6xf64>) outs(%z : tensor<6xf64>) {
  ^bb0(%i: index, %k: f64, %o: f64):
    %e = tensor.extract %a[%i] : tensor<5xf64>
    %m = arith.mulf %e, %k : f64
    %j = linalg.index 0 : index
    %c = arith.index_cast %j : index to i64
    %f = arith.sitofp %c : i64 to f64
    %n = arith.addf %m, %f : f64
    linalg.yield %n : f64
  } -> tensor<6xf64>""", compositions=True)
case("gather_by_computed_indices", [[3, 4]], [2, 3], """
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
    outs(%z : tensor<2x3xf64>) {
  ^bb0(%o: f64):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %c3 = arith.constant 3 : index
    %k = arith.subi %c3, %j : index
    %e = tensor.extract %a[%j, %k] : tensor<3x4xf64>
    %f = tensor.extract %a[%i, %j] : tensor<3x4xf64>
    %m = arith.mulf %e, %f : f64
    linalg.yield %m : f64
  } -> tensor<2x3xf64>""")
case("sum_of_gathered", [[5], [6]], [2], """
  %indices = arith.constant dense<[[3, 0, 3], [4, 4, 3]]> : tensor<2x3xi32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
    ins(%indices : tensor<2x3xi32>) outs(%z : tensor<2xf64>) {
  ^bb0(%i: i32, %o: f64):
    %k = arith.index_cast %i : i32 to index
    %e = tensor.extract %a[%k] : tensor<5xf64>
    %f = tensor.extract %b[%k] : tensor<6xf64>
    %m = arith.mulf %e, %f : f64
    %n = arith.addf %m, %o : f64
    linalg.yield %n : f64
  } -> tensor<2xf64>""")
case("tensor_gather", [[4, 3]], [5, 3], """
  %indices = arith.constant dense<[[3], [0], [3], [2], [3]]> : tensor<5x1xi32>
  %g = tensor.gather %a[%indices] gather_dims([0]) : (tensor<4x3xf64>, tensor<5x1xi32>) -> tensor<5x1x3xf64>
  %h = tensor.collapse_shape %g [[0, 1], [2]] : tensor<5x1x3xf64> into tensor<5x3xf64>
  %r = arith.mulf %h, %h : tensor<5x3xf64>""", order=3)
case("tensor_gather_reduced_rank", [[4, 3]], [2, 2], """
  %indices = arith.constant dense<[[[3, 0], [0, 2]], [[3, 0], [2, 1]]]> : tensor<2x2x2xindex>
  %h = tensor.gather %a[%indices] gather_dims([0, 1]) : (tensor<4x3xf64>, tensor<2x2x2xindex>) -> tensor<2x2xf64>
  %r = arith.mulf %h, %h : tensor<2x2xf64>""")
case("tensor_scatter", [[5, 2], [3, 2]], [5, 2], """
  %indices = arith.constant dense<[[3], [0], [4]]> : tensor<3x1xindex>
  %e = tensor.expand_shape %b [[0, 1], [2]] output_shape [3, 1, 2] : tensor<3x2xf64> into tensor<3x1x2xf64>
  %g = tensor.scatter %e into %a[%indices] scatter_dims([0]) unique : (tensor<3x1x2xf64>, tensor<5x2xf64>, tensor<3x1xindex>) -> tensor<5x2xf64>
  %r = arith.mulf %g, %g : tensor<5x2xf64>""", compositions=True)

# Indices that are known when the program runs
DYNAMIC = """
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %first = tensor.extract %b[%c0] : tensor<3xf64>
  %absolute = math.absf %first : f64
  %integer = arith.fptosi %absolute : f64 to i64
  %j = arith.index_cast %integer : i64 to index
  %k = arith.addi %j, %c1 : index
"""
case("dynamic_elements", [[5], [3]], [5], DYNAMIC + """
  %e = tensor.extract %a[%k] : tensor<5xf64>
  %f = arith.mulf %e, %first : f64
  %i = tensor.insert %f into %a[%j] : tensor<5xf64>
  %r = arith.mulf %i, %a : tensor<5xf64>""")
case("dynamic_slices", [[5], [3]], [5], DYNAMIC + """
  %e = tensor.extract_slice %a[%k] [3] [1] : tensor<5xf64> to tensor<3xf64>
  %f = arith.mulf %e, %b : tensor<3xf64>
  %i = tensor.insert_slice %f into %a[%j] [3] [2] : tensor<3xf64> into tensor<5xf64>
  %r = arith.mulf %i, %a : tensor<5xf64>""")
