#===- cases.py - One function for every derivative rule, with the points where it is checked --------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Functions tensor<Nxf64> -> tensor<Mxf64>. `body` takes %x and defines %y."""
from dataclasses import dataclass


@dataclass
class Case:
    name: str
    x: list
    outputs: int
    body: str
    step: float = 1e-5  # of the central difference
    floor: float = 0.0  # of the greatest component, by whose rounding others are off
    difference: float = 1e-7  # its relative tolerance
    order: int = 4  # of the jets
    compositions: bool = False  # of jvp and vjp, to order 3
    functions: str = ""  # that the body calls
    memory_limit: int = 0  # bytes that a derivative backwards may record


CASES = []


def case(name, x, outputs, body, **options):
    CASES.append(Case(name, x, outputs, body, **options))


def unary(op, x):
    case(op.replace(".", "_"), x, len(x), f"%y = {op} %x : tensor<{len(x)}xf64>")


def halves(n):
    return (f"%a = tensor.extract_slice %x[0] [{n}] [1] : tensor<{2 * n}xf64> to tensor<{n}xf64>\n"
            f"%b = tensor.extract_slice %x[{n}] [{n}] [1] : tensor<{2 * n}xf64> to tensor<{n}xf64>\n")


def binary(op, a, b):
    n = len(a)
    case(op.replace(".", "_"), a + b, n, halves(n) + f"%y = {op} %a, %b : tensor<{n}xf64>")


def piecewise(op, x):
    """A piecewise constant function, times its argument."""
    n = len(x)
    case(op.replace(".", "_"), x, n, f"%s = {op} %x : tensor<{n}xf64>\n%y = arith.mulf %s, %x : tensor<{n}xf64>")


