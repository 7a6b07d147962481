#===- sparse.py - Functions whose Jacobian is mostly zero --------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Functions tensor<Nxf64> -> tensor<Mxf64>, as in cases.py, and where their Jacobian may be other than zero."""
from cases import Case

SPARSE = []  # cases
ENTRIES = {}  # by name: whether entry (i, j) of the Jacobian may be other than zero


def sparse(name, x, outputs, entry, body, **options):
    SPARSE.append(Case(name, x, outputs, body, **options))
    ENTRIES[name] = entry


N = 9
X = [0.3, -0.7, 1.9, 1.1, 0.4, -0.6, 0.8, -1.3, 0.5]
T = f"tensor<{N}xf64>"
# y_i = sin(x_{i-1}) x_i + exp(x_{i+1}), columns in three colours
sparse("tridiagonal", X, N, lambda i, j: abs(i - j) <= 1, f"""
  %zero = arith.constant 0.0 : f64
  %p = tensor.pad %x low[1] high[1] {{
  ^bb0(%i: index):
    tensor.yield %zero : f64
  }} : {T} to tensor<{N + 2}xf64>
  %l = tensor.extract_slice %p[0] [{N}] [1] : tensor<{N + 2}xf64> to {T}
  %r = tensor.extract_slice %p[2] [{N}] [1] : tensor<{N + 2}xf64> to {T}
  %s = math.sin %l : {T}
  %e = math.exp %r : {T}
  %m = arith.mulf %s, %x : {T}
  %y = arith.addf %m, %e : {T}""")
# Padded by what depends on x: y_i = sin(p_i) x_i, where p is x_3², x_0, …, x_{N-2}.
sparse("padded_by_value", X, N, lambda i, j: i == j or i - j == 1 or (i, j) == (0, 3), f"""
  %c3 = arith.constant 3 : index
  %v = tensor.extract %x[%c3] : {T}
  %v2 = arith.mulf %v, %v : f64
  %f = tensor.extract_slice %x[0] [{N - 1}] [1] : {T} to tensor<{N - 1}xf64>
  %p = tensor.pad %f low[1] high[0] {{
  ^bb0(%i: index):
    tensor.yield %v2 : f64
  }} : tensor<{N - 1}xf64> to {T}
  %s = math.sin %p : {T}
  %y = arith.mulf %s, %x : {T}""")
# A diagonal and a full last row: rows in two colours.
sparse("arrow", X, N + 1, lambda i, j: i == j or i == N, f"""
  %s = math.sin %x : {T}
  %z = arith.constant dense<0.0> : tensor<f64>
  %t = linalg.dot ins(%s, %x : {T}, {T}) outs(%z : tensor<f64>) -> tensor<f64>
  %u = tensor.extract %t[] : tensor<f64>
  %v = arith.mulf %u, %u : f64
  %w = tensor.from_elements %v : tensor<1xf64>
  %y = tensor.concat dim(0) %s, %w : ({T}, tensor<1xf64>) -> tensor<{N + 1}xf64>""")
