#===- transforms.py - Checks the numbers of jacobian, gradient, hessian and hvp of a symbol ----------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""For each case f and h = <w, f>: the Jacobian times v against the jvp, transposed times w against the vjp, each of its
columns against central differences; the gradient of h against the vjp; the Hessian of h against the differences of
gradients, against nested jvps and its own transpose, and the product with it against it; where the Jacobian is sparse,
zeros that are exact. Then the same of functions of several arguments, matrices and scalars among them, against the one
of the vector that holds them all."""
import argparse
import random
import re
import sys

from cases import CASES
from oracle import Module, dense, dot, run, tensor
from sparse import ENTRIES, SPARSE

# h(A, s, b) = s <q, sin(A b)> + s³ Σ exp(b), and what it is made of, (sin(A b), s Σ exp(b)).
SHAPES = {"A": (2, 3), "s": (), "b": (3,)}
POINT = {"A": [0.3, -0.7, 1.1, 0.4, -0.6, 0.9], "s": [1.3], "b": [0.2, -0.5, 0.8]}
SINES = """
  %z2 = arith.constant dense<0.0> : tensor<2xf64>
  %p = linalg.matvec ins(%A, %b : tensor<2x3xf64>, tensor<3xf64>) outs(%z2 : tensor<2xf64>) -> tensor<2xf64>
  %sines = math.sin %p : tensor<2xf64>
  %e = math.exp %b : tensor<3xf64>
  %z0 = arith.constant dense<0.0> : tensor<f64>
  %sum = linalg.reduce { arith.addf } ins(%e : tensor<3xf64>) outs(%z0 : tensor<f64>) dimensions = [0]
  %total = tensor.extract %sum[] : tensor<f64>
  %scaled = arith.mulf %s, %total : f64"""
PRODUCT = """
  %i0 = arith.constant 0 : index
  %i1 = arith.constant 1 : index
  %half = arith.constant 0.5 : f64
  %a0 = tensor.extract %sines[%i0] : tensor<2xf64>
  %a1 = tensor.extract %sines[%i1] : tensor<2xf64>
  %h1 = arith.mulf %a1, %half : f64
  %d = arith.subf %a0, %h1 : f64
  %ds = arith.mulf %d, %s : f64
  %s2 = arith.mulf %s, %s : f64
  %cube = arith.mulf %s2, %scaled : f64
  %value = arith.addf %ds, %cube : f64"""
UNPACK = """
  %A0 = tensor.extract_slice %x[0] [6] [1] : tensor<10xf64> to tensor<6xf64>
  %A = tensor.expand_shape %A0 [[0, 1]] output_shape [2, 3] : tensor<6xf64> into tensor<2x3xf64>
  %c6 = arith.constant 6 : index
  %s = tensor.extract %x[%c6] : tensor<10xf64>
  %b = tensor.extract_slice %x[7] [3] [1] : tensor<10xf64> to tensor<3xf64>"""


def shaped(shape):
    return "tensor<" + "".join(f"{n}x" for n in shape) + "f64>"


def size_of(shape):
    size = 1
    for n in shape:
        size *= n
    return size


def flattened(value, shape):
    """IR that makes a vector of %value, named %flat."""
    if len(shape) == 1:
        return f"%flat = tensor.extract_slice {value}[0] [{shape[0]}] [1] : {shaped(shape)} to {shaped(shape)}\n"
    groups = "[[" + ", ".join(map(str, range(len(shape)))) + "]]"
    if not shape:
        return f"%flat = tensor.expand_shape {value} [] output_shape [1] : tensor<f64> into tensor<1xf64>\n"
    return f"%flat = tensor.collapse_shape {value} {groups} : {shaped(shape)} into {tensor(size_of(shape))}\n"


def add_case(module, case, generator):
    n, m, f = len(case.x), case.outputs, case.name
    v, u = ([generator.randint(-8, 8) / 8 or 0.5 for _ in range(n)] for _ in range(2))
    w = [generator.randint(-8, 8) / 8 or 0.5 for _ in range(m)]
    add = module.functions.append
    add(f"func.func private @{f}(%x: {tensor(n)}) -> {tensor(m)} {{\n{case.body}\nreturn %y : {tensor(m)}\n}}")
    weighted = "".join(f"%k{i} = arith.constant {i} : index\n%w{i} = arith.constant {w[i]} : f64\n"
                       f"%y{i} = tensor.extract %f[%k{i}] : {tensor(m)}\n%t{i} = arith.mulf %w{i}, %y{i} : f64\n"
                       f"%h{i + 1} = arith.addf %h{i}, %t{i} : f64\n" for i in range(m))
    add(f"func.func private @{f}_h(%x: {tensor(n)}) -> f64 {{\n%f = func.call @{f}(%x) : ({tensor(n)}) -> {tensor(m)}\n"
        f"%h0 = arith.constant 0.0 : f64\n{weighted}return %h{m} : f64\n}}")
    for kind in ("jacobian", "jvp", "vjp"):
        add(f"costate.derive @{f}_{kind} = {kind} @{f} wrt [0]")
    for kind in ("gradient", "hessian", "hvp", "jvp"):
        add(f"costate.derive @{f}_h_{kind} = {kind} @{f}_h wrt [0]")
    # Functions from vectors to vectors that main calls; they stay functions, so that main stays small.
    def wrap(name, arguments, body, result):
        types = ", ".join(f"%x{i}: {tensor(k)}" for i, k in enumerate(arguments))
        add(f"func.func private @{f}_{name}({types}) -> {tensor(result)} attributes {{no_inline}} {{\n{body}"
            f"return %flat : {tensor(result)}\n}}")
    x = tensor(n)
    wrap("value", [n], f"%flat = func.call @{f}(%x0) : ({x}) -> {tensor(m)}\n", m)
    wrap("J", [n], f"%a = costate.call @{f}_jacobian(%x0) : ({x}) -> {shaped((m, n))}\n" + flattened("%a", (m, n)), m * n)
    wrap("Jv", [n, n], f"%a, %flat = costate.call @{f}_jvp(%x0, %x1) : ({x}, {x}) -> ({tensor(m)}, {tensor(m)})\n", m)
    wrap("Jw", [n, m], f"%a, %flat = costate.call @{f}_vjp(%x0, %x1) : ({x}, {tensor(m)}) -> ({tensor(m)}, {x})\n", n)
    wrap("g", [n], f"%a, %flat = costate.call @{f}_h_gradient(%x0) : ({x}) -> (f64, {x})\n", n)
    wrap("H", [n], f"%a = costate.call @{f}_h_hessian(%x0) : ({x}) -> {shaped((n, n))}\n" + flattened("%a", (n, n)), n * n)
    wrap("Hv", [n, n], f"%flat = costate.call @{f}_h_hvp(%x0, %x1) : ({x}, {x}) -> {x}\n", n)
    add(f"func.func private @{f}_along(%x: {x}, %v: {x}) -> f64 {{\n"
        f"%y:2 = costate.call @{f}_h_jvp(%x, %v) : ({x}, {x}) -> (f64, f64)\nreturn %y#1 : f64\n}}")
    add(f"costate.derive @{f}_nested = jvp @{f}_along wrt [0]")
    wrap("uHv", [n, n, n], f"%a, %b = costate.call @{f}_nested(%x0, %x1, %x2) : ({x}, {x}, {x}) -> (f64, f64)\n"
         "%flat = tensor.from_elements %b : tensor<1xf64>\n", 1)

    at, vv, uu, ww = (module.constant(values) for values in (case.x, v, u, w))
    call = lambda name, arguments, types, result, label: module.call(f"{f}_{name}", arguments, types, [result],
                                                                     [(f,) + label])
    call("J", [at], [n], m * n, ("J",))
    call("Jv", [at, vv], [n, n], m, ("Jv",))
    call("Jw", [at, ww], [n, m], n, ("Jw",))
    call("g", [at], [n], n, ("g",))
    call("H", [at], [n], n * n, ("H",))
    call("Hv", [at, vv], [n, n], n, ("Hv",))
    call("uHv", [at, vv, uu], [n, n, n], 1, ("uHv",))
    for j in range(n):
        for sign in (1, -1):
            near = list(case.x)
            near[j] += sign * case.step
            place = module.constant(near)
            call("value", [place], [n], m, ("value", j, sign))
            call("g", [place], [n], n, ("g", j, sign))
    return v, u, w


def add_several(module):
    """Functions of several arguments, by all of them and by some in another order, and of one vector."""
    add = module.functions.append
    types = {name: "f64" if not shape else shaped(shape) for name, shape in SHAPES.items()}
    head = ", ".join(f"%{name}: {type_}" for name, type_ in types.items())
    add(f"func.func private @pair({head}) -> (tensor<2xf64>, f64) {{{SINES}\nreturn %sines, %scaled : tensor<2xf64>, f64\n}}")
    add(f"func.func private @scalar({head}) -> f64 {{{SINES}{PRODUCT}\nreturn %value : f64\n}}")
    call = "(" + ", ".join(types.values()) + ")"
    add(f"func.func private @flat_pair(%x: tensor<10xf64>) -> tensor<3xf64> {{{UNPACK}\n"
        f"%y, %z = func.call @pair(%A, %s, %b) : {call} -> (tensor<2xf64>, f64)\n"
        "%t = tensor.from_elements %z : tensor<1xf64>\n"
        "%r = tensor.concat dim(0) %y, %t : (tensor<2xf64>, tensor<1xf64>) -> tensor<3xf64>\nreturn %r : tensor<3xf64>\n}")
    add(f"func.func private @flat_scalar(%x: tensor<10xf64>) -> f64 {{{UNPACK}\n"
        f"%y = func.call @scalar(%A, %s, %b) : {call} -> f64\nreturn %y : f64\n}}")
    add("costate.derive @flat_jacobian = jacobian @flat_pair wrt [0]")
    add("costate.derive @flat_hessian = hessian @flat_scalar wrt [0]")
    names = list(SHAPES)
    everything = [value for name in names for value in POINT[name]]
    x = module.constant(everything)
    for kind, shape in (("jacobian", (3, 10)), ("hessian", (10, 10))):
        add(f"func.func private @flat_{kind}_all(%x: tensor<10xf64>) -> {tensor(size_of(shape))} attributes {{no_inline}} {{\n"
            f"%a = costate.call @flat_{kind}(%x) : (tensor<10xf64>) -> {shaped(shape)}\n" + flattened("%a", shape) +
            f"return %flat : {tensor(size_of(shape))}\n}}")
        module.call(f"flat_{kind}_all", [x], [10], [size_of(shape)], [("several", kind)])
    blocks = []
    for wrt in ([0, 1, 2], [2, 0], [1]):
        suffix = "_".join(map(str, wrt))
        for kind, source, rows in (("jacobian", "pair", {"y": (2,), "z": ()}),
                                   ("hessian", "scalar", {names[i]: SHAPES[names[i]] for i in wrt})):
            add(f"costate.derive @{source}_{kind}_{suffix} = {kind} @{source} wrt {wrt}")
            results = [(row, names[i], rows[row] + SHAPES[names[i]]) for row in rows for i in wrt]
            signature = ", ".join(shaped(shape) for _, _, shape in results)
            for k, (row, column, shape) in enumerate(results):
                name = f"{source}_{kind}_{suffix}_{k}"
                size = size_of(shape)
                add(f"func.func private @{name}(%x: tensor<10xf64>) -> {tensor(size)} attributes {{no_inline}} {{{UNPACK}\n"
                    f"%r:{len(results)} = costate.call @{source}_{kind}_{suffix}(%A, %s, %b) : {call} -> ({signature})\n" +
                    flattened(f"%r#{k}", shape) + f"return %flat : {tensor(size)}\n}}")
                module.call(name, [x], [10], [size], [("several", name)])
                blocks.append((name, kind, row, column))
    return blocks


def columns(matrix, n):
    return [matrix[j::n] for j in range(n)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", default=[], help="a runner library")
    parser.add_argument("--only", help="a regular expression of cases")
    parser.add_argument("--dump", help="where to keep the module")
    arguments = parser.parse_args()
    cases = [case for case in CASES + SPARSE if not arguments.only or re.search(arguments.only, case.name)]
    module = Module()
    directions = {case.name: add_case(module, case, random.Random(case.name)) for case in cases}
    blocks = add_several(module)
    numbers = iter(run(module.text(), arguments.library, arguments.dump))
    found = {label: [next(numbers) for _ in range(n)] for label, n in module.labels}
    failures, checks = [], 0

    def check(name, what, a, b, tolerance, *scale):
        nonlocal checks
        checks += 1
        scale = max([abs(x) for values in scale for x in values], default=0.0) or 1.0
        error = max(abs(x - y) for x, y in zip(a, b, strict=True))
        if not error <= tolerance * scale:  # also where it is not a number
            failures.append(f"{name}: {what}: {a} and {b} differ by {error / scale:.3g}, allowed is {tolerance:g}")

    for case in cases:
        n, m, name = len(case.x), case.outputs, case.name
        get = lambda *label: found[(name,) + label]
        v, u, w = directions[name]
        J, H, g = get("J"), get("H"), get("g")
        rows = [J[i * n:(i + 1) * n] for i in range(m)]
        check(name, "J v and the jvp", [dot(row, v) for row in rows], get("Jv"), 1e-12, J)
        check(name, "Jᵀ w and the vjp", [dot(column, w) for column in columns(J, n)], get("Jw"), 1e-12, J)
        check(name, "gradient and the vjp", g, get("Jw"), 1e-12, J)
        check(name, "H v and the product", [dot(H[i * n:(i + 1) * n], v) for i in range(n)], get("Hv"), 1e-12, H, g)
        check(name, "H and its transpose", H, [e for column in columns(H, n) for e in column], 1e-12, H, g)
        check(name, "<u, H v> and nested jvps", [dot(u, get("Hv"))], get("uHv"), 1e-12, H, g)
        if name in ENTRIES:
            outside = [rows[i][j] for i in range(m) for j in range(n) if not ENTRIES[name](i, j)]
            check(name, "entries outside the pattern", outside, [0.0] * len(outside), 0.0)
        for j in range(n):
            for what, columns_, label in (("J", columns(J, n), "value"), ("H", columns(H, n), "g")):
                difference = [(a - b) / (2 * case.step) for a, b in zip(get(label, j, 1), get(label, j, -1))]
                # Rounding is that of the values, so it counts, too.
                check(name, f"column {j} of {what} and differences", columns_[j], difference, case.difference,
                      J if what == "J" else H, get(label, j, 1))
    offsets, offset = {}, 0
    for argument, shape in SHAPES.items():
        offsets[argument] = range(offset, offset + size_of(shape))
        offset += size_of(shape)
    for name, kind, row, column in blocks:
        whole = found[("several", kind)]
        places = {"y": range(0, 2), "z": range(2, 3)}.get(row) or offsets[row]
        expected = [whole[i * 10 + j] for i in places for j in offsets[column]]
        check(name, f"d {row} / d {column} and the block of the whole", found[("several", name)], expected, 1e-12, whole)
    print("\n".join(failures))
    print(f"{len(cases)} functions, {checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
