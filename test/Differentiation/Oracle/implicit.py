#===- implicit.py - Results of equations, with the points where they are checked --------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""As cases.py. Jets to order 3, compositions of jvp and vjp to order 3, but where only the search is another one."""
from cases import Case

IMPLICIT = []


def implicit(name, x, outputs, body, order=3, compositions=True, floor=1e-3, **options):
    IMPLICIT.append(Case(name, x, outputs, body, order=order, compositions=compositions, floor=floor, **options))


# A matrix and a right side that depend on all of x, nonlinearly: A = P + Q diag(sin x), b = x².
implicit("linear_solve", [0.3, -0.7, 1.9], 3, """
  %p = arith.constant dense<[[0.1, 2.0, 0.3], [1.5, 0.2, -0.4], [0.3, 0.5, 2.5]]> : tensor<3x3xf64>
  %s = math.sin %x : tensor<3xf64>
  %e = tensor.empty() : tensor<3x3xf64>
  %r = linalg.broadcast ins(%s : tensor<3xf64>) outs(%e : tensor<3x3xf64>) dimensions = [0]
  %q = arith.mulf %p, %r : tensor<3x3xf64>
  %A = arith.addf %p, %q : tensor<3x3xf64>
  %b = arith.mulf %x, %x : tensor<3xf64>
  %y = costate.linear_solve %A, %b : tensor<3x3xf64>, tensor<3xf64>""")
# Of one element; transposed; two systems with one matrix.
implicit("linear_solve_one", [1.3], 1, """
  %A = tensor.expand_shape %x [[0, 1]] output_shape [1, 1] : tensor<1xf64> into tensor<1x1xf64>
  %b = math.exp %x : tensor<1xf64>
  %y = costate.linear_solve %A, %b : tensor<1x1xf64>, tensor<1xf64>""")
implicit("linear_solve_twice", [0.3, -0.7, 1.9, 0.5, 2.2, -1.1], 2, """
  %f = tensor.extract_slice %x[0] [4] [1] : tensor<6xf64> to tensor<4xf64>
  %A = tensor.expand_shape %f [[0, 1]] output_shape [2, 2] : tensor<4xf64> into tensor<2x2xf64>
  %b = tensor.extract_slice %x[4] [2] [1] : tensor<6xf64> to tensor<2xf64>
  %u = costate.linear_solve %A, %b : tensor<2x2xf64>, tensor<2xf64>
  %v = arith.mulf %u, %u : tensor<2xf64>
  %w = costate.linear_solve %A, %v transposed : tensor<2x2xf64>, tensor<2xf64>
  %y = arith.addf %w, %u : tensor<2xf64>""")
BANDED = """
  %c = arith.constant dense<[[0.0, 1.1, -0.6, 0.7, 0.2], [0.3, 2.0, 2.5, -0.1, 1.7], [0.8, -0.4, 0.9, 0.5, 0.0],
                             [0.2, 0.3, -0.1, 0.0, 0.0]]> : tensor<4x5xf64>
  %s = math.sin %x : tensor<5xf64>
  %e = tensor.empty() : tensor<4x5xf64>
  %r = linalg.broadcast ins(%s : tensor<5xf64>) outs(%e : tensor<4x5xf64>) dimensions = [0]
  %q = arith.mulf %c, %r : tensor<4x5xf64>
  %A = arith.addf %c, %q : tensor<4x5xf64>"""
X5 = [0.3, -0.7, 1.9, 0.5, 1.2]
implicit("linear_solve_banded", X5, 5, BANDED + """
  %y = costate.linear_solve %A, %x bands [1, 2] : tensor<4x5xf64>, tensor<5xf64>""")
implicit("linear_solve_banded_transposed", X5, 5, BANDED + """
  %y = costate.linear_solve %A, %x transposed bands [1, 2] : tensor<4x5xf64>, tensor<5xf64>""")
# Kepler's equation: the eccentric anomaly of a mean anomaly and an eccentricity.
implicit("root_kepler", [1.3, 0.6], 1, """
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %M = tensor.extract %x[%c0] : tensor<2xf64>
  %e = tensor.extract %x[%c1] : tensor<2xf64>
  %E = costate.root %M : f64 {
  ^bb0(%u: f64):
    %s = math.sin %u : f64
    %es = arith.mulf %e, %s : f64
    %k = arith.subf %u, %es : f64
    %r = arith.subf %k, %M : f64
    costate.yield %r : f64
  }
  %y = tensor.from_elements %E : tensor<1xf64>""")
