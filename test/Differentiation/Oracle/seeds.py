#===- seeds.py - Checks the numbers of matrices that take many seeds --------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Jacobians and Hessians of so many seeds that these are a dimension of tensors or a loop, and of so few that they are
not: of each block the products with a random tangent and a random cotangent, summed, against jvp, vjp and hvp of the
function; what is outside a pattern, exactly zero; and the derivative of a Jacobian against nested jvps."""
import argparse
import random
import re
import sys
from dataclasses import dataclass, field

from oracle import Module, dot, run, tensor
from transforms import flattened, shaped, size_of


@dataclass
class Function:
    name: str
    arguments: dict  # shapes by name
    results: list  # shapes
    wrt: list
    body: str  # up to and with the return
    zero: object = None  # of one argument and one result: whether entry (i, j) is exactly zero
    again: bool = True  # whether to differentiate the matrix


def typed(shape):
    return shaped(shape) if shape != () else "f64"


# Every entry of the Jacobian and of the Hessian of a sum of results is other than zero.
def full(n):
    t, p = tensor(n), f"tensor<{n + 1}xf64>"
    return f"""
  %z = arith.constant dense<0.0> : tensor<f64>
  %e = math.exp %x : {t}
  %d = linalg.dot ins(%e, %x : {t}, {t}) outs(%z : tensor<f64>) -> tensor<f64>
  %s = tensor.extract %d[] : tensor<f64>
  %q = math.sin %s : f64
  %b = tensor.splat %q : {t}
  %y = arith.mulf %b, %e : {t}
  return %y : {t}"""


# As the network of a loop: a matrix, which is no variable, in each step.
def recurrent(n):
    t, m = tensor(n), f"tensor<{n}x{n}xf64>"
    return f"""
  %empty = tensor.empty() : {m}
  %w = linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}} outs(%empty : {m}) {{
  ^bb0(%o: f64):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %k = arith.muli %i, %j : index
    %c = arith.index_cast %k : index to i64
    %a = arith.sitofp %c : i64 to f64
    %s = math.sin %a : f64
    linalg.yield %s : f64
  }} -> {m}
  %z = arith.constant dense<0.0> : {t}
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %y = scf.for %i = %c0 to %c3 step %c1 iter_args(%h = %x) -> {t} {{
    %p = linalg.matvec ins(%w, %h : {m}, {t}) outs(%z : {t}) -> {t}
    %v = math.tanh %p : {t}
    scf.yield %v : {t}
  }}
  return %y : {t}"""


# y_i = Σ_k sin(x_{i+k}) x_i over a band, and so many colours.
def band(n, half):
    t, p = tensor(n), f"tensor<{n + 2 * half}xf64>"
    lines, total = [], None
    for k in range(2 * half + 1):
        lines.append(f"%l{k} = tensor.extract_slice %p[{k}] [{n}] [1] : {p} to {t}\n%s{k} = math.sin %l{k} : {t}")
        if total is None:
            total = f"%s{k}"
        else:
            lines.append(f"%t{k} = arith.addf {total}, %s{k} : {t}")
            total = f"%t{k}"
    body = "\n".join(lines)
    return f"""
  %zero = arith.constant 0.0 : f64
  %p = tensor.pad %x low[{half}] high[{half}] {{
  ^bb0(%i: index):
    tensor.yield %zero : f64
  }} : {t} to {p}
{body}
  %y = arith.mulf {total}, %x : {t}
  return %y : {t}"""


# Rows in fewer colours than columns: a diagonal, and some rows that are full.
def arrows(n, rows):
    t = tensor(n)
    values = ", ".join(f"%u{k}" for k in range(rows))
    lines = "\n".join(f"%f{k} = arith.constant {k + 1}.0 : f64\n%g{k} = arith.mulf %d, %f{k} : f64\n%u{k} = math.cos %g{k} : f64"
                      for k in range(rows))
    return f"""
  %z = arith.constant dense<0.0> : tensor<f64>
  %s = math.sin %x : {t}
  %dot = linalg.dot ins(%s, %x : {t}, {t}) outs(%z : tensor<f64>) -> tensor<f64>
  %d = tensor.extract %dot[] : tensor<f64>
{lines}
  %w = tensor.from_elements {values} : tensor<{rows}xf64>
  %y = tensor.concat dim(0) %s, %w : ({t}, tensor<{rows}xf64>) -> tensor<{n + rows}xf64>
  return %y : tensor<{n + rows}xf64>"""


# Arguments and results of several shapes, scalars among them: A (3, 4), s, b (4).
MIXED = """
  %z = arith.constant dense<0.0> : tensor<3xf64>
  %z0 = arith.constant dense<0.0> : tensor<f64>
  %p = linalg.matvec ins(%A, %b : tensor<3x4xf64>, tensor<4xf64>) outs(%z : tensor<3xf64>) -> tensor<3xf64>
  %sp = tensor.splat %s : tensor<3xf64>
  %u = arith.mulf %p, %sp : tensor<3xf64>
  %y = math.tanh %u : tensor<3xf64>
  %sA = tensor.splat %s : tensor<3x4xf64>
  %m = arith.mulf %A, %sA : tensor<3x4xf64>
  %M = math.sin %m : tensor<3x4xf64>
  %r = linalg.dot ins(%b, %b : tensor<4xf64>, tensor<4xf64>) outs(%z0 : tensor<f64>) -> tensor<f64>
  %e = tensor.extract %r[] : tensor<f64>
  %t = arith.mulf %e, %s : f64"""
SHAPES = {"A": (3, 4), "s": (), "b": (4,)}
# A system of equations in each product: no rule batches it.
SOLVE = """
  %c2 = arith.constant 2.0 : f64
  %one = arith.constant dense<{diagonal}> : tensor<{n}x{n}xf64>
  %c = arith.constant dense<0.125> : tensor<{n}x{n}xf64>
  %e = tensor.empty() : tensor<{n}x{n}xf64>
  %rows = linalg.broadcast ins(%x : tensor<{n}xf64>) outs(%e : tensor<{n}x{n}xf64>) dimensions = [0]
  %small = arith.mulf %rows, %c : tensor<{n}x{n}xf64>
  %A = arith.addf %one, %small : tensor<{n}x{n}xf64>
  %b = math.exp %x : tensor<{n}xf64>
  %y = costate.linear_solve %A, %b : tensor<{n}x{n}xf64>, tensor<{n}xf64>
  return %y : tensor<{n}xf64>"""


def solve(n):
    diagonal = ", ".join("[" + ", ".join("4.0" if i == j else "0.0" for j in range(n)) + "]" for i in range(n))
    return SOLVE.format(n=n, diagonal="[" + diagonal + "]")


def vector(name, n, body, results=None, **options):
    return Function(name, {"x": (n,)}, [(results or n,)], [0], body, **options)


FUNCTIONS = [
    *(vector(f"full_{n}", n, full(n), again=n < 64) for n in (1, 8, 9, 17, 64, 65, 131)),
    *(vector(f"recurrent_{n}", n, recurrent(n), again=n < 64) for n in (7, 12, 67)),
    vector("band_40", 40, band(40, 4), zero=lambda i, j: abs(i - j) > 4),
    vector("band_400", 400, band(400, 40), zero=lambda i, j: abs(i - j) > 40, again=False),
    vector("tridiagonal_70", 70, band(70, 1), zero=lambda i, j: abs(i - j) > 1, again=False),
    vector("arrows_30", 30, arrows(30, 9), 39, zero=lambda i, j: i < 30 and i != j),
    vector("arrows_90", 90, arrows(90, 2), 92, zero=lambda i, j: i < 90 and i != j, again=False),
    vector("solve_9", 9, solve(9)),
    # By columns, by rows, by some of the arguments in another order.
    Function("columns", SHAPES, [(3, 4), (3,), ()], [1, 2], MIXED + "\nreturn %M, %y, %t : tensor<3x4xf64>, tensor<3xf64>, f64"),
    Function("columns_all", SHAPES, [(3, 4), (3,), (3,)], [2, 0, 1],
             MIXED + "\nreturn %M, %y, %u : tensor<3x4xf64>, tensor<3xf64>, tensor<3xf64>"),
    Function("rows", SHAPES, [(3,), (), (3,), (3,)], [0, 1],
             MIXED + "\nreturn %y, %t, %u, %p : tensor<3xf64>, f64, tensor<3xf64>, tensor<3xf64>"),
    Function("rows_all", SHAPES, [(), (3, 4)], [2, 1, 0], MIXED + "\nreturn %t, %M : f64, tensor<3x4xf64>"),
    Function("matrix", {"A": (3, 4)}, [(3, 4)], [0], """
  %z = arith.constant dense<0.0> : tensor<3x3xf64>
  %z4 = arith.constant dense<0.0> : tensor<3x4xf64>
  %g = linalg.contract indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>]
    ins(%A, %A : tensor<3x4xf64>, tensor<3x4xf64>) outs(%z : tensor<3x3xf64>) -> tensor<3x3xf64>
  %h = math.sin %g : tensor<3x3xf64>
  %y = linalg.matmul ins(%h, %A : tensor<3x3xf64>, tensor<3x4xf64>) outs(%z4 : tensor<3x4xf64>) -> tensor<3x4xf64>
  return %y : tensor<3x4xf64>"""),
]


def unpacked(shapes, source):
    """IR that takes values of the shapes out of a vector, one after the other."""
    lines, offset, total = [], 0, sum(map(size_of, shapes.values()))
    for name, shape in shapes.items():
        n = size_of(shape)
        if shape == ():
            lines.append(f"%at_{name} = arith.constant {offset} : index\n"
                         f"%{name} = tensor.extract {source}[%at_{name}] : {tensor(total)}")
        else:
            flat = f"%{name}" if len(shape) == 1 else f"%flat_{name}"
            lines.append(f"{flat} = tensor.extract_slice {source}[{offset}] [{n}] [1] : {tensor(total)} to {tensor(n)}")
            if len(shape) > 1:
                dims = ", ".join(map(str, shape))
                lines.append(f"%{name} = tensor.expand_shape {flat} [[{', '.join(map(str, range(len(shape))))}]] "
                             f"output_shape [{dims}] : {tensor(n)} into {shaped(shape)}")
        offset += n
    return "\n".join(lines) + "\n"


def packed(values, name):
    """IR that makes one vector of values with their shapes."""
    lines, parts = [], []
    for k, (value, shape, isTensor) in enumerate(values):
        n = size_of(shape)
        part = f"%{name}_{k}"
        if shape == () and not isTensor:
            lines.append(f"{part} = tensor.from_elements {value} : {tensor(1)}")
        else:
            lines.append(flattened(value, shape).strip().replace("%flat", part))
        parts.append((part, n))
    total = sum(n for _, n in parts)
    types = ", ".join(tensor(n) for _, n in parts)
    if len(parts) == 1:
        lines.append(f"%{name} = tensor.extract_slice {parts[0][0]}[0] [{total}] [1] : {types} to {types}")
    else:
        lines.append(f"%{name} = tensor.concat dim(0) {', '.join(p for p, _ in parts)} : ({types}) -> {tensor(total)}")
    return "\n".join(lines) + "\n"


def add_function(module, f, generator):
    add = module.functions.append
    names = list(f.arguments)
    n = sum(map(size_of, f.arguments.values()))
    seeds = {f"d{names[i]}": f.arguments[names[i]] for i in f.wrt}
    ns, m = sum(map(size_of, seeds.values())), sum(map(size_of, f.results))
    head = ", ".join(f"%{name}: {typed(shape)}" for name, shape in f.arguments.items())
    inputs, outputs = [typed(shape) for shape in f.arguments.values()], [typed(shape) for shape in f.results]
    tangents = [typed(shape) for shape in seeds.values()]
    add(f"func.func private @{f.name}({head}) -> ({', '.join(outputs)}) {{{f.body}\n}}")
    # h = Σ weight_k · sin(y_k), a scalar.
    weights = [generator.randint(-8, 8) / 8 or 0.5 for _ in range(m)]
    results = ", ".join(f"%r{k}" for k in range(len(outputs)))
    arguments = ", ".join(f"%{name}" for name in names)
    flat = packed([(f"%r{k}", shape, shape != ()) for k, shape in enumerate(f.results)], "all")
    add(f"func.func private @{f.name}_h({head}) -> f64 {{\n"
        f"{results} = func.call @{f.name}({arguments}) : ({', '.join(inputs)}) -> ({', '.join(outputs)})\n{flat}"
        f"%w = arith.constant dense<{weights}> : {tensor(m)}\n%z = arith.constant dense<0.0> : tensor<f64>\n"
        f"%sines = math.sin %all : {tensor(m)}\n"
        f"%d = linalg.dot ins(%w, %sines : {tensor(m)}, {tensor(m)}) outs(%z : tensor<f64>) -> tensor<f64>\n"
        "%h = tensor.extract %d[] : tensor<f64>\nreturn %h : f64\n}")
    for kind in ("jacobian", "jvp", "vjp"):
        add(f"costate.derive @{f.name}_{kind} = {kind} @{f.name} wrt {f.wrt}")
    for kind in ("hessian", "hvp"):
        add(f"costate.derive @{f.name}_{kind} = {kind} @{f.name}_h wrt {f.wrt}")

    def wrap(name, sizes, body, result):
        types = ", ".join(f"%x{i}: {tensor(k)}" for i, k in enumerate(sizes))
        add(f"func.func private @{f.name}_{name}({types}) -> {tensor(result)} attributes {{no_inline}} {{\n"
            f"{unpacked(f.arguments, '%x0')}{body}return %out : {tensor(result)}\n}}")

    def apply(callee, extra, types, results):
        values = ", ".join([f"%{name}" for name in names] + extra)
        names_ = ", ".join(f"%o{k}" for k in range(len(results)))
        return f"{names_} = costate.call @{f.name}_{callee}({values}) : ({', '.join(inputs + types)}) -> ({', '.join(results)})\n"

    def blocks(rows, columns):
        return [row + column for row in rows for column in columns]

    j = blocks(f.results, list(seeds.values()))
    wrap("J", [n], apply("jacobian", [], [], [shaped(s) for s in j]) +
         packed([(f"%o{k}", s, True) for k, s in enumerate(j)], "out"), m * ns)
    h = blocks(list(seeds.values()), list(seeds.values()))
    wrap("H", [n], apply("hessian", [], [], [shaped(s) for s in h]) +
         packed([(f"%o{k}", s, True) for k, s in enumerate(h)], "out"), ns * ns)
    offset = len(f.results)
    wrap("Jv", [n, ns], unpacked(seeds, "%x1") + apply("jvp", [f"%{s}" for s in seeds], tangents, outputs * 2) +
         packed([(f"%o{offset + k}", s, s != ()) for k, s in enumerate(f.results)], "out"), m)
    cotangents = {f"w{k}": shape for k, shape in enumerate(f.results)}
    wrap("Jw", [n, m], unpacked(cotangents, "%x1") +
         apply("vjp", [f"%{s}" for s in cotangents], outputs, outputs + tangents) +
         packed([(f"%o{offset + k}", s, s != ()) for k, s in enumerate(seeds.values())], "out"), ns)
    wrap("Hv", [n, ns], unpacked(seeds, "%x1") + apply("hvp", [f"%{s}" for s in seeds], tangents, tangents) +
         packed([(f"%o{k}", s, s != ()) for k, s in enumerate(seeds.values())], "out"), ns)
    point = [generator.randint(-80, 80) / 100 for _ in range(n)]
    v, w = ([generator.randint(-8, 8) / 8 or 0.5 for _ in range(k)] for k in (ns, m))
    at, vv, ww = (module.constant(values) for values in (point, v, w))
    call = lambda name, arguments, types, result: module.call(f"{f.name}_{name}", arguments, types, [result],
                                                              [(f.name, name)])
    call("J", [at], [n], m * ns)
    call("H", [at], [n], ns * ns)
    call("Jv", [at, vv], [n, ns], m)
    call("Jw", [at, ww], [n, m], ns)
    call("Hv", [at, vv], [n, ns], ns)
    if f.again and len(f.arguments) == len(f.wrt):
        # The derivative of the matrix along v, times v, is that of J v along v.
        add(f"costate.derive @{f.name}_again = jvp @{f.name}_J wrt [0]")
        add(f"costate.derive @{f.name}_nested = jvp @{f.name}_Jv wrt [0]")
        order = [v[k] for k in in_order(f)]
        along = module.constant(order)
        module.call(f"{f.name}_again", [at, along], [n, n], [m * ns] * 2, [None, (f.name, "dJ")])
        module.call(f"{f.name}_nested", [at, vv, along], [n, ns, n], [m] * 2, [None, (f.name, "dJv")])
    return v, w


def in_order(f):
    """For each component of the arguments its place among those of `wrt`."""
    names, first, places = list(f.arguments), {}, []
    offset = 0
    for i in f.wrt:
        first[i] = offset
        offset += size_of(f.arguments[names[i]])
    for i, name in enumerate(names):
        places += [first[i] + k for k in range(size_of(f.arguments[name]))]
    return places


def assembled(values, rows, columns):
    """One matrix of its blocks."""
    matrix, offset = [[] for _ in range(sum(rows))], 0
    for r, row in enumerate(rows):
        first = sum(rows[:r])
        for column in columns:
            for i in range(row):
                matrix[first + i] += values[offset:offset + column]
                offset += column
    return matrix


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", default=[], help="a runner library")
    parser.add_argument("--only", help="a regular expression of functions")
    parser.add_argument("--dump", help="where to keep the module")
    arguments = parser.parse_args()
    functions = [f for f in FUNCTIONS if not arguments.only or re.search(arguments.only, f.name)]
    module = Module()
    directions = {f.name: add_function(module, f, random.Random(f.name)) for f in functions}
    numbers = iter(run(module.text(), arguments.library, arguments.dump))
    found = {label: [next(numbers) for _ in range(n)] for label, n in module.labels}
    failures, checks = [], 0

    def check(name, what, a, b, tolerance, *scale):
        nonlocal checks
        checks += 1
        scale = max([abs(x) for values in scale for x in values], default=0.0) or 1.0
        error = max(abs(x - y) for x, y in zip(a, b, strict=True))
        if not error <= tolerance * scale:  # also where it is not a number
            failures.append(f"{name}: {what} differ by {error / scale:.3g}, allowed is {tolerance:g}")

    for f in functions:
        name, (v, w) = f.name, directions[f.name]
        sizes = [size_of(list(f.arguments.values())[i]) for i in f.wrt]
        rows = [size_of(shape) for shape in f.results]
        get = lambda what: found[(name, what)]
        J, H = assembled(get("J"), rows, sizes), assembled(get("H"), sizes, sizes)
        products = lambda matrix, x: [dot(row, x) for row in matrix]
        transposed = lambda matrix: [list(column) for column in zip(*matrix)]
        check(name, "J v and the jvp", products(J, v), get("Jv"), 1e-12, get("J"))
        check(name, "Jᵀ w and the vjp", products(transposed(J), w), get("Jw"), 1e-12, get("J"))
        check(name, "H v and the hvp", products(H, v), get("Hv"), 1e-12, get("H"))
        check(name, "H and its transpose", sum(H, []), sum(transposed(H), []), 1e-12, get("H"))
        if f.zero:
            outside = [x for i, row in enumerate(J) for j, x in enumerate(row) if f.zero(i, j)]
            check(name, "entries outside the pattern and zero", outside, [0.0] * len(outside), 0.0)
        if (name, "dJ") in found:
            dJ = assembled(get("dJ"), rows, sizes)
            check(name, "the derivative of J and nested jvps", products(dJ, v), get("dJv"), 1e-12, get("dJ"))
    print("\n".join(failures))
    print(f"{len(functions)} functions, {checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
