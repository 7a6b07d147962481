#===- evals.py - How each eval of GradBench is compiled and called ----------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""For each eval a function (compiler, name of the function, input) -> (call, what makes the output of the call's
results). The problems themselves are in Inputs/*.mlir."""
import array
import math

from descent import argmin
from library import doubles, fill, real, rows


def scalar(result):
    return result[0]


def hello(compiler, function, given):
    return compiler.call(fill("hello"), function, [float(given)], [1]), scalar


def llsq(compiler, function, given):
    x, n = doubles(given["x"]), given["n"]
    text = fill("llsq", m=len(x), n=n, step=real(2 / (n - 1)))
    if function == "primal":
        return compiler.call(text, function, [x], [1]), scalar
    return compiler.call(text, function, [x], [len(x)]), list


def lse(compiler, function, given):
    x = doubles(given["x"])
    text = fill("lse", n=len(x))
    if function == "primal":
        return compiler.call(text, function, [x], [1]), scalar
    return compiler.call(text, function, [x], [len(x)]), list


def kmeans(compiler, function, given):
    points, centroids = given["points"], given["centroids"]
    n, k, d = len(points), len(centroids), len(points[0])
    # Whole vectors of points, if the number of points lets them.
    block = max((b for b in range(1, min(n, 128) + 1) if n % b == 0), key=lambda b: (b % 8 == 0, b))
    text = fill("kmeans", n=n, k=k, d=d, block=block)
    arguments = [doubles(points), doubles(centroids)]
    if function == "cost":
        return compiler.call(text, function, arguments, [1]), scalar
    return compiler.call(text, function, arguments, [k * d]), lambda result: rows(result, d)


def ode(compiler, function, given):
    x = doubles(given["x"])
    text = fill("ode", n=len(x), rest=len(x) - 1)
    return compiler.call(text, function, [x, given["s"]], [len(x)]), list


def particle(compiler, function, given):
    outer, inner = function  # of the modes f and r
    text = fill("particle", inner=inner, argmin=argmin("argmin", 1, "crossing", f"derivative_{outer}"))
    return compiler.call(text, "control", [float(given["w"])], [1]), scalar


def saddle(compiler, function, given):
    outer, inner = function
    text = fill("saddle", inner_argmin=argmin("argmax", 2, "minus_f", f"minus_slope_{inner}", parameters=2),
                outer_argmin=argmin("argmin", 2, "greatest", f"slope_{outer}", parameters=2))
    return compiler.call(text, "point", [doubles(given["start"])], [4]), list


def lstm(compiler, function, given):
    main, extra, state, sequence = (given[name] for name in ("main_params", "extra_params", "state", "sequence"))
    l, b, c = len(main) // 2, len(main[0]) // 4, len(sequence)
    text = fill("lstm", l=l, layers2=2 * l, layers8=8 * l, b=b, c=c, steps=c - 1, factor=real(-1 / (b * (c - 1))))
    arguments = [doubles(part) for part in (main, extra, state, sequence)]
    if function == "objective":
        return compiler.call(text, function, arguments, [1]), scalar
    return compiler.call(text, function, arguments, [8 * l * b, 3 * b]), lambda dm, de: list(dm) + list(de)


def block(count, most=64):
    """How many of `count` points go by at a time: a divisor, of whole vectors if there is such a one."""
    divisors = [size for size in range(1, most + 1) if count % size == 0]
    return max([size for size in divisors if size % 8 == 0] or divisors)


def gmm(compiler, function, given):
    d, k, n, m, gamma = (given[name] for name in ("d", "k", "n", "m", "gamma"))
    places = [(row, column) for column in range(d) for row in range(column + 1, d)] or [(0, 0)]
    below = len(places)
    text = fill("gmm", d=d, k=k, n=n, p=block(n), count=real(n), below=below, entries=d * (d - 1) // 2, all=k * d * d,
                rows=[row for row, _ in places], columns=[column for _, column in places])
    freedom = d + m + 1
    gammas = 0.25 * d * (d - 1) * math.log(math.pi) + sum(math.lgamma(0.5 * (freedom - j)) for j in range(d))
    constant = k * (freedom * d * (math.log(gamma) - 0.5 * math.log(2)) - gammas) - 0.5 * n * d * math.log(2 * math.pi)
    l = doubles(given["l"]) or doubles([0.0] * k)
    arguments = [doubles(given["alpha"]), doubles(given["mu"]), doubles(given["q"]), l, doubles(given["x"]), float(m),
                 float(gamma), constant]
    if function == "objective":
        return compiler.call(text, function, arguments, [1]), scalar
    finish = lambda alpha, mu, q, dl: {"alpha": list(alpha), "mu": rows(mu, d), "q": rows(q, d),
                                       "l": rows(dl, below) if d > 1 else [[] for _ in range(k)]}
    return compiler.call(text, function, arguments, [k, k * d, k * d, k * below]), finish


def ba(compiler, function, given):
    n, m, p = given["n"], given["m"], given["p"]
    entries, ends = 31 * p, 3 * p + 1
    text = fill("ba", n=n, m=m, p=p, p2=2 * p, p30=30 * p, entries=entries, ends=ends, first_point=11 * n,
                first_weight=11 * n + 3 * m)
    # The suite gives one camera, one point, one weight and one observation, to be repeated.
    observations = array.array("q", [place for i in range(p) for place in (i % n, i % m)])
    arguments = [doubles(given["cam"]) * n, doubles(given["x"]) * m, doubles([given["w"]]) * p, observations,
                 doubles(given["feat"]) * p]
    if function == "objective":
        finish = lambda errors, weights: {"reproj_error": {"elements": list(errors[:2]), "repeated": p},
                                          "w_err": {"element": weights[0], "repeated": p}}
        return compiler.call(text, function, arguments, [2 * p, p]), finish
    # Of each list, the suite wants to see the first 30 and the last.
    shown = lambda values: list(values[:30]) + [values[-1]]
    finish = lambda values, columns, begins: {"rows": shown(begins), "cols": shown(columns), "vals": shown(values)}
    return compiler.call(text, function, arguments, [entries, ("i", entries), ("i", ends)]), finish


def det(compiler, function, given):
    n = given["ell"]
    terms = []
    for mask in sorted(range(1, 2**n), key=lambda mask: mask.bit_count()):
        columns = [j for j in range(n) if mask >> j & 1]
        for position, j in enumerate(columns):
            terms.append((mask, (n - len(columns)) * n + j, mask & ~(1 << j), (-1.0)**position))
    of, entry, smaller, sign = (list(column) for column in zip(*terms))
    text = fill("det", n=n, entries=n * n, terms=len(terms), minors=2**n, whole=2**n - 1, of=of, entry=entry,
                smaller=smaller, sign=sign)
    return compiler.call(text, function, [doubles(given["A"])], [1 if function == "primal" else n * n]), \
        scalar if function == "primal" else list


def ht(compiler, function, given):
    model, us = given["data"]["model"], given["us"]
    places, points = given["data"]["correspondences"], given["data"]["points"]
    bones, vertices, count = len(model["parents"]), len(model["base_positions"]), len(places)
    corner = lambda number: f"""%v{number} = tensor.extract %places[%i, %c{number}] : tensor<{count}x3xindex>"""
    position = lambda number: f"%x{number} = tensor.extract %positions[%j, %v{number}] : tensor<3x{vertices}xf64>"
    errors = ("(%theta, %us, %relatives, %inverses, %parents, %skin, %places, %points, %mirror, %ones) : "
              f"(tensor<26xf64>, tensor<{count}x2xf64>, tensor<{bones}x4x4xf64>, tensor<{bones}x4x4xf64>, "
              f"tensor<{bones}xindex>, tensor<{4 * bones + 1}x{vertices}xf64>, tensor<{count}x3xindex>, "
              f"tensor<{count}x3xf64>, f64, tensor<{count}x2xf64>) -> (tensor<{count}x3xf64>, tensor<{count}x3xf64>)")
    columns = f"tensor<{28 if us else 26}x{count}x3xf64>"
    parts = dict(what="A point is a vertex.", weights=corner(0), combination=position(0).replace("%x0", "%modelled"),
                 derive_us="", by_us="", start="%place", first=0, directions=26)
    if us:
        # A point of a triangle: two numbers say where, and are parameters as well.
        parts = dict(
            what="A point is one of a triangle, given by two numbers each, us.",
            weights="\n    ".join([corner(0), corner(1), corner(2)] + [
                f"%u{k} = tensor.extract %us[%i, %c{k}] : tensor<{count}x2xf64>" for k in range(2)
            ] + ["%rest = arith.subf %one, %u0 : f64", "%u2 = arith.subf %rest, %u1 : f64"]),
            combination="\n      ".join([position(k) for k in range(3)] + [
                f"%m{k} = arith.mulf %u{k}, %x{k} : f64" for k in range(3)
            ] + ["%m = arith.addf %m0, %m1 : f64", "%modelled = arith.addf %m, %m2 : f64"]),
            derive_us="costate.derive @errors_by_us = jvp @errors wrt [1]",
            by_us=f"""%two = scf.for %j = %c0 to %c2 step %c1 iter_args(%s = %place) -> {columns} {{
    %zeros = arith.constant dense<0.0> : tensor<{count}x2xf64>
    %column = arith.constant dense<1.0> : tensor<{count}x1xf64>
    %ones = tensor.insert_slice %column into %zeros[0, %j] [{count}, 1] [1, 1] : tensor<{count}x1xf64> into tensor<{count}x2xf64>
    %e, %d = costate.call @errors_by_us{errors}
    %next = tensor.insert_slice %d into %s[%j, 0, 0] [1, {count}, 3] [1, 1, 1] : tensor<{count}x3xf64> into {columns}
    scf.yield %next : {columns}
  }}""", start="%two", first=2, directions=28)
    text = fill("ht", b=bones, v=vertices, c=count, columns=4 * bones + 1, last=4 * bones, **parts)
    triangles = model["triangles"]
    across = lambda matrix: doubles(list(zip(*matrix)))
    arguments = [doubles(given["theta"]), doubles(us) or doubles([0.0] * 2 * count), doubles(model["base_relatives"]),
                 doubles(model["inverse_base_absolutes"]),
                 array.array("q", [i if parent == -1 else parent for i, parent in enumerate(model["parents"])]),
                 across(model["base_positions"]), across(model["weights"]),
                 array.array("q", [v for place in places for v in (triangles[place] if us else [place] * 3)]),
                 doubles(points), -1.0 if model["is_mirrored"] else 1.0]
    if function == "objective":
        return compiler.call(text, function, arguments, [3 * count]), list
    directions = parts["directions"]
    finish = lambda result: [list(result[i::3 * count]) for i in range(3 * count)]
    return compiler.call(text, function, arguments, [directions * 3 * count]), finish


EVALS = {"ba": ba, "det": det, "gmm": gmm, "hello": hello, "ht": ht, "kmeans": kmeans, "llsq": llsq, "lse": lse,
         "lstm": lstm, "ode": ode, "particle": particle, "saddle": saddle}