# The circle of radius exp(x0) and the hyperbola y0 y1 = x1, found from afar, with a matrix; and without one.
for suffix, option in (("", ""), ("_matrix_free", "matrix_free ")):
    implicit("root_system" + suffix, [0.8, 1.1], 2, """
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %a = tensor.extract %x[%c0] : tensor<2xf64>
  %b = tensor.extract %x[%c1] : tensor<2xf64>
  %radius = math.exp %a : f64
  %start = arith.constant dense<[4.0, 0.5]> : tensor<2xf64>
  %y = costate.root %start """ + option + """: tensor<2xf64> {
  ^bb0(%u: tensor<2xf64>):
    %p = tensor.extract %u[%c0] : tensor<2xf64>
    %q = tensor.extract %u[%c1] : tensor<2xf64>
    %pp = arith.mulf %p, %p : f64
    %qq = arith.mulf %q, %q : f64
    %s = arith.addf %pp, %qq : f64
    %r0 = arith.subf %s, %radius : f64
    %pq = arith.mulf %p, %q : f64
    %third = arith.constant 0.3 : f64
    %tb = arith.mulf %third, %b : f64
    %r1 = arith.subf %pq, %tb : f64
    %r = tensor.from_elements %r0, %r1 : tensor<2xf64>
    costate.yield %r : tensor<2xf64>
  }""")
# More unknowns than are written out column by column, in a shape of their own: u³ + u + 0.1 Σu = x.
implicit("root_cubic", [0.3, -0.7, 1.9, 0.5, 1.2, -0.4, 0.9, 0.1], 8, """
  %X = tensor.expand_shape %x [[0, 1]] output_shape [2, 4] : tensor<8xf64> into tensor<2x4xf64>
  %Y = costate.root %X : tensor<2x4xf64> {
  ^bb0(%u: tensor<2x4xf64>):
    %uu = arith.mulf %u, %u : tensor<2x4xf64>
    %uuu = arith.mulf %uu, %u : tensor<2x4xf64>
    %z = arith.constant dense<0.0> : tensor<f64>
    %sum = linalg.reduce { arith.addf } ins(%u : tensor<2x4xf64>) outs(%z : tensor<f64>) dimensions = [0, 1]
    %total = tensor.extract %sum[] : tensor<f64>
    %tenth = arith.constant 0.1 : f64
    %scaled = arith.mulf %tenth, %total : f64
    %all = tensor.splat %scaled : tensor<2x4xf64>
    %a = arith.addf %uuu, %u : tensor<2x4xf64>
    %b = arith.addf %a, %all : tensor<2x4xf64>
    %r = arith.subf %b, %X : tensor<2x4xf64>
    costate.yield %r : tensor<2x4xf64>
  }
  %y = tensor.collapse_shape %Y [[0, 1]] : tensor<2x4xf64> into tensor<8xf64>""", order=2)
# Heron's square root; and y = 0.3 cos(W y + x), plain, accelerated and without a matrix.
implicit("fixed_point_sqrt", [2.3, 0.4], 2, """
  %half = arith.constant dense<0.5> : tensor<2xf64>
  %y = costate.fixed_point %x : tensor<2xf64> {
  ^bb0(%u: tensor<2xf64>):
    %q = arith.divf %x, %u : tensor<2xf64>
    %s = arith.addf %u, %q : tensor<2xf64>
    %g = arith.mulf %s, %half : tensor<2xf64>
    costate.yield %g : tensor<2xf64>
  }""")
for suffix, option in (("", ""), ("_anderson", "anderson "), ("_matrix_free", "matrix_free tolerance 1.0e-13 ")):
    implicit("fixed_point_cosine" + suffix, [0.3, -0.7, 0.5], 3, """
  %W = arith.constant dense<[[0.5, -0.3, 0.8], [0.1, 0.9, -0.2], [-0.6, 0.4, 0.3]]> : tensor<3x3xf64>
  %amplitude = arith.constant dense<0.6> : tensor<3xf64>
  %y = costate.fixed_point %x """ + option + """: tensor<3xf64> {
  ^bb0(%u: tensor<3xf64>):
    %p = linalg.matvec ins(%W, %u : tensor<3x3xf64>, tensor<3xf64>) outs(%x : tensor<3xf64>) -> tensor<3xf64>
    %c = math.cos %p : tensor<3xf64>
    %g = arith.mulf %amplitude, %c : tensor<3xf64>
    costate.yield %g : tensor<3xf64>
  }""", compositions=suffix != "_anderson")
