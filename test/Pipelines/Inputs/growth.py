#===- growth.py - Programs of a given size, and how what becomes of them grows ---------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
import ctypes
import json
import sys
from math import sin


def function(arguments, result, body):
    return "\n  ".join([f"func.func @f({arguments}) -> {result} {{", *body]) + "\n}"


def scalars(n):
    """A chain of sines of numbers."""
    return function("%x0: f64", "f64", [f"%x{i + 1} = math.sin %x{i} : f64" for i in range(n)] + [f"return %x{n} : f64"])


def chain(n):
    """A chain of sines of small tensors."""
    t = "tensor<8xf64>"
    return function(f"%x0: {t}", t, [f"%x{i + 1} = math.sin %x{i} : {t}" for i in range(n)] + [f"return %x{n} : {t}"])


def elements(n):
    """A tensor of numbers that are computed one by one, for each point of a set."""
    t = f"tensor<{n}xf64>"
    body = []
    for i in range(n):
        body += [f"%c{i} = arith.constant {i} : index", f"%a{i} = tensor.extract %x[%c{i}] : {t}",
                 f"%b{i} = arith.mulf %a{i}, %w : f64"]
    body += [f"%t = tensor.from_elements {', '.join(f'%b{i}' for i in range(n))} : {t}", "%e = tensor.empty() : tensor<f64>",
             "%z = arith.constant 0.0 : f64", "%fill = linalg.fill ins(%z : f64) outs(%e : tensor<f64>) -> tensor<f64>",
             f"%d = linalg.dot ins(%t, %x : {t}, {t}) outs(%fill : tensor<f64>) -> tensor<f64>",
             "%r = tensor.extract %d[] : tensor<f64>", "return %r : f64"]
    point = function(f"%x: {t}, %w: f64", "f64", body).replace("@f", "private @point")
    return point + f"""
func.func @f(%x: memref<{n}x?xf64> {{costate.role = "column:s:x"}}, %count: index {{costate.role = "count:s"}},
             %m: memref<1xf64> {{costate.role = "metrics"}}) attributes {{costate.entry}} {{
  %one = arith.constant 1.0 : f64
  %t = bufferization.to_tensor %x restrict : memref<{n}x?xf64> to tensor<{n}x?xf64>
  %r = costate.reduce_set @point over(%t : tensor<{n}x?xf64>) count %count weight %one : f64 -> f64
  %v = tensor.from_elements %r : tensor<1xf64>
  bufferization.materialize_in_destination %v in restrict writable %m : (tensor<1xf64>, memref<1xf64>) -> ()
  return
}}"""


NETWORK = """costate.network @net(%x: tensor<1xf64>) -> tensor<{0}xf64> {{
  %h = costate.dense %x -> 8 activation(tanh) : tensor<1xf64> -> tensor<8xf64>
  %u = costate.dense %h -> {0} : tensor<8xf64> -> tensor<{0}xf64>
  costate.yield %u : tensor<{0}xf64>
}}
"""


def residual(name, size, factor):
    return f"""costate.residual @{name}(%x: tensor<1xf64>) -> tensor<{size}xf64> {{
  %u = costate.call @net(%x) : (tensor<1xf64>) -> tensor<{size}xf64>
  %c = arith.constant dense<{factor}.5> : tensor<{size}xf64>
  %r = arith.mulf %u, %c : tensor<{size}xf64>
  costate.yield %r : tensor<{size}xf64>
}}
"""


def problem(constraints, mode):
    conditions = "".join(f'  costate.subject_to "{name}" @{name}(x) == 0.0 over @train by #costate.tanabe<mode = {mode}>\n'
                         for name in constraints)
    return f"""costate.problem @p {{
  costate.sample @train (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 100
  costate.minimize "data" square(@net(x)) over @train
{conditions}  costate.train by #costate.euler<dt = 0.001> steps 100
}}"""


def constraints(n):
    """n of one number each, which share a system."""
    names = [f"r{i}" for i in range(n)]
    return NETWORK.format(1) + "".join(residual(name, 1, i) for i, name in enumerate(names)) + problem(names, "reduction")


def cut(n):
    """One constraint at every point, of n numbers."""
    return NETWORK.format(n) + residual("r", n, 1) + problem(["r"], "per_sample")


if sys.argv[1] == "growth":
    # Of files with the numbers of ops of sizes N, 2 N and 3 N: by how many ops one more makes it grow.
    n = int(sys.argv[2])
    a, b, c = (sum(json.load(open(path)).values()) for path in sys.argv[3:])
    print(round((b - a) / n, 1) if abs((c - b) - (b - a)) <= 0.05 * (b - a) else f"not linear: {a}, {b}, {c}")
elif sys.argv[1] == "value":
    # Of a library: whether a chain of N sines of some numbers is what Python computes.
    from library import call, differ
    start = [0.7] if sys.argv[3] == "scalars" else [0.25 * i - 1 for i in range(8)]
    expected = start
    for _ in range(int(sys.argv[2])):
        expected = [sin(x) for x in expected]
    scalar = sys.argv[3] == "scalars"
    results = call(ctypes.CDLL(sys.argv[4]).f, start if scalar else [start], [len(start)])
    print("wrong" if differ(results, [expected], 1e-12) else "right")
else:
    print(globals()[sys.argv[1]](int(sys.argv[2])))