# arith
binary("arith.addf", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
binary("arith.subf", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
binary("arith.mulf", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
binary("arith.divf", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
binary("arith.remf", [5.3, -5.7, 7.9], [1.7, 2.4, -1.6])
binary("arith.maximumf", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
binary("arith.minimumf", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
binary("arith.maxnumf", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
binary("arith.minnumf", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
unary("arith.negf", [0.3, -0.7, 1.9])
case("square_and_quotient", [0.3, -0.7, 1.9], 3, """
  %s = arith.mulf %x, %x : tensor<3xf64>
  %one = arith.constant dense<1.0> : tensor<3xf64>
  %d = arith.addf %s, %one : tensor<3xf64>
  %y = arith.divf %x, %d : tensor<3xf64>""")
# Dyadic steps, so that f32 holds every value exactly.
case("arith_truncf_extf", [0.5, -0.75, 2.0], 3, """
  %t = arith.truncf %x : tensor<3xf64> to tensor<3xf32>
  %y = arith.extf %t : tensor<3xf32> to tensor<3xf64>""", step=0.25, difference=1e-6)
case("arith_select_cmpf", [0.3, -0.7, 1.9], 3, """
  %z = arith.constant dense<0.0> : tensor<3xf64>
  %c = arith.cmpf ogt, %x, %z : tensor<3xf64>
  %s = math.sin %x : tensor<3xf64>
  %e = math.exp %x : tensor<3xf64>
  %y = arith.select %c, %s, %e : tensor<3xi1>, tensor<3xf64>""")
# What is not selected is infinite, or no number: element by element, and as a whole.
case("arith_select_untaken", [0.0, -0.7, 1.9, 0.5], 4, """
  %z = arith.constant dense<1.0> : tensor<4xf64>
  %c = arith.cmpf ogt, %x, %z : tensor<4xf64>
  %s = math.sqrt %x : tensor<4xf64>
  %l = math.log %x : tensor<4xf64>
  %p = arith.mulf %s, %l : tensor<4xf64>
  %q = arith.divf %p, %x : tensor<4xf64>
  %n = arith.negf %q : tensor<4xf64>
  %e = math.sin %x : tensor<4xf64>
  %y = arith.select %c, %n, %e : tensor<4xi1>, tensor<4xf64>""", compositions=True)
case("arith_select_untaken_scalar", [0.4, -0.7], 2, """
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %z = arith.constant 0.0 : f64
  %a = tensor.extract %x[%c0] : tensor<2xf64>
  %b = tensor.extract %x[%c1] : tensor<2xf64>
  %d = arith.subf %a, %a : f64
  %t = tensor.from_elements %d : tensor<1xf64>
  %r = math.sqrt %t : tensor<1xf64>
  %s = tensor.extract %r[%c0] : tensor<1xf64>
  %c = arith.cmpf ogt, %d, %z : f64
  %u = arith.select %c, %s, %a : f64
  %m = math.log %b : f64
  %n = arith.mulf %b, %m : f64
  %k = arith.cmpf ogt, %b, %z : f64
  %v = arith.select %k, %n, %b : f64
  %w = arith.mulf %u, %v : f64
  %y = tensor.from_elements %w, %v : tensor<2xf64>""", compositions=True)
case("arith_fptosi_sitofp", [1.3, -2.7, 3.9], 3, """
  %i = arith.fptosi %x : tensor<3xf64> to tensor<3xi64>
  %s = arith.sitofp %i : tensor<3xi64> to tensor<3xf64>
  %y = arith.mulf %s, %x : tensor<3xf64>""")
case("arith_fptoui_uitofp", [1.3, 2.7, 3.9], 3, """
  %i = arith.fptoui %x : tensor<3xf64> to tensor<3xi64>
  %s = arith.uitofp %i : tensor<3xi64> to tensor<3xf64>
  %y = arith.mulf %s, %x : tensor<3xf64>""")

# math
for op in ("math.sin", "math.cos", "math.tan", "math.sinh", "math.cosh", "math.tanh", "math.asinh", "math.atan", "math.exp", "math.exp2", "math.expm1", "math.erf", "math.erfc"):
    unary(op, [0.3, -0.7, 1.2])
for op in ("math.sqrt", "math.rsqrt", "math.cbrt", "math.log", "math.log2", "math.log10", "math.log1p"):
    unary(op, [0.3, 0.7, 1.9])
for op in ("math.asin", "math.acos", "math.atanh"):
    unary(op, [0.3, -0.7, 0.55])
unary("math.acosh", [1.3, 2.7, 1.9])
unary("math.absf", [0.3, -0.7, 1.9])
for op in ("math.ceil", "math.floor", "math.round", "math.roundeven", "math.trunc"):
    piecewise(op, [0.3, -2.7, 1.9])
binary("math.atan2", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
binary("math.powf", [0.3, 0.7, 1.9], [1.1, -0.4, 2.6])
binary("math.copysign", [0.3, -0.7, 1.9], [1.1, 0.4, -0.6])
case("powf_constant_at_zero", [0.0, -0.7, 1.9], 3, """
  %c = arith.constant dense<3.0> : tensor<3xf64>
  %y = math.powf %x, %c : tensor<3xf64>""")
case("math_fpowi", [0.3, -0.7, 1.9], 3, """
  %c = arith.constant dense<[3, -2, 5]> : tensor<3xi32>
  %y = math.fpowi %x, %c : tensor<3xf64>, tensor<3xi32>""")
case("math_fma", [0.3, -0.7, 1.1, 0.4, -0.6, 2.0], 2, """
  %a = tensor.extract_slice %x[0] [2] [1] : tensor<6xf64> to tensor<2xf64>
  %b = tensor.extract_slice %x[2] [2] [1] : tensor<6xf64> to tensor<2xf64>
  %c = tensor.extract_slice %x[4] [2] [1] : tensor<6xf64> to tensor<2xf64>
  %y = math.fma %a, %b, %c : tensor<2xf64>""")
case("math_clampf", [0.3, -0.7, 1.9], 3, """
  %lo = arith.constant dense<-0.5> : tensor<3xf64>
  %hi = arith.constant dense<1.5> : tensor<3xf64>
  %s = math.sinh %x : tensor<3xf64>
  %y = math.clampf %s to [%lo, %hi] : tensor<3xf64>""")
case("math_sincos", [0.3], 1, """
  %c0 = arith.constant 0 : index
  %a = tensor.extract %x[%c0] : tensor<1xf64>
  %s, %c = math.sincos %a : f64
  %q = arith.mulf %s, %c : f64
  %r = arith.addf %q, %c : f64
  %y = tensor.from_elements %r : tensor<1xf64>""")
# tensor, after a function that is not linear
S6 = "%s = math.sin %x : tensor<6xf64>\n"
X6 = [0.3, -0.7, 1.9, 1.1, 0.4, -0.6]
case("tensor_extract_slice", X6, 3, S6 + "%y = tensor.extract_slice %s[1] [3] [2] : tensor<6xf64> to tensor<3xf64>")
case("tensor_insert_slice", X6, 6, S6 + """
  %q = tensor.extract_slice %x[0] [2] [1] : tensor<6xf64> to tensor<2xf64>
  %e = math.exp %q : tensor<2xf64>
  %y = tensor.insert_slice %e into %s[1] [2] [3] : tensor<2xf64> into tensor<6xf64>""")
case("tensor_expand_collapse_shape", X6, 4, S6 + """
  %m = tensor.expand_shape %s [[0, 1]] output_shape [2, 3] : tensor<6xf64> into tensor<2x3xf64>
  %n = tensor.extract_slice %m[0, 1] [2, 2] [1, 1] : tensor<2x3xf64> to tensor<2x2xf64>
  %y = tensor.collapse_shape %n [[0, 1]] : tensor<2x2xf64> into tensor<4xf64>""")
case("tensor_concat", X6, 15, S6 + """
  %q = tensor.extract_slice %x[0] [3] [1] : tensor<6xf64> to tensor<3xf64>
  %y = tensor.concat dim(0) %s, %q, %s : (tensor<6xf64>, tensor<3xf64>, tensor<6xf64>) -> tensor<15xf64>""")
case("tensor_pad", X6, 9, S6 + """
  %k = arith.constant 2.5 : f64
  %y = tensor.pad %s low[1] high[2] {
  ^bb0(%i: index):
    tensor.yield %k : f64
  } : tensor<6xf64> to tensor<9xf64>""")
# Padded by a value that depends on x, and by what is computed from the place: mirrored, and scaled by it.
case("tensor_pad_by_value", X6, 8, S6 + """
  %c5 = arith.constant 5 : index
  %k = tensor.extract %s[%c5] : tensor<6xf64>
  %kk = arith.mulf %k, %k : f64
  %f = tensor.extract_slice %s[0] [5] [1] : tensor<6xf64> to tensor<5xf64>
  %y = tensor.pad %f low[1] high[2] {
  ^bb0(%i: index):
    tensor.yield %kk : f64
  } : tensor<5xf64> to tensor<8xf64>""", compositions=True)
case("tensor_pad_mirrored", X6, 20, S6 + """
  %m = tensor.expand_shape %s [[0, 1]] output_shape [2, 3] : tensor<6xf64> into tensor<2x3xf64>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %c5 = arith.constant 5 : index
  %q = tensor.extract %x[%c3] : tensor<6xf64>
  %p = tensor.pad %m low[1, 0] high[1, 2] {
  ^bb0(%i: index, %j: index):
    %ij = arith.addi %i, %j : index
    %l = arith.minui %ij, %c5 : index
    %e = tensor.extract %s[%l] : tensor<6xf64>
    %n = arith.index_cast %j : index to i64
    %t = arith.sitofp %n : i64 to f64
    %u = arith.mulf %e, %t : f64
    %v = arith.addf %u, %q : f64
    tensor.yield %v : f64
  } : tensor<2x3xf64> to tensor<4x5xf64>
  %y = tensor.collapse_shape %p [[0, 1]] : tensor<4x5xf64> into tensor<20xf64>""", compositions=True)
# By what is not linear in two values, around what is padded already; and then multiplied with itself.
case("tensor_pad_twice", X6, 10, S6 + """
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %c5 = arith.constant 5 : index
  %q = tensor.extract %x[%c4] : tensor<6xf64>
  %f = tensor.extract_slice %s[0] [4] [1] : tensor<6xf64> to tensor<4xf64>
  %g = tensor.extract %s[%c0] : tensor<6xf64>
  %k = arith.mulf %g, %q : f64
  %inner = tensor.pad %f low[1] high[1] {
  ^bb0(%i: index):
    tensor.yield %k : f64
  } : tensor<4xf64> to tensor<6xf64>
  %outer = tensor.pad %inner low[2] high[2] {
  ^bb0(%i: index):
    %l = arith.minui %i, %c5 : index
    %a = tensor.extract %inner[%l] : tensor<6xf64>
    %e = math.exp %a : f64
    %v = arith.mulf %e, %q : f64
    tensor.yield %v : f64
  } : tensor<6xf64> to tensor<10xf64>
  %y = arith.mulf %outer, %outer : tensor<10xf64>""", compositions=True)
# Components of very different size: each has its own bound.
case("components_of_all_sizes", [0.3, -0.7, 1.9, 1.1], 4, """
  %w = arith.constant dense<[1.0e9, 1.0, 1.0e-9, 1.0e-18]> : tensor<4xf64>
  %s = math.sin %x : tensor<4xf64>
  %p = arith.mulf %s, %x : tensor<4xf64>
  %y = arith.mulf %p, %w : tensor<4xf64>""", compositions=True)
# What does not depend on the elements, or is constant between jumps.
case("tensor_dim_rank", X6, 6, S6 + """
  %c0 = arith.constant 0 : index
  %d = tensor.dim %s, %c0 : tensor<6xf64>
  %r = tensor.rank %s : tensor<6xf64>
  %n = arith.addi %d, %r : index
  %i = arith.index_cast %n : index to i64
  %f = arith.sitofp %i : i64 to f64
  %t = tensor.splat %f : tensor<6xf64>
  %y = arith.mulf %s, %t : tensor<6xf64>""")
case("math_isfinite_isinf_isnan_isnormal", [0.3, -0.7], 2, """
  %c0 = arith.constant 0 : index
  %a = tensor.extract %x[%c0] : tensor<2xf64>
  %p = math.isfinite %a : f64
  %q = math.isinf %a : f64
  %r = math.isnan %a : f64
  %s = math.isnormal %a : f64
  %b = arith.xori %p, %q : i1
  %c = arith.xori %r, %s : i1
  %d = arith.andi %b, %c : i1
  %k = arith.uitofp %d : i1 to f64
  %t = tensor.splat %k : tensor<2xf64>
  %e = math.sin %x : tensor<2xf64>
  %y = arith.mulf %e, %t : tensor<2xf64>""")
case("tensor_extract_insert_splat_empty_cast", X6, 6, S6 + """
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %a = tensor.extract %s[%c1] : tensor<6xf64>
  %b = tensor.extract %x[%c4] : tensor<6xf64>
  %p = arith.mulf %a, %b : f64
  %i = tensor.insert %p into %s[%c4] : tensor<6xf64>
  %f = tensor.splat %b : tensor<6xf64>
  %e = tensor.empty() : tensor<6xf64>
  %o = linalg.fill ins(%a : f64) outs(%e : tensor<6xf64>) -> tensor<6xf64>
  %q = arith.mulf %i, %f : tensor<6xf64>
  %r = arith.addf %q, %o : tensor<6xf64>
  %d = tensor.cast %r : tensor<6xf64> to tensor<?xf64>
  %y = tensor.cast %d : tensor<?xf64> to tensor<6xf64>""")
case("tensor_from_elements", X6, 3, S6 + """
  %c1 = arith.constant 1 : index
  %a = tensor.extract %s[%c1] : tensor<6xf64>
  %b = arith.mulf %a, %a : f64
  %y = tensor.from_elements %b, %a, %b : tensor<3xf64>""")

# linalg
MATRIX = S6 + "%m = tensor.expand_shape %s [[0, 1]] output_shape [2, 3] : tensor<6xf64> into tensor<2x3xf64>\n"
case("linalg_contract", X6, 4, MATRIX + """
  %q = tensor.extract_slice %x[0] [4] [1] : tensor<6xf64> to tensor<4xf64>
  %o = tensor.expand_shape %q [[0, 1]] output_shape [2, 2] : tensor<4xf64> into tensor<2x2xf64>
  %p = linalg.contract indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>,
                                        affine_map<(i, j, k) -> (i, j)>]
    ins(%m, %m : tensor<2x3xf64>, tensor<2x3xf64>) outs(%o : tensor<2x2xf64>) -> tensor<2x2xf64>
  %y = tensor.collapse_shape %p [[0, 1]] : tensor<2x2xf64> into tensor<4xf64>""")
case("linalg_outer_product", X6, 18, MATRIX + """
  %q = tensor.extract_slice %x[0] [3] [1] : tensor<6xf64> to tensor<3xf64>
  %z = arith.constant dense<0.0> : tensor<2x3x3xf64>
  %p = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j)>,
                                        affine_map<(i, j, k) -> (i, j, k)>],
                       iterator_types = ["parallel", "parallel", "parallel"]}
    ins(%m, %q : tensor<2x3xf64>, tensor<3xf64>) outs(%z : tensor<2x3x3xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %t = arith.mulf %a, %b : f64
    %u = arith.addf %o, %t : f64
    linalg.yield %u : f64
  } -> tensor<2x3x3xf64>
  %y = tensor.collapse_shape %p [[0, 1, 2]] : tensor<2x3x3xf64> into tensor<18xf64>""")
# out[o] += a·b of %v (3), %w (2) and %m (2 x 3), where a dimension may be in one factor only, or in the result only.
FACTORS = {"%v": "tensor<3xf64>", "%w": "tensor<2xf64>", "%m": "tensor<2x3xf64>"}


def product(name, a, a_map, b, b_map, extents, kinds):
    result = "tensor<" + "".join(f"{n}x" for n in extents) + "f64>"
    size = 1
    for n in extents:
        size *= n
    parallel = ", ".join("ij"[:len(extents)])
    flat = {0: "%y = tensor.expand_shape %p [] output_shape [1] : tensor<f64> into tensor<1xf64>",
            1: f"%y = math.sin %p : {result}",
            2: f"%y = tensor.collapse_shape %p [[0, 1]] : {result} into tensor<{size}xf64>"}[len(extents)]
    maps = ", ".join(f"affine_map<({', '.join('ijk'[:len(kinds)])}) -> ({m})>" for m in (a_map, b_map, parallel))
    case("linalg_product_" + name, X6, size, MATRIX + f"""
  %v = tensor.extract_slice %x[0] [3] [1] : tensor<6xf64> to tensor<3xf64>
  %w = tensor.extract_slice %s[2] [2] [1] : tensor<6xf64> to tensor<2xf64>
  %init = arith.constant dense<0.5> : {result}
  %p = linalg.generic {{indexing_maps = [{maps}], iterator_types = [{", ".join(f'"{kind}"' for kind in kinds)}]}}
    ins({a}, {b} : {FACTORS[a]}, {FACTORS[b]}) outs(%init : {result}) {{
  ^bb0(%a: f64, %b: f64, %o: f64):
    %t = arith.mulf %a, %b : f64
    %u = arith.addf %o, %t : f64
    linalg.yield %u : f64
  }} -> {result}
  {flat}""")


product("sum_of_one_factor", "%v", "i", "%w", "j", [3], ["parallel", "reduction"])
product("sum_of_the_other_factor", "%v", "i", "%m", "j, i", [3], ["parallel", "reduction"])
product("sums_of_both_factors", "%v", "i", "%w", "j", [], ["reduction", "reduction"])
product("square_summed", "%m", "j, i", "%m", "j, i", [3], ["parallel", "reduction"])
product("square_of_sums", "%m", "j, i", "%m", "k, i", [3], ["parallel", "reduction", "reduction"])
product("repeated", "%v", "j", "%v", "j", [2, 3], ["parallel", "parallel"])
product("contracted_and_repeated", "%m", "k, j", "%w", "k", [4, 3], ["parallel", "parallel", "reduction"])
# How many elements are positive is constant between jumps.
case("linalg_count", X6, 6, S6 + """
  %z = arith.constant 0.0 : f64
  %none = arith.constant dense<0> : tensor<i64>
  %n = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>], iterator_types = ["reduction"]}
    ins(%s : tensor<6xf64>) outs(%none : tensor<i64>) {
  ^bb0(%a: f64, %count: i64):
    %p = arith.cmpf ogt, %a, %z : f64
    %e = arith.extui %p : i1 to i64
    %next = arith.addi %count, %e : i64
    linalg.yield %next : i64
  } -> tensor<i64>
  %k = tensor.extract %n[] : tensor<i64>
  %f = arith.sitofp %k : i64 to f64
  %t = tensor.splat %f : tensor<6xf64>
  %y = arith.mulf %s, %t : tensor<6xf64>""")
case("linalg_broadcast_transpose", X6, 12, MATRIX + """
  %e = tensor.empty() : tensor<3x2xf64>
  %t = linalg.transpose ins(%m : tensor<2x3xf64>) outs(%e : tensor<3x2xf64>) permutation = [1, 0]
  %f = tensor.empty() : tensor<3x2x2xf64>
  %b = linalg.broadcast ins(%t : tensor<3x2xf64>) outs(%f : tensor<3x2x2xf64>) dimensions = [1]
  %q = arith.mulf %b, %b : tensor<3x2x2xf64>
  %y = tensor.collapse_shape %q [[0, 1, 2]] : tensor<3x2x2xf64> into tensor<12xf64>""")
case("linalg_reduce_fill", X6, 2, MATRIX + """
  %c0 = arith.constant 0 : index
  %v = tensor.extract %x[%c0] : tensor<6xf64>
  %e = tensor.empty() : tensor<2xf64>
  %o = linalg.fill ins(%v : f64) outs(%e : tensor<2xf64>) -> tensor<2xf64>
  %y = linalg.reduce { arith.addf } ins(%m : tensor<2x3xf64>) outs(%o : tensor<2xf64>) dimensions = [1]""")

# Control flow and normalized forms
case("scf_if", [0.3, -0.7], 2, """
  %c0 = arith.constant 0 : index
  %z = arith.constant 0.0 : f64
  %a = tensor.extract %x[%c0] : tensor<2xf64>
  %c = arith.cmpf ogt, %a, %z : f64
  %s = math.sin %x : tensor<2xf64>
  %i = scf.if %c -> tensor<2xf64> {
    %e = math.exp %s : tensor<2xf64>
    %p = arith.mulf %e, %x : tensor<2xf64>
    scf.yield %p : tensor<2xf64>
  } else {
    scf.yield %s : tensor<2xf64>
  }
  %y = arith.mulf %i, %s : tensor<2xf64>""")
# The branch not taken divides by zero.
case("scf_if_untaken", [0.0, -0.7], 2, """
  %c0 = arith.constant 0 : index
  %z = arith.constant 0.5 : f64
  %a = tensor.extract %x[%c0] : tensor<2xf64>
  %c = arith.cmpf ogt, %a, %z : f64
  %i = scf.if %c -> tensor<2xf64> {
    %f = tensor.splat %a : tensor<2xf64>
    %p = arith.divf %x, %f : tensor<2xf64>
    scf.yield %p : tensor<2xf64>
  } else {
    %s = math.cos %x : tensor<2xf64>
    scf.yield %s : tensor<2xf64>
  }
  %y = arith.mulf %i, %x : tensor<2xf64>""")
case("linalg_named_and_elementwise", X6, 2, MATRIX + """
  %q = tensor.extract_slice %x[0] [3] [1] : tensor<6xf64> to tensor<3xf64>
  %z = arith.constant dense<0.0> : tensor<2xf64>
  %v = linalg.matvec ins(%m, %q : tensor<2x3xf64>, tensor<3xf64>) outs(%z : tensor<2xf64>) -> tensor<2xf64>
  %t = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (0)>, affine_map<(i) -> (i)>],
                       iterator_types = ["parallel"]}
    ins(%v, %q : tensor<2xf64>, tensor<3xf64>) outs(%z : tensor<2xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %h = math.tanh %a : f64
    %r = arith.mulf %h, %b : f64
    linalg.yield %r : f64
  } -> tensor<2xf64>
  %u = linalg.map { math.exp } ins(%t : tensor<2xf64>) outs(%z : tensor<2xf64>)
  %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
    ins(%m, %u : tensor<2x3xf64>, tensor<2xf64>) outs(%v : tensor<2xf64>) {
  ^bb0(%a: f64, %b: f64, %o: f64):
    %r = arith.mulf %a, %a : f64
    %p = arith.mulf %r, %b : f64
    %w = arith.addf %o, %p : f64
    linalg.yield %w : f64
  } -> tensor<2xf64>""")
