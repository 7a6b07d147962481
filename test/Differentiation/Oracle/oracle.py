#===- oracle.py - Checks the numbers of every derivative rule ---------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""For each case: <w, J v> = <Jᵀ w, v>; J v against central differences; jets, to order 4 (3 for control
flow), mixed and as weighted sums,
against nested jvps. Each op in the lists of rules has to occur in a case."""
import argparse
import random
import re
import struct
import subprocess
import sys

from cases import CASES
from forms import FORMS
from implicit import IMPLICIT
from loops import LOOPS
from windows import WINDOWS

INDICES = [(1, 0), (0, 1), (2, 0), (1, 1), (3, 0), (2, 1), (4, 0), (2, 2), (1, 3)]
# Two sums: a mixed second order, and one of several orders.
SUMS = [{(2, 0): 1.0, (1, 1): -0.5}, {(1, 0): 0.7, (2, 0): -0.3, (2, 1): 2.0, (2, 2): 0.25}]
# Each by one more jvp from one before it.
NESTED = {(1, 0): ((0, 0), 0), (0, 1): ((0, 0), 1), (2, 0): ((1, 0), 0), (1, 1): ((1, 0), 1), (3, 0): ((2, 0), 0),
          (2, 1): ((2, 0), 1), (4, 0): ((3, 0), 0), (2, 2): ((2, 1), 1), (1, 2): ((1, 1), 1), (1, 3): ((1, 2), 1)}
LOWER = ["-costate-lower-implicit", "-cse", "-costate-lower-factorizations", "-inline", "-canonicalize", "-convert-elementwise-to-linalg",
         "-one-shot-bufferize=bufferize-function-boundaries=1 allow-return-allocs-from-loops=1 function-boundary-type-conversion=identity-layout-map",
         "-convert-linalg-to-loops", "-convert-scf-to-cf", "-expand-strided-metadata", "-lower-affine",
         "-convert-math-to-llvm", "-convert-math-to-libm", "-finalize-memref-to-llvm", "-convert-arith-to-llvm",
         "-convert-cf-to-llvm", "-convert-func-to-llvm", "-convert-index-to-llvm", "-reconcile-unrealized-casts"]

# Of the greatest component: what central differences see as least where a derivative vanishes, by the orders they leave out.
DIFFERENCES = 1e-3

# What upstream makes of the forms of front ends.
FORMS_FIRST = ["-lower-affine", "-convert-complex-to-standard", "-convert-complex-to-llvm"]


def dense(values):
    return "dense<[" + ", ".join(f"0x{struct.unpack('>Q', struct.pack('>d', v))[0]:016X}" for v in values) + "]>"


def tensor(n):
    return f"tensor<{n}xf64>"


class Module:
    """The functions of all cases and a main that prints, in order, what `expected` names."""

    def __init__(self):
        self.functions, self.main, self.labels, self.count = [], [], [], 0

    def value(self, text):
        self.count += 1
        self.main.append(f"%v{self.count} = {text}")
        return f"%v{self.count}"

    def constant(self, values):
        return self.value(f"arith.constant {dense(values)} : {tensor(len(values))}")

    def call(self, name, arguments, types, results, labels):
        """Calls and prints the results that have a label."""
        self.count += 1
        base = f"%v{self.count}"
        self.main.append(f"{base}:{len(results)} = costate.call @{name}({', '.join(arguments)}) : "
                         f"({', '.join(tensor(n) for n in types)}) -> ({', '.join(tensor(n) for n in results)})")
        for i, (label, n) in enumerate(zip(labels, results)):
            if label:
                self.main.append(f"func.call @print_{n}({base}#{i}) : ({tensor(n)}) -> ()")
                self.labels.append((label, n))

    def text(self):
        sizes = sorted({n for _, n in self.labels})
        prints = [f"""
