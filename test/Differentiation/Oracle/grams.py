#===- grams.py - Checks the numbers of Gram matrices -------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""J Jᵀ and J D⁻¹ Jᵀ, of one sample and across samples, against the Jacobians of each sample, as declared and with its
contractions reassociated."""
import argparse
import random
import sys
from dataclasses import dataclass

from oracle import Module, run, tensor
from transforms import PRODUCT, SINES, flattened, shaped, size_of

SAMPLES = 3


@dataclass
class Function:
    name: str
    arguments: dict  # shapes by name
    results: list  # shapes
    wrt: list
    across: list
    body: str  # up to and with the return


FUNCTIONS = [
    # Outer products of two layers, a bias, and two results, one of them a scalar.
    Function("layers", {"W": (4, 3), "b": (4,), "V": (2, 4), "x": (3,)}, [(2,), ()], [0, 1, 2], [3], """
  %z4 = arith.constant dense<0.0> : tensor<4xf64>
  %z2 = arith.constant dense<0.0> : tensor<2xf64>
  %p = linalg.matvec ins(%W, %x : tensor<4x3xf64>, tensor<3xf64>) outs(%z4 : tensor<4xf64>) -> tensor<4xf64>
  %q = arith.addf %p, %b : tensor<4xf64>
  %h = math.tanh %q : tensor<4xf64>
  %y = linalg.matvec ins(%V, %h : tensor<2x4xf64>, tensor<4xf64>) outs(%z2 : tensor<2xf64>) -> tensor<2xf64>
  %c0 = arith.constant 0 : index
  %y0 = tensor.extract %y[%c0] : tensor<2xf64>
  %e = math.exp %y0 : f64
  return %y, %e : tensor<2xf64>, f64"""),
    # One scalar result, and one that a scalar parameter multiplies; a parameter that no sample meets.
    Function("scalar", {"A": (2, 3), "s": (), "b": (3,)}, [()], [0, 1], [2], SINES + PRODUCT + "\n  return %value : f64"),
    Function("element", {"A": (2, 3), "s": (), "b": (3,)}, [(1,)], [1, 2], [0], SINES + PRODUCT + """
  %one = tensor.from_elements %value : tensor<1xf64>
  return %one : tensor<1xf64>"""),
    Function("uniform", {"v": (3,), "x": (3,)}, [(3,)], [0], [1], """
  %s = math.sin %x : tensor<3xf64>
  %e = math.exp %v : tensor<3xf64>
  %y = arith.addf %s, %e : tensor<3xf64>
  return %y : tensor<3xf64>"""),
    # A matrix as result, whose rows share their parameters; two arguments differ between samples, one a scalar.
    Function("matrix", {"W": (2, 3), "x": (3, 2), "t": ()}, [(2, 2)], [0], [1, 2], """
  %z = arith.constant dense<0.0> : tensor<2x2xf64>
  %p = linalg.matmul ins(%W, %x : tensor<2x3xf64>, tensor<3x2xf64>) outs(%z : tensor<2x2xf64>) -> tensor<2x2xf64>
  %h = math.tanh %p : tensor<2x2xf64>
  %u = tensor.splat %t : tensor<2x2xf64>
  %y = arith.mulf %h, %u : tensor<2x2xf64>
  return %y : tensor<2x2xf64>"""),
    # A place that the sample says.
    Function("place", {"w": (3,), "t": ()}, [(2,)], [0], [1], """
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %ten = arith.constant 10.0 : f64
  %m = math.absf %t : f64
  %k = arith.mulf %m, %ten : f64
  %whole = arith.fptosi %k : f64 to i64
  %n = arith.index_cast %whole : i64 to index
  %i = arith.remui %n, %c3 : index
  %j = arith.minui %i, %c1 : index
  %a = tensor.extract %w[%i] : tensor<3xf64>
  %b = tensor.extract_slice %w[%j] [2] [1] : tensor<3xf64> to tensor<2xf64>
  %s = tensor.splat %a : tensor<2xf64>
  %p = arith.mulf %s, %b : tensor<2xf64>
  %y = math.sin %p : tensor<2xf64>
  return %y : tensor<2xf64>"""),
    # Convolutions with five places, two, and one: their gradients by a kernel are sums over windows.
    Function("convolution", {"k": (3, 2, 2), "x": (2, 6)}, [(3,)], [0], [1], """
  %i = tensor.expand_shape %x [[0, 1], [2]] output_shape [1, 2, 6] : tensor<2x6xf64> into tensor<1x2x6xf64>
  %z = arith.constant dense<0.0> : tensor<1x3x5xf64>
  %c = linalg.conv_1d_ncw_fcw ins(%i, %k : tensor<1x2x6xf64>, tensor<3x2x2xf64>) outs(%z : tensor<1x3x5xf64>) -> tensor<1x3x5xf64>
  %h = math.tanh %c : tensor<1x3x5xf64>
  %z3 = arith.constant dense<0.0> : tensor<3xf64>
  %y = linalg.reduce { arith.addf } ins(%h : tensor<1x3x5xf64>) outs(%z3 : tensor<3xf64>) dimensions = [0, 2]
  return %y : tensor<3xf64>"""),
    Function("two_places", {"k": (3, 2, 2), "x": (1, 2, 3)}, [(1, 3, 2)], [0], [1], """
  %z = arith.constant dense<0.0> : tensor<1x3x2xf64>
  %c = linalg.conv_1d_ncw_fcw ins(%x, %k : tensor<1x2x3xf64>, tensor<3x2x2xf64>) outs(%z : tensor<1x3x2xf64>) -> tensor<1x3x2xf64>
  %y = math.tanh %c : tensor<1x3x2xf64>
  return %y : tensor<1x3x2xf64>"""),
    # Two convolutions by one kernel, the second with strides.
    Function("one_place", {"k": (2, 2, 2), "x": (1, 2, 4)}, [()], [0], [1], """
  %z2 = arith.constant dense<0.0> : tensor<1x2x2xf64>
  %z1 = arith.constant dense<0.0> : tensor<1x2x1xf64>
  %c = linalg.conv_1d_ncw_fcw {strides = dense<2> : tensor<1xi64>} ins(%x, %k : tensor<1x2x4xf64>, tensor<2x2x2xf64>)
    outs(%z2 : tensor<1x2x2xf64>) -> tensor<1x2x2xf64>
  %h = math.tanh %c : tensor<1x2x2xf64>
  %d = linalg.conv_1d_ncw_fcw ins(%h, %k : tensor<1x2x2xf64>, tensor<2x2x2xf64>) outs(%z1 : tensor<1x2x1xf64>) -> tensor<1x2x1xf64>
  %e = math.tanh %d : tensor<1x2x1xf64>
  %z0 = arith.constant dense<0.0> : tensor<f64>
  %s = linalg.reduce { arith.addf } ins(%e : tensor<1x2x1xf64>) outs(%z0 : tensor<f64>) dimensions = [0, 1, 2]
  %y = tensor.extract %s[] : tensor<f64>
  return %y : f64"""),
]


def add_call(module, symbol, arguments, results, values, label):
    """Prints each result of `symbol`, through a function from vectors to a vector."""
    heads, body, operands = [], "", []
    for i, shape in enumerate(arguments):
        size = size_of(shape)
        heads.append(f"%x{i}: {tensor(size)}")
        if not shape:
            body += f"%k{i} = arith.constant 0 : index\n%a{i} = tensor.extract %x{i}[%k{i}] : tensor<1xf64>\n"
        elif len(shape) > 1:
            groups = ", ".join(map(str, range(len(shape))))
            body += f"%a{i} = tensor.expand_shape %x{i} [[{groups}]] output_shape {list(shape)} : {tensor(size)} into {shaped(shape)}\n"
        operands.append(f"%x{i}" if len(shape) == 1 else f"%a{i}")
    types = ["f64" if not shape else shaped(shape) for shape in arguments]
    for k, shape in enumerate(results):
        size = size_of(shape)
        name = f"{symbol}_{k}_{label[-1]}"
        module.functions.append(
            f"func.func private @{name}({', '.join(heads)}) -> {tensor(size)} attributes {{no_inline}} {{\n{body}"
            f"%r:{len(results)} = costate.call @{symbol}({', '.join(operands)}) : ({', '.join(types)}) -> "
            f"({', '.join(map(shaped, results))})\n" + flattened(f"%r#{k}", shape) + f"return %flat : {tensor(size)}\n}}")
        module.call(name, [module.constant(v) for v in values], [size_of(s) for s in arguments], [size], [label + (k,)])


def blocks(results, samples):
    lanes = () if samples is None else (samples,)
    return [(a, b, results[a] + lanes + results[b] + lanes) for a in range(len(results)) for b in range(a, len(results))]


def add_function(module, function, generator):
    shapes, results, f = list(function.arguments.values()), function.results, function.name
    head = ", ".join(f"%{name}: {'f64' if not shape else shaped(shape)}" for name, shape in function.arguments.items())
    tail = ", ".join("f64" if not shape else shaped(shape) for shape in results)
    module.functions.append(f"func.func private @{f}({head}) -> ({tail}) {{{function.body}\n}}")
    random_vector = lambda size: [generator.randint(-600, 600) / 500 for _ in range(size)]
    common = [random_vector(size_of(shape)) for shape in shapes]
    points = [[random_vector(size_of(shape)) if i in function.across else common[i] for i, shape in enumerate(shapes)]
              for _ in range(SAMPLES)]
    diagonals = [[0.5 + abs(x) for x in random_vector(size_of(shapes[i]))] for i in function.wrt]
    module.functions.append(f"costate.derive @{f}_jacobian = jacobian @{f} wrt {function.wrt}")
    for n, point in enumerate(points):
        add_call(module, f"{f}_jacobian", shapes, [r + shapes[i] for r in results for i in function.wrt], point, (f, "J", n))
    together = [sum(([points[n][i][e] for n in range(SAMPLES)] for e in range(size_of(shape))), [])
                if i in function.across else common[i] for i, shape in enumerate(shapes)]
    batched = [shape + (SAMPLES,) if i in function.across else shape for i, shape in enumerate(shapes)]
    ofDiagonals = [shapes[i] for i in function.wrt]
    for diagonal in (False, True):
        more, values = (ofDiagonals, diagonals) if diagonal else ([], [])
        word = " diagonal" if diagonal else ""
        name = f"{f}_gram{'_weighted' if diagonal else ''}"
        module.functions.append(f"costate.derive @{name} = gram @{f} wrt {function.wrt}{word}")
        add_call(module, name, shapes + more, [s for *_, s in blocks(results, None)], points[0] + values, (f, "one", diagonal))
        module.functions.append(f"costate.derive @{name}_across = gram @{f} wrt {function.wrt} across {function.across} "
                                f"samples {SAMPLES}{word}")
        add_call(module, f"{name}_across", batched + more, [s for *_, s in blocks(results, SAMPLES)], together + values,
                 (f, "across", diagonal))
    return diagonals


def expected(function, found, diagonals, a, b, samples, diagonal):
    """Block (a, b), in the order [result, sample, result, sample]."""
    sizes = [size_of(list(function.arguments.values())[i]) for i in function.wrt]

    def row(result, component, sample):
        gradient = []
        for k, size in enumerate(sizes):
            gradient += found[(function.name, "J", sample, result * len(sizes) + k)][component * size:(component + 1) * size]
        return gradient

    weights = [1 / d for values in diagonals for d in values] if diagonal else [1.0] * sum(sizes)
    places = lambda result: [(i, n) for i in range(size_of(function.results[result])) for n in range(samples)]
    return [sum(x * y * w for x, y, w in zip(row(a, i, n), row(b, j, m), weights, strict=True))
            for i, n in places(a) for j, m in places(b)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", default=[], help="a runner library")
    parser.add_argument("--dump", help="where to keep the module")
    arguments = parser.parse_args()
    module = Module()
    diagonals = {f.name: add_function(module, f, random.Random(f.name)) for f in FUNCTIONS}
    failures, checks = [], 0
    for passes in ([], ["-costate-reassociate-contractions"]):
        numbers = iter(run(module.text(), arguments.library, arguments.dump, passes))
        found = {label: [next(numbers) for _ in range(n)] for label, n in module.labels}
        for function in FUNCTIONS:
            for what, samples in (("one", None), ("across", SAMPLES)):
                for diagonal in (False, True):
                    for k, (a, b, _) in enumerate(blocks(function.results, samples)):
                        got = found[(function.name, what, diagonal, k)]
                        want = expected(function, found, diagonals[function.name], a, b, samples or 1, diagonal)
                        checks += 1
                        scale = max(abs(x) for x in want)
                        error = max(abs(x - y) for x, y in zip(got, want, strict=True))
                        if not error <= 1e-12 * scale:
                            failures.append(f"{function.name} {what} {passes}: {got} and {want} differ by {error / scale:.3g}")
    print("\n".join(failures))
    print(f"{len(FUNCTIONS)} functions, {checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
