#===- random_programs.py - Checks derivatives of random programs -------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""For each program f, and directions v, u and weights w: <w, J v> = <Jᵀ w, v>; J v against central differences; the
second derivatives along v, of one composition of jvp and vjp against another and against differences; jets along v against
the jvp and these; for every eighth program, a third derivative likewise. A program with a kink within a step of the
differences is left out where halving the step shows it."""
import argparse
import random
import sys
import time

from oracle import LOWER, Module, dense, dot, run, tensor
from programs import make_program

STEP = 1e-5
SECOND = ["vjp_jvp", "jvp_vjp", "vjp_vjp"]


def add_program(module, case, generator, third):
    n, m, f = len(case.x), case.outputs, case.name
    v, u = ([generator.randint(-8, 8) / 8 or 0.5 for _ in range(n)] for _ in range(2))
    w = [generator.randint(-8, 8) / 8 or 0.5 for _ in range(m)]
    add = module.functions.append
    add(f"func.func private @{f}(%x: {tensor(n)}) -> {tensor(m)} {{\n{case.body}\nreturn %y : {tensor(m)}\n}}")
    derive = lambda name, kind, source: add(f"costate.derive @{f}_{name} = {kind} @{f}{source} wrt [0]")
    derive("jvp", "jvp", "")
    derive("vjp", "vjp", "")
    x, vv, ww, uu = (module.constant(values) for values in (case.x, v, w, u))
    zero_n, zero_m = module.constant([0.0] * n), module.constant([0.0] * m)
    near = {s: module.constant([a + s * STEP * b for a, b in zip(case.x, v)]) for s in (1, -1, 0.5, -0.5)}
    for s, place in near.items():
        module.call(f, [place], [n], [m], [(f, "at", s)])
        module.call(f + "_vjp", [place, ww], [n, m], [m, n], [None, (f, "vjp at", s)])
    module.call(f + "_jvp", [x, vv], [n, n], [m, m], [(f, "primal"), (f, "jvp")])
    module.call(f + "_vjp", [x, ww], [n, m], [m, n], [None, (f, "vjp")])
    chosen = generator.sample(SECOND, 2)
    for name in chosen:
        outer, inner = reversed(name.split("_")), name.split("_")[0]
        derive(name, next(outer), f"_{inner}")
        if name == "vjp_jvp":
            module.call(f"{f}_{name}", [x, ww, vv], [n, m, n], [m, n, m, n], [None] * 3 + [(f, name)])
        elif name == "jvp_vjp":
            module.call(f"{f}_{name}", [x, vv, zero_m, ww], [n, n, m, m], [m, m, n], [None] * 2 + [(f, name)])
        else:
            module.call(f"{f}_{name}", [x, ww, zero_m, vv], [n, m, m, n], [m, n, n], [None] * 2 + [(f, name)])
    add(f"func.func private @{f}_along(%p: tensor<1xf64>) -> {tensor(m)} {{\n%i = arith.constant 0 : index\n"
        f"%s = tensor.extract %p[%i] : tensor<1xf64>\n%t = tensor.splat %s : {tensor(n)}\n"
        f"%d = arith.constant {dense(v)} : {tensor(n)}\n%q = arith.mulf %t, %d : {tensor(n)}\n"
        f"%x = arith.constant {dense(case.x)} : {tensor(n)}\n%r = arith.addf %x, %q : {tensor(n)}\n"
        f"%y = func.call @{f}(%r) : ({tensor(n)}) -> {tensor(m)}\nreturn %y : {tensor(m)}\n}}")
    orders = 3 if third else 2
    add(f"costate.derive @{f}_jet = jet @{f}_along variables [[0, 0]] indices [{', '.join(f'[{k + 1}]' for k in range(orders))}]")
    module.call(f + "_jet", [module.constant([0.0])], [1], [m] * orders, [(f, "jet", k + 1) for k in range(orders)])
    if third:
        name = chosen[0]
        derive(f"{name}_jvp", "jvp", f"_{name}")
        arguments, results = {"vjp_jvp": ([ww, vv], [m, n, m, n]), "jvp_vjp": ([vv, zero_m, ww], [m, m, n]),
                              "vjp_vjp": ([ww, zero_m, vv], [m, n, n])}[name]
        sizes = {"vjp_jvp": [m, n], "jvp_vjp": [n, m, m], "vjp_vjp": [m, m, n]}[name]
        # The tangent of x only.
        module.call(f"{f}_{name}_jvp", [x] + arguments + [vv], [n] + sizes + [n], results * 2,
                    [None] * (2 * len(results) - 1) + [(f, "third")])
    return v, w, chosen


def check_program(case, found, directions, third):
    """Messages of what fails, and the number of checks."""
    get = lambda *label: found[(case.name,) + label]
    v, w, chosen = directions
    messages, checks = [], 0

    def check(what, a, b, tolerance, scale):
        nonlocal checks
        checks += 1
        error = max(abs(x - y) for x, y in zip(a, b))
        if not error <= tolerance * scale:  # also where it is not a number
            messages.append(f"{case.name}: {what}: {a} and {b} differ by {error / scale:.3g}, allowed is {tolerance:g}")

    def check_difference(what, exact, label, scale):
        wide, narrow = ([(a - b) / (2 * s * STEP) for a, b in zip(get(label, s), get(label, -s))] for s in (1, 0.5))
        if max(abs(a - b) for a, b in zip(wide, narrow)) > 1e-5 * scale:
            return  # A kink: differences say nothing.
        check(what, exact, narrow, 1e-5, scale)

    size = lambda *values: max([1.0] + [abs(x) for value in values for x in value])
    jvp, vjp = get("jvp"), get("vjp")
    check("<w, J v> = <Jᵀ w, v>", [dot(w, jvp)], [dot(vjp, v)], 1e-11,
          1 + sum(abs(a * b) for a, b in zip(w, jvp)) + sum(abs(a * b) for a, b in zip(vjp, v)))
    check_difference("jvp and central difference", jvp, "at", size(jvp))
    second = get(chosen[0])
    check(f"{chosen[0]} and {chosen[1]}", second, get(chosen[1]), 1e-10, size(second, vjp))
    check_difference(f"{chosen[0]} and central difference", second, "vjp at", size(second, vjp))
    check("jet of order 1", get("jet", 1), jvp, 1e-11, size(jvp))
    scale = size(second, vjp, get("jet", 2)) * len(v)
    check("jet of order 2", [dot(w, get("jet", 2))], [dot(v, second)], 1e-10, scale)
    if third:
        check("jet of order 3", [dot(w, get("jet", 3))], [dot(v, get("third"))], 1e-9,
              size(get("third"), get("jet", 3)) * len(v) + scale)
    return messages, checks


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", default=[], help="a runner library")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", default="1", help="the first seed; 'clock' for one nobody chose")
    parser.add_argument("--module", type=int, default=50, help="programs in one module")
    parser.add_argument("--dump", help="where to keep the last module")
    arguments = parser.parse_args()
    first = time.time_ns() % 10**9 if arguments.seed == "clock" else int(arguments.seed)
    print(f"seed {first}")
    failures, checks = [], 0
    for start in range(first, first + arguments.count, arguments.module):
        seeds = range(start, min(start + arguments.module, first + arguments.count))
        cases = [make_program(f"p{seed}", seed) for seed in seeds]
        third = [seed % 8 == 0 for seed in seeds]
        module = Module()
        directions = [add_program(module, case, random.Random(case.name), t) for case, t in zip(cases, third)]
        # Without inlining, main stays small.
        lower = [option for option in LOWER if option != "-inline"]
        numbers = iter(run(module.text(), arguments.library, arguments.dump, lower=lower))
        found = {label: [next(numbers) for _ in range(n)] for label, n in module.labels}
        for case, direction, t in zip(cases, directions, third):
            messages, count = check_program(case, found, direction, t)
            checks += count
            if messages:
                failures += messages + [case.body]
    print("\n".join(failures))
    print(f"{arguments.count} programs, {checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