func.func private @print_{n}(%t: {tensor(n)}) attributes {{no_inline}} {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = arith.constant {n} : index
  scf.for %i = %c0 to %n step %c1 {{
    %e = tensor.extract %t[%i] : {tensor(n)}
    %b = arith.bitcast %e : f64 to i64
    func.call @printI64(%b) : (i64) -> ()
    func.call @printNewline() : () -> ()
  }}
  return
}}""" for n in sizes]
        return "\n".join(["func.func private @printI64(i64)", "func.func private @printNewline()"] + prints +
                         self.functions + ["func.func @main() {"] + self.main + ["return", "}"])


def up_to(limit):
    """Indices, sums and nested jvps of no higher order."""
    return ([index for index in INDICES if sum(index) <= limit],
            [terms for terms in SUMS if all(sum(index) <= limit for index in terms)],
            {index: inner for index, inner in NESTED.items() if sum(index) <= limit})


def add_case(module, case, generator):
    n, m = len(case.x), case.outputs
    f = case.name
    # Directions with few bits, so that dyadic steps stay exact.
    v, u = ([generator.randint(-8, 8) / 8 or 0.5 for _ in range(n)] for _ in range(2))
    w = [generator.randint(-8, 8) / 8 or 0.5 for _ in range(m)]
    module.functions.append(case.functions)
    limit = f" attributes {{costate.memory_limit = {case.memory_limit} : i64}}" if case.memory_limit else ""
    module.functions.append(
        f"func.func private @{f}(%x: {tensor(n)}) -> {tensor(m)}{limit} {{\n{case.body}\nreturn %y : {tensor(m)}\n}}")
    module.functions.append(f"costate.derive @{f}_jvp = jvp @{f} wrt [0]\ncostate.derive @{f}_vjp = vjp @{f} wrt [0]")
    x, vv, ww = module.constant(case.x), module.constant(v), module.constant(w)
    forward, backward = ([a + s * case.step * b for a, b in zip(case.x, v)] for s in (1, -1))
    module.call(f, [module.constant(forward)], [n], [m], [(f, "forward")])
    module.call(f, [module.constant(backward)], [n], [m], [(f, "backward")])
    module.call(f + "_jvp", [x, vv], [n, n], [m, m], [(f, "primal"), (f, "jvp")])
    module.call(f + "_vjp", [x, ww], [n, m], [m, n], [(f, "primal again"), (f, "vjp")])
    # g(p) = f(x + p0·v + p1·u)
    def along(i, direction):
        return (f"%i{i} = arith.constant {i} : index\n%p{i} = tensor.extract %p[%i{i}] : {tensor(2)}\n"
                f"%s{i} = tensor.splat %p{i} : {tensor(n)}\n%d{i} = arith.constant {dense(direction)} : {tensor(n)}\n"
                f"%t{i} = arith.mulf %s{i}, %d{i} : {tensor(n)}\n")
    module.functions.append(
        f"func.func private @{f}_0_0(%p: {tensor(2)}) -> {tensor(m)} {{\n{along(0, v)}{along(1, u)}"
        f"%x0 = arith.constant {dense(case.x)} : {tensor(n)}\n%q = arith.addf %x0, %t0 : {tensor(n)}\n"
        f"%r = arith.addf %q, %t1 : {tensor(n)}\n%y = func.call @{f}(%r) : ({tensor(n)}) -> {tensor(m)}\n"
        f"return %y : {tensor(m)}\n}}")
    kept, sums, nested = up_to(case.order)
    indices = ", ".join(str(list(index)) for index in kept)
    module.functions.append(f"costate.derive @{f}_jet = jet @{f}_0_0 variables [[0, 0], [0, 1]] indices [{indices}]")
    if sums:
        weights = ", ".join("[" + ", ".join(f"{terms.get(index, 0.0):.17e}" for index in kept) + "]" for terms in sums)
        module.functions.append(
            f"costate.derive @{f}_sum = jet @{f}_0_0 variables [[0, 0], [0, 1]] indices [{indices}] weights [{weights}]")
    origin = module.constant([0.0, 0.0])
    module.call(f + "_jet", [origin], [2], [m] * len(kept), [(f, "jet", index) for index in kept])
    if sums:
        module.call(f + "_sum", [origin], [2], [m] * len(sums), [(f, "sum", i) for i in range(len(sums))])
    for index, (source, direction) in nested.items():
        name, inner = (f"{f}_{i[0]}_{i[1]}" for i in (index, source))
        module.functions.append(f"costate.derive @{inner}_d{direction} = jvp @{inner} wrt [0]" if
                                f"@{inner}_d{direction} " not in "".join(module.functions[-24:]) else "")
        e = dense([1.0, 0.0] if direction == 0 else [0.0, 1.0])
        module.functions.append(
            f"func.func private @{name}(%p: {tensor(2)}) -> {tensor(m)} {{\n%e = arith.constant {e} : {tensor(2)}\n"
            f"%y:2 = costate.call @{inner}_d{direction}(%p, %e) : ({tensor(2)}, {tensor(2)}) -> ({tensor(m)}, {tensor(m)})\n"
            f"return %y#1 : {tensor(m)}\n}}")
        module.call(name, [origin], [2], [m], [(f, "nested", index)])
    return v, w


def add_compositions(module, case, v, w, generator):
    """Second and third derivatives of <w, f(x)>, each by several compositions of jvp and vjp."""
    n, m, f = len(case.x), case.outputs, case.name
    u = [generator.randint(-8, 8) / 8 or 0.5 for _ in range(n)]
    derive = lambda name, kind, source: module.functions.append(f"costate.derive @{f}_{name} = {kind} @{f}_{source} wrt [0]")
    derive("vjp_jvp", "jvp", "vjp")  # (x, w, v) -> y, Jᵀw, Jv, Hv
    derive("jvp_vjp", "vjp", "jvp")  # (x, v, 0, w) -> y, Jv, Hv
    derive("vjp_vjp", "vjp", "vjp")  # (x, w, 0, v) -> y, Jᵀw, Hv
    derive("vjp_jvp_jvp", "jvp", "vjp_jvp")  # (x, w, v, u) -> the same, and the tangents of each: Tvu the last
    derive("jvp_vjp_jvp", "jvp", "jvp_vjp")
    derive("vjp_vjp_vjp", "vjp", "vjp_vjp")  # (x, w, 0, v, 0, 0, u) -> y, Jᵀw, Hv, Tvu
    x, vv, ww, uu = (module.constant(values) for values in (case.x, v, w, u))
    zero_n, zero_m = module.constant([0.0] * n), module.constant([0.0] * m)
    forward, backward = (module.constant([a + s * case.step * b for a, b in zip(case.x, u)]) for s in (1, -1))

    def call(name, arguments, types, results, label):
        module.call(f"{f}_{name}", arguments, types, results, [None] * (len(results) - 1) + [(f, label)])

    call("vjp_jvp", [x, ww, vv], [n, m, n], [m, n, m, n], "vjp_jvp")
    call("vjp_jvp", [forward, ww, vv], [n, m, n], [m, n, m, n], "vjp_jvp forward")
    call("vjp_jvp", [backward, ww, vv], [n, m, n], [m, n, m, n], "vjp_jvp backward")
    call("jvp_vjp", [x, vv, zero_m, ww], [n, n, m, m], [m, m, n], "jvp_vjp")
    call("vjp_vjp", [x, ww, zero_m, vv], [n, m, m, n], [m, n, n], "vjp_vjp")
    call("vjp_jvp_jvp", [x, ww, vv, uu], [n, m, n, n], [m, n, m, n] * 2, "vjp_jvp_jvp")
    call("jvp_vjp_jvp", [x, vv, zero_m, ww, uu], [n, n, m, m, n], [m, m, n] * 2, "jvp_vjp_jvp")
    call("vjp_vjp_vjp", [x, ww, zero_m, vv, zero_m, zero_n, uu], [n, m, m, n, m, n, n], [m, n, n, n], "vjp_vjp_vjp")


def run(text, libraries, dump, passes=(), lower=LOWER):
    if dump:
        open(dump, "w").write(text)
    derived = subprocess.run(["costate-opt", "-", "-costate-expand-transforms"], input=text, capture_output=True,
                             text=True)
    if derived.returncode:
        sys.exit(derived.stderr[:4000])
    # Upstream lowers clampf by math-expand-ops only, which in release 22 takes the bounds for each other.
    text = re.sub(r"(%\w+) = math.clampf (%\w+) to \[(%\w+), (%\w+)\] : (\S+)",
                  r"\1_low = arith.maximumf \2, \3 : \5\n\1 = arith.minimumf \1_low, \4 : \5", derived.stdout)
    # Upstream lowers neither of these.
    text = re.sub(r"(%\w+) = math.isinf (%\w+) : f64",
                  r"\1_a = math.absf \2 : f64\n\1_c = arith.constant 0x7FF0000000000000 : f64\n"
                  r"\1 = arith.cmpf oeq, \1_a, \1_c : f64", text)
    text = re.sub(r"(%\w+) = math.isnormal (%\w+) : f64",
                  r"\1_a = math.absf \2 : f64\n\1_b = arith.constant 0x0010000000000000 : f64\n"
                  r"\1_c = arith.constant 0x7FF0000000000000 : f64\n\1_d = arith.cmpf oge, \1_a, \1_b : f64\n"
                  r"\1_e = arith.cmpf olt, \1_a, \1_c : f64\n\1 = arith.andi \1_d, \1_e : i1", text)
    text = re.sub(r"%(\d+)", r"%n\1", text)  # numbers have to count up
    lowered = subprocess.run(["costate-opt", "-", *passes, *lower], input=text, capture_output=True, text=True)
    if lowered.returncode:
        sys.exit(lowered.stderr[:4000])
    output = subprocess.run(["mlir-runner", "-O0", "-e", "main", "-entry-point-result=void"] +
                            [f"-shared-libs={library}" for library in libraries],
                            input=lowered.stdout, capture_output=True, text=True)
    if output.returncode:
        sys.exit(output.stderr[:4000])
    return [struct.unpack(">d", struct.pack(">q", int(line)))[0] for line in output.stdout.split()]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", default=[], help="a runner library")
    parser.add_argument("--rules", nargs="*", default=[], help="lists of rules")
    parser.add_argument("--loops", action="store_true", help="the functions with loops, not those of the rules")
    parser.add_argument("--windows", action="store_true", help="convolutions, pooling, reductions, gather and scatter")
    parser.add_argument("--normalize", action="store_true", help="run the functions themselves in normal form")
    parser.add_argument("--implicit", action="store_true", help="the functions with equations")
    parser.add_argument("--forms", action="store_true", help="forms of front ends")
    parser.add_argument("--only", help="a regular expression of cases")
    parser.add_argument("--dump", help="where to keep the module")
    arguments = parser.parse_args()
    chosen = FORMS if arguments.forms else LOOPS if arguments.loops else WINDOWS if arguments.windows else IMPLICIT if arguments.implicit else CASES
    cases = [case for case in chosen if not arguments.only or re.search(arguments.only, case.name)]
    directions, found = {}, {}
    # What calls all of them is slow to compile, and iterations are much code.
    size_of_group = 1 if arguments.implicit else 10
    for group in (cases[i:i + size_of_group] for i in range(0, len(cases), size_of_group)):
        module = Module()
        for case in group:
            generator = random.Random(case.name)
            directions[case.name] = add_case(module, case, generator)
            if case.compositions:
                add_compositions(module, case, *directions[case.name], generator)
        numbers = iter(run(module.text(), arguments.library, arguments.dump,
                            ["-costate-normalize-forms"] * arguments.normalize + FORMS_FIRST * arguments.forms))
        found.update({label: [next(numbers) for _ in range(n)] for label, n in module.labels})

    failures, checks = [], 0

    def check(case, what, a, b, tolerance, scales):
        """Each component against its own scale."""
        nonlocal checks
        checks += 1
        errors = [abs(x - y) / max(scale, 1e-300) for x, y, scale in zip(a, b, scales, strict=True)]
        # Also where one is not a number.
        if wrong := [i for i, error in enumerate(errors) if not error <= tolerance]:
            failures.append(f"{case.name}: {what}: {a} and {b} differ by {[float(f'{e:.3g}') for e in errors]} in components {wrong}, "
                            f"allowed is {tolerance:g}")

    def scales(*values, floor=None):
        """Of each component what it is in any of them, and at least what the rounding of the greatest leaves of it."""
        greatest = max((abs(x) for value in values for x in value), default=0.0) or 1.0
        least = (case.floor if floor is None else floor) * greatest
        return [max([least] + [abs(x) for x in along]) for along in zip(*values, strict=True)]

    for case in cases:
        get = lambda *label: found[(case.name,) + label]
        v, w = directions[case.name]
        jvp, vjp, primal = get("jvp"), get("vjp"), get("primal")
        check(case, "primal", primal, get("primal again"), 0.0, scales(primal))
        check(case, "<w, J v> = <Jᵀ w, v>", [dot(w, jvp)], [dot(vjp, v)], 1e-12,
              [max(sum(abs(x * y) for x, y in zip(w, jvp)), sum(abs(x * y) for x, y in zip(vjp, v)))])
        difference = [(a - b) / (2 * case.step) for a, b in zip(get("forward"), get("backward"))]
        check(case, "jvp and central difference", jvp, difference, case.difference, scales(jvp, primal, floor=DIFFERENCES))
        # Rounding grows with the order: the nested jvps are sums of products that cancel.
        kept, sums, nested = up_to(case.order)
        for index in kept:
            check(case, f"jet {index}", get("jet", index), get("nested", index), 1e-12 * 10**(sum(index) - 1),
                  scales(get("nested", index), [1e-3 * s for s in scales(*(get("nested", i) for i in nested), primal)]))
        for i, terms in enumerate(sums):
            expected = [sum(weight * get("nested", index)[k] for index, weight in terms.items())
                        for k in range(case.outputs)]
            check(case, f"sum {terms}", get("sum", i), expected, 1e-10, scales(*(get("nested", index) for index in terms)))
        if not case.compositions:
            continue
        second, third = get("vjp_jvp"), get("vjp_jvp_jvp")
        for name in ("jvp_vjp", "vjp_vjp"):
            check(case, f"vjp_jvp and {name}", second, get(name), 1e-12, scales(second, vjp))
        difference = [(a - b) / (2 * case.step) for a, b in zip(get("vjp_jvp forward"), get("vjp_jvp backward"))]
        check(case, "vjp_jvp_jvp and central difference", third, difference, case.difference, scales(third, second, floor=DIFFERENCES))
        for name in ("jvp_vjp_jvp", "vjp_vjp_vjp"):
            check(case, f"vjp_jvp_jvp and {name}", third, get(name), 1e-11, scales(third, second))
    text = "".join(case.body for case in cases) + " tensor.empty() "
    for file in arguments.rules:
        for line in open(file):
            op = line.split()[0]
            checks += 1
            if not re.search(re.escape(op) + r"\b", text) and f"{op} " not in text:
                failures.append(f"no case holds {op}, which has a rule")
    print("\n".join(failures))
    print(f"{len(cases)} functions, {checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
