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
