#===- calls.py - Checks the numbers of derivatives that are calls -----------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""f_0(x, a) = x + a sin x, elementwise, and f_k(x, a) = f_{k-1}(f_{k-1}(x, a), a): the code of f_k is that of 2^k steps,
and calls stay calls. jvp, vjp, gradient, hvp, Jacobian and jets to order 2 against Taylor arithmetic in Python. The same
of a function that calls in a loop and in a branch. With --ops and --tower, prints a
module of that depth instead."""
import argparse
import math
import sys

from oracle import Module, dense, run, tensor

STEPS = """
func.func private @f_0(%x: tensor<3xf64>, %a: f64) -> tensor<3xf64> {
  %s = math.sin %x : tensor<3xf64>
  %b = tensor.splat %a : tensor<3xf64>
  %p = arith.mulf %b, %s : tensor<3xf64>
  %y = arith.addf %x, %p : tensor<3xf64>
  return %y : tensor<3xf64>
}"""
TYPE = "(tensor<3xf64>, f64) -> tensor<3xf64>"


def tower(depth):
    functions = [STEPS]
    for k in range(1, depth + 1):
        functions.append(f"""
func.func private @f_{k}(%x: tensor<3xf64>, %a: f64) -> tensor<3xf64> {{
  %h = func.call @f_{k - 1}(%x, %a) : {TYPE}
  %y = func.call @f_{k - 1}(%h, %a) : {TYPE}
  return %y : tensor<3xf64>
}}""")
    return "\n".join(functions)


# Called in each of two iterations, and in the branch that is taken.
CONTROL = """
func.func private @f_control(%x: tensor<3xf64>, %a: f64) -> tensor<3xf64> {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %zero = arith.constant 0.0 : f64
  %h = scf.for %i = %c0 to %c2 step %c1 iter_args(%s = %x) -> tensor<3xf64> {{
    %n = func.call @f_{k}(%s, %a) : {type}
    scf.yield %n : tensor<3xf64>
  }}
  %positive = arith.cmpf ogt, %a, %zero : f64
  %y = scf.if %positive -> tensor<3xf64> {{
    %n = func.call @f_{k}(%h, %a) : {type}
    scf.yield %n : tensor<3xf64>
  }} else {{
    scf.yield %h : tensor<3xf64>
  }}
  return %y : tensor<3xf64>
}}"""


def sine(u):
    """The Taylor coefficients of sin u, of those of u."""
    s, c = [math.sin(u[0])], [math.cos(u[0])]
    for n in range(1, len(u)):
        s.append(sum(k * u[k] * c[n - k] for k in range(1, n + 1)) / n)
        c.append(-sum(k * u[k] * s[n - k] for k in range(1, n + 1)) / n)
    return s


def step(x, a):
    s = sine(x)
    return [x[n] + sum(a[k] * s[n - k] for k in range(n + 1)) for n in range(len(x))]


def add_checks(module, f, x, v, a, b, w):
    add = module.functions.append
    wrap = lambda name, arguments, body, n: add(
        f"func.func private @{f}_{name}({arguments}) -> {tensor(n)} attributes {{no_inline}} {{\n{body}\n}}")
    weights = f"%w = arith.constant {dense(w)} : tensor<3xf64>"
    add(f"""func.func private @{f}_h(%x: tensor<3xf64>, %a: f64) -> f64 {{
  {weights}
  %y = func.call @{f}(%x, %a) : {TYPE}
  %z = arith.constant dense<0.0> : tensor<f64>
  %d = linalg.dot ins(%w, %y : tensor<3xf64>, tensor<3xf64>) outs(%z : tensor<f64>) -> tensor<f64>
  %h = tensor.extract %d[] : tensor<f64>
  return %h : f64
}}
func.func private @{f}_along(%t: f64) -> tensor<3xf64> {{
  %x0 = arith.constant {dense(x)} : tensor<3xf64>
  %v = arith.constant {dense(v)} : tensor<3xf64>
  %a0 = arith.constant {a!r} : f64
  %b = arith.constant {b!r} : f64
  %ts = tensor.splat %t : tensor<3xf64>
  %tv = arith.mulf %ts, %v : tensor<3xf64>
  %x = arith.addf %x0, %tv : tensor<3xf64>
  %tb = arith.mulf %t, %b : f64
  %a = arith.addf %a0, %tb : f64
  %y = func.call @{f}(%x, %a) : {TYPE}
  return %y : tensor<3xf64>
}}""")
    for kind in ("jvp", "vjp", "jacobian"):
        add(f"costate.derive @{f}_{kind} = {kind} @{f} wrt [0, 1]")
    for kind in ("gradient", "hvp"):
        add(f"costate.derive @{f}_{kind} = {kind} @{f}_h wrt [0, 1]")
    add(f"costate.derive @{f}_jet = jet @{f}_along variables [[0, 0]] indices [[1], [2]]")
    point = f"%x = arith.constant {dense(x)} : tensor<3xf64>\n%a = arith.constant {a!r} : f64\n"
    tangents = f"%v = arith.constant {dense(v)} : tensor<3xf64>\n%b = arith.constant {b!r} : f64\n"
    pair = ("%o = tensor.from_elements %s : tensor<1xf64>\n"
            "%r = tensor.concat dim(0) %q, %o : (tensor<3xf64>, tensor<1xf64>) -> tensor<4xf64>\nreturn %r : tensor<4xf64>")
    x_, s_ = "tensor<3xf64>", "f64"
    wrap("call_jvp", "", point + tangents + f"%y, %r = costate.call @{f}_jvp(%x, %a, %v, %b) : ({x_}, {s_}, {x_}, {s_}) -> "
         f"({x_}, {x_})\nreturn %r : {x_}", 3)
    wrap("call_vjp", "", point + weights + f"\n%y, %q, %s = costate.call @{f}_vjp(%x, %a, %w) : ({x_}, {s_}, {x_}) -> "
         f"({x_}, {x_}, {s_})\n{pair}", 4)
    wrap("call_gradient", "", point + f"%y, %q, %s = costate.call @{f}_gradient(%x, %a) : ({x_}, {s_}) -> ({s_}, {x_}, {s_})\n"
         + pair, 4)
    wrap("call_hvp", "", point + tangents + f"%q, %s = costate.call @{f}_hvp(%x, %a, %v, %b) : ({x_}, {s_}, {x_}, {s_}) -> "
         f"({x_}, {s_})\n{pair}", 4)
    wrap("call_jacobian", "", point + f"%j, %k = costate.call @{f}_jacobian(%x, %a) : ({x_}, {s_}) -> (tensor<3x3xf64>, {x_})\n"
         "%m = tensor.collapse_shape %j [[0, 1]] : tensor<3x3xf64> into tensor<9xf64>\n"
         "%r = tensor.concat dim(0) %m, %k : (tensor<9xf64>, tensor<3xf64>) -> tensor<12xf64>\nreturn %r : tensor<12xf64>", 12)
    wrap("call_jet", "", f"%z = arith.constant 0.0 : f64\n%d:2 = costate.call @{f}_jet(%z) : (f64) -> ({x_}, {x_})\n"
         f"%r = tensor.concat dim(0) %d#0, %d#1 : ({x_}, {x_}) -> tensor<6xf64>\nreturn %r : tensor<6xf64>", 6)
    for name, n in (("jvp", 3), ("vjp", 4), ("gradient", 4), ("hvp", 4), ("jacobian", 12), ("jet", 6)):
        module.call(f"{f}_call_{name}", [], [], [n], [(f, name)])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", default=[], help="a runner library")
    parser.add_argument("--ops", type=int, help="the depth of a module to print")
    parser.add_argument("--tower", type=int, help="the depth of a module with a vjp to print")
    parser.add_argument("--dump", help="where to keep the module")
    arguments = parser.parse_args()
    if arguments.ops:
        f = f"f_{arguments.ops}"
        print(tower(arguments.ops))
        for kind in ("jvp", "vjp", "jacobian"):
            print(f"costate.derive @{kind} = {kind} @{f} wrt [0, 1]")
        print(f"costate.derive @second = vjp @jvp wrt [0]\nfunc.func @main(%x: tensor<3xf64>, %a: f64) -> tensor<3xf64> {{\n"
              f"%y = func.call @{f}(%x, %a) : {TYPE}\nreturn %y : tensor<3xf64>\n}}")
        return
    if arguments.tower:
        f = f"f_{arguments.tower}"
        print(tower(arguments.tower))
        print(f"costate.derive @vjp = vjp @{f} wrt [0, 1]\n"
              "func.func @tower(%x: tensor<3xf64>, %a: f64, %w: tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>, f64) {\n"
              "%y, %dx, %da = costate.call @vjp(%x, %a, %w) : (tensor<3xf64>, f64, tensor<3xf64>) -> "
              "(tensor<3xf64>, tensor<3xf64>, f64)\nreturn %y, %dx, %da : tensor<3xf64>, tensor<3xf64>, f64\n}")
        return
    depth = 10
    x, v, w, a, b = [0.3, -0.8, 1.2], [0.5, 1.0, -0.75], [1.0, -0.5, 2.0], 1 / 1024, 1 / 4096
    module = Module()
    module.functions.append(tower(depth) + CONTROL.format(k=depth, type=TYPE))
    counts = {f"f_{depth}": 2**depth, "f_control": 3 * 2**depth}
    for f in counts:
        add_checks(module, f, x, v, a, b, w)
    numbers = iter(run(module.text(), arguments.library, arguments.dump))
    found = {label: [next(numbers) for _ in range(n)] for label, n in module.labels}
    failures, checks = [], 0

    def check(what, got, expected):
        nonlocal checks
        checks += 1
        scale = max(map(abs, expected))
        error = max(abs(p - q) for p, q in zip(got, expected, strict=True))
        if not error <= 1e-12 * scale:
            failures.append(f"{what}: {got}, expected {expected}")

    def taylor(count, direction, slope, order):
        """Derivatives of each component along a direction."""
        values = []
        for xi, vi in zip(x, direction):
            u, s = [xi, vi] + [0.0] * (order - 1), [a, slope] + [0.0] * (order - 1)
            for _ in range(count):
                u = step(u, s)
            values.append([u[n] * math.factorial(n) for n in range(order + 1)])
        return values

    for f, count in counts.items():
        along = taylor(count, v, b, 2)
        check(f"{f}: jvp", found[(f, "jvp")], [d[1] for d in along])
        check(f"{f}: jet", found[(f, "jet")], [d[n] for n in (1, 2) for d in along])
        unit, slope = taylor(count, [1.0] * 3, 0.0, 1), taylor(count, [0.0] * 3, 1.0, 1)
        gradient = [wi * d[1] for wi, d in zip(w, unit)] + [sum(wi * d[1] for wi, d in zip(w, slope))]
        check(f"{f}: vjp", found[(f, "vjp")], gradient)
        check(f"{f}: gradient", found[(f, "gradient")], gradient)
        matrix = [unit[i][1] if i == j else 0.0 for i in range(3) for j in range(3)]
        check(f"{f}: Jacobian", found[(f, "jacobian")], matrix + [d[1] for d in slope])
        products = found[(f, "hvp")]
        curvature = sum(p * q for p, q in zip(products, v + [b]))
        check(f"{f}: <v, H v>", [curvature], [sum(wi * d[2] for wi, d in zip(w, along))])
    print("\n".join(failures))
    print(f"{checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