# The Laplacian in one dimension plus a potential exp(x), symmetric; and with a drift that is not.
LAPLACIAN = """
  ^bb0(%v: tensor<6xf64>):
    %z = arith.constant 0.0 : f64
    %w = tensor.pad %v low[1] high[1] {
    ^bb0(%i: index):
      tensor.yield %z : f64
    } : tensor<6xf64> to tensor<8xf64>
    %l = tensor.extract_slice %w[0] [6] [1] : tensor<8xf64> to tensor<6xf64>
    %r = tensor.extract_slice %w[2] [6] [1] : tensor<8xf64> to tensor<6xf64>
    %two = arith.constant dense<2.0> : tensor<6xf64>
    %d = arith.mulf %two, %v : tensor<6xf64>
    %m = arith.subf %d, %l : tensor<6xf64>
    %n = arith.subf %m, %r : tensor<6xf64>
    %k = arith.mulf %potential, %v : tensor<6xf64>
    %a = arith.addf %n, %k : tensor<6xf64>"""
X6 = [0.3, -0.7, 0.9, 0.5, 0.2, -0.4]
implicit("krylov_cg", X6, 6, "%potential = math.exp %x : tensor<6xf64>\n%b = arith.mulf %x, %x : tensor<6xf64>\n"
         "%y = costate.krylov_solve %b by cg tolerance 1.0e-14 : tensor<6xf64> {" + LAPLACIAN + "\ncostate.yield %a : tensor<6xf64>\n}",
         order=2)
implicit("krylov_bicgstab", X6, 6, "%potential = math.exp %x : tensor<6xf64>\n%b = arith.mulf %x, %x : tensor<6xf64>\n"
         "%y = costate.krylov_solve %b by bicgstab tolerance 1.0e-14 : tensor<6xf64> {" + LAPLACIAN + """
    %drift = arith.mulf %x, %l : tensor<6xf64>
    %o = arith.addf %a, %drift : tensor<6xf64>
    costate.yield %o : tensor<6xf64>
  }""", order=2)

# A derivative that is stated, by another formula than that of the function; of two results.
implicit("custom_jvp", [0.3, -0.7, 1.9], 3, """
  %s, %p = func.call @softplus_and_product(%x, %x) : (tensor<3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>)
  %e = math.sin %p : tensor<3xf64>
  %y = arith.mulf %s, %e : tensor<3xf64>""", functions="""
func.func private @softplus_and_product(%a: tensor<3xf64>, %b: tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>) {
  %one = arith.constant dense<1.0> : tensor<3xf64>
  %e = math.exp %a : tensor<3xf64>
  %s = arith.addf %e, %one : tensor<3xf64>
  %y = math.log %s : tensor<3xf64>
  %p = arith.mulf %a, %b : tensor<3xf64>
  return %y, %p : tensor<3xf64>, tensor<3xf64>
}
func.func private @softplus_and_product_jvp(%a: tensor<3xf64>, %b: tensor<3xf64>, %da: tensor<3xf64>, %db: tensor<3xf64>)
    -> (tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>) {
  %one = arith.constant dense<1.0> : tensor<3xf64>
  %y, %p = func.call @softplus_and_product(%a, %b) : (tensor<3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>)
  %m = arith.negf %a : tensor<3xf64>
  %e = math.exp %m : tensor<3xf64>
  %s = arith.addf %e, %one : tensor<3xf64>
  %dy = arith.divf %one, %s : tensor<3xf64>
  %ty = arith.mulf %dy, %da : tensor<3xf64>
  %u = arith.mulf %da, %b : tensor<3xf64>
  %v = arith.mulf %a, %db : tensor<3xf64>
  %tp = arith.addf %u, %v : tensor<3xf64>
  return %y, %p, %ty, %tp : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
}
costate.custom_derivative @softplus_and_product jvp @softplus_and_product_jvp""")

# Implicit Euler for u' = -x0 u³: a root in each iteration of a loop, and of a branch.
implicit("root_in_loop", [0.8, 1.3], 1, """
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant 3 : index
  %step = arith.constant 0.1 : f64
  %zero = arith.constant 0.0 : f64
  %a = tensor.extract %x[%c0] : tensor<2xf64>
  %start = tensor.extract %x[%c1] : tensor<2xf64>
  %end = scf.for %i = %c0 to %n step %c1 iter_args(%u = %start) -> f64 {
    %positive = arith.cmpf ogt, %u, %zero : f64
    %next = scf.if %positive -> f64 {
      %root = costate.root %u : f64 {
      ^bb0(%v: f64):
        %vv = arith.mulf %v, %v : f64
        %vvv = arith.mulf %vv, %v : f64
        %av = arith.mulf %a, %vvv : f64
        %h = arith.mulf %step, %av : f64
        %d = arith.subf %v, %u : f64
        %r = arith.addf %d, %h : f64
        costate.yield %r : f64
      }
      scf.yield %root : f64
    } else {
      scf.yield %u : f64
    }
    scf.yield %next : f64
  }
  %y = tensor.from_elements %end : tensor<1xf64>""")