# Three blocks of three: y_bi = exp(Σ_j A_ij x_bj), the columns of a block in colours of their own.
A = "dense<[[1.0, -0.5, 0.3], [0.2, 0.7, -1.1], [0.4, 0.9, 0.6]]> : tensor<3x3xf64>"
sparse("block_diagonal", X, N, lambda i, j: i // 3 == j // 3, f"""
  %a = arith.constant {A}
  %m = tensor.expand_shape %x [[0, 1]] output_shape [3, 3] : {T} into tensor<3x3xf64>
  %z = arith.constant dense<0.0> : tensor<3x3xf64>
  %p = linalg.contract indexing_maps = [affine_map<(b, i, j) -> (i, j)>, affine_map<(b, i, j) -> (b, j)>, affine_map<(b, i, j) -> (b, i)>]
    ins(%a, %m : tensor<3x3xf64>, tensor<3x3xf64>) outs(%z : tensor<3x3xf64>) -> tensor<3x3xf64>
  %e = math.exp %p : tensor<3x3xf64>
  %y = tensor.collapse_shape %e [[0, 1]] : tensor<3x3xf64> into {T}""")
# A constant matrix with zeros, of two diagonals, and a constant mask.
bidiagonal = ", ".join("[" + ", ".join("1.5" if j == i else "-0.5" if j == i + 1 else "0.0" for j in range(N)) + "]"
                       for i in range(N))
mask = ", ".join("true" if i % 2 else "false" for i in range(N))
sparse("constant_zeros", X, N, lambda i, j: j == i + 1 if i % 2 == 0 else j == i, f"""
  %a = arith.constant dense<[{bidiagonal}]> : tensor<{N}x{N}xf64>
  %d = arith.constant dense<[0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]> : {T}
  %c = arith.constant dense<[{mask}]> : tensor<{N}xi1>
  %s = math.sin %x : {T}
  %masked = arith.mulf %d, %s : {T}
  %z = arith.constant dense<0.0> : {T}
  %p = linalg.matvec ins(%a, %masked : tensor<{N}x{N}xf64>, {T}) outs(%z : {T}) -> {T}
  %y = arith.select %c, %s, %p : tensor<{N}xi1>, {T}""")
# h(x) = <w, f> of this one has a Hessian of three diagonals.
sparse("neighbours", X, N - 1, lambda i, j: j in (i, i + 1), f"""
  %a = tensor.extract_slice %x[0] [{N - 1}] [1] : {T} to tensor<{N - 1}xf64>
  %b = tensor.extract_slice %x[1] [{N - 1}] [1] : {T} to tensor<{N - 1}xf64>
  %s = arith.mulf %a, %a : tensor<{N - 1}xf64>
  %d = arith.subf %b, %s : tensor<{N - 1}xf64>
  %y = arith.mulf %d, %d : tensor<{N - 1}xf64>""")
# Scalars moved one by one, a reduction along one dimension, and elements in another order.
sparse("moves", X, 6, lambda i, j: (j // 3 == i if i < 3 else j == {3: 5, 4: 0, 5: 0}[i]), f"""
  %c5 = arith.constant 5 : index
  %c1 = arith.constant 1 : index
  %c0 = arith.constant 0 : index
  %m = tensor.expand_shape %x [[0, 1]] output_shape [3, 3] : {T} into tensor<3x3xf64>
  %q = arith.mulf %m, %m : tensor<3x3xf64>
  %e0 = tensor.empty() : tensor<3x3xf64>
  %t = linalg.transpose ins(%q : tensor<3x3xf64>) outs(%e0 : tensor<3x3xf64>) permutation = [1, 0]
  %z = arith.constant dense<0.0> : tensor<3xf64>
  %sum = linalg.reduce {{ arith.addf }} ins(%t : tensor<3x3xf64>) outs(%z : tensor<3xf64>) dimensions = [0]
  %a = tensor.extract %x[%c5] : {T}
  %f = math.sin %a : f64
  %b = tensor.extract %x[%c0] : {T}
  %g = tensor.splat %b : tensor<3xf64>
  %h = tensor.insert %f into %g[%c0] : tensor<3xf64>
  %k = math.exp %h : tensor<3xf64>
  %n = tensor.empty() : tensor<6xf64>
  %u = tensor.insert_slice %sum into %n[0] [3] [1] : tensor<3xf64> into tensor<6xf64>
  %y = tensor.insert_slice %k into %u[3] [3] [1] : tensor<3xf64> into tensor<6xf64>""")
# Places that a counter gives, in a loop, and a branch. Backwards, tapes are filled and read at such places.
sparse("counted", X, N - 2, lambda i, j: j in (i, i + 2), f"""
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c7 = arith.constant {N - 2} : index
  %e = arith.constant dense<0.0> : tensor<{N - 2}xf64>
  %y = scf.for %i = %c0 to %c7 step %c1 iter_args(%s = %e) -> tensor<{N - 2}xf64> {{
    %j = arith.addi %i, %c2 : index
    %a = tensor.extract %x[%i] : {T}
    %b = tensor.extract %x[%j] : {T}
    %m = math.sin %a : f64
    %c = arith.cmpf ogt, %b, %a : f64
    %p = scf.if %c -> f64 {{
      %q = arith.mulf %m, %b : f64
      scf.yield %q : f64
    }} else {{
      %q = arith.addf %m, %b : f64
      scf.yield %q : f64
    }}
    %n = tensor.insert %p into %s[%i] : tensor<{N - 2}xf64>
    scf.yield %n : tensor<{N - 2}xf64>
  }}""")
# Two steps in a loop of three diagonals, over slices at places that move.
sparse("stepped", X, N, lambda i, j: -1 <= j - i <= 2, f"""
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f64
  %y = scf.for %i = %c0 to %c2 step %c1 iter_args(%s = %x) -> {T} {{
    %p = tensor.pad %s low[1] high[1] {{
    ^bb0(%k: index):
      tensor.yield %zero : f64
    }} : {T} to tensor<{N + 2}xf64>
    %l = tensor.extract_slice %p[%i] [{N}] [1] : tensor<{N + 2}xf64> to {T}
    %r = tensor.extract_slice %p[2] [{N}] [1] : tensor<{N + 2}xf64> to {T}
    %m = arith.mulf %l, %r : {T}
    %h = math.sin %m : {T}
    scf.yield %h : {T}
  }}""")
