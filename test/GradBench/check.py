#===- check.py - Each eval against plain Python -----------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Asks the adapter for the functions of an eval on small inputs, as the suite would, and compares with the same
functions in plain Python and their derivatives by dual numbers."""
import json
import math
import os
import random
import subprocess
import sys

import dual
from dual import cos, derivatives, exp, log, sin, sqrt, tanh
from library import doubles, rows

TOLERANCE = 1e-11


def uniform(generator, *shape):
    if not shape:
        return generator.uniform(0, 1)
    return [uniform(generator, *shape[1:]) for _ in range(shape[0])]


def hello(generator):
    yield "square", 1.5, 2.25
    yield "double", 1.5, 3.0


def llsq(generator):
    for m, n in ((5, 9), (1, 2)):
        def value(x):
            total = 0.0
            for i in range(n):
                t = -1 + i * 2 / (n - 1)
                rest = (t > 0) - (t < 0) - sum((v * t**j for j, v in enumerate(x)), 0.0)
                total = total + rest * rest
            return total * 0.5
        x = uniform(generator, m)
        given = {"x": x, "n": n}
        yield "primal", given, value(x)
        yield "gradient", given, derivatives(value, x)


def log_sum_exp(x):
    greatest = max(dual.lift(v).value for v in x)
    return log(sum((exp(v - greatest) for v in x), 0.0)) + greatest


def lse(generator):
    for n in (1, 37):
        x = [200 * v - 100 for v in uniform(generator, n)]
        yield "primal", {"x": x}, log_sum_exp(x)
        yield "gradient", {"x": x}, derivatives(log_sum_exp, x)


def gmm(generator):
    for d, k, n, m in ((3, 4, 8, 0), (1, 2, 7, 2)):
        sizes = [k, k * d, k * d, k * d * (d - 1) // 2]
        gamma, x = 0.9, uniform(generator, n, d)

        def value(flat):
            parts, start = [], 0
            for size in sizes:
                parts.append(flat[start:start + size])
                start += size
            alpha, mu, q, l = parts
            total = -n * 0.5 * d * math.log(2 * math.pi) - n * log_sum_exp(alpha)
            triangles = []
            for j in range(k):
                t = [[0.0] * d for _ in range(d)]
                below = iter(l[j * (len(l) // k):])
                for column in range(d):
                    t[column][column] = exp(q[j * d + column])
                    for row in range(column + 1, d):
                        t[row][column] = next(below)
                triangles.append(t)
            for point in x:
                terms = []
                for j in range(k):
                    centred = [point[i] - mu[j * d + i] for i in range(d)]
                    y = [sum((a * b for a, b in zip(row, centred)), 0.0) for row in triangles[j]]
                    terms.append(alpha[j] + sum(q[j * d:j * d + d], 0.0) - 0.5 * sum((a * a for a in y), 0.0))
                total = total + log_sum_exp(terms)
            freedom = d + m + 1
            gammas = 0.25 * d * (d - 1) * math.log(math.pi) + sum(
                math.lgamma(0.5 * (freedom - j)) for j in range(d))
            total = total + k * (freedom * d * math.log(gamma / math.sqrt(2)) - gammas)
            for t in triangles:
                total = total - 0.5 * gamma**2 * sum((v * v for row in t for v in row), 0.0)
            return total + m * sum(q, 0.0)
        parts = [uniform(generator, k), uniform(generator, k, d), uniform(generator, k, d),
                 uniform(generator, k, d * (d - 1) // 2)]
        flat = [v for part in parts for v in doubles(part)]
        given = dict(zip(("alpha", "mu", "q", "l"), parts)) | {"d": d, "k": k, "n": n, "m": m, "gamma": gamma, "x": x}
        yield "objective", given, value(flat)
        g = derivatives(value, flat)
        cut = [sum(sizes[:i]) for i in range(5)]
        below = rows(g[cut[3]:], sizes[3] // k) if d > 1 else [[] for _ in range(k)]
        yield "jacobian", given, {"alpha": g[:k], "mu": rows(g[cut[1]:cut[2]], d), "q": rows(g[cut[2]:cut[3]], d),
                                  "l": below}


def kmeans(generator):
    n, k, d = 23, 4, 3
    points = uniform(generator, n, d)
    centroids = points[-k:]
    distance = lambda p, c: sum((a - b)**2 for a, b in zip(p, c))
    nearest = [min(range(k), key=lambda j: distance(p, centroids[j])) for p in points]
    given = {"points": points, "centroids": centroids}
    yield "cost", given, sum(distance(p, centroids[j]) for p, j in zip(points, nearest))
    # The gradient by a centroid is 2 sum (c - p) over its points, the second derivatives are twice their number.
    own = [[p for p, at in zip(points, nearest) if at == j] for j in range(k)]
    yield "dir", given, [[c[i] - sum(p[i] for p in own[j]) / len(own[j]) for i in range(d)]
                         for j, c in enumerate(centroids)]


def lstm(generator):
    l, b, c = 2, 5, 6
    state, sequence = uniform(generator, 2 * l, b), [[float(generator.randint(0, 1)) for _ in range(b)] for _ in range(c)]
    sigmoid = lambda x: 1 / (1 + exp(-x))

    def value(flat):
        main, (in_weight, out_weight, out_bias) = rows(flat[:8 * l * b], b), rows(flat[8 * l * b:], b)
        s, total = [list(row) for row in state], 0.0
        for t in range(c - 1):
            x = [v * w for v, w in zip(sequence[t], in_weight)]
            for i in range(l):
                gate = lambda j, inputs: [v * w + o for v, w, o in zip(inputs, main[8 * i + j], main[8 * i + 4 + j])]
                forget, ingate, outgate = ([sigmoid(v) for v in gate(j, y)] for j, y in ((0, x), (1, s[2 * i]), (2, x)))
                change = [tanh(v) for v in gate(3, s[2 * i])]
                s[2 * i + 1] = [p * f + g * h for p, f, g, h in zip(s[2 * i + 1], forget, ingate, change)]
                x = s[2 * i] = [o * tanh(p) for o, p in zip(outgate, s[2 * i + 1])]
            y = [v * w + o for v, w, o in zip(x, out_weight, out_bias)]
            norm = log(sum((exp(v) for v in y), 0.0) + 2)
            total = total + sum((g * (v - norm) for g, v in zip(sequence[t + 1], y)), 0.0)
        return -total / (b * (c - 1))
    main, extra = uniform(generator, 2 * l, 4 * b), uniform(generator, 3, b)
    flat = list(doubles(main)) + list(doubles(extra))
    given = {"main_params": main, "extra_params": extra, "state": state, "sequence": sequence}
    yield "objective", given, value(flat)
    yield "jacobian", given, derivatives(value, flat)


def ode(generator):
    for n, s in ((9, 3), (2, 1)):
        def solve(x):
            h, y = 2 / s, [0.0] * n
            tendency = lambda y: [x[0]] + [a * b for a, b in zip(x[1:], y)]
            step = lambda y, k, h: [a + h * b for a, b in zip(y, k)]
            for _ in range(s):
                k1 = tendency(y)
                k2 = tendency(step(y, k1, h / 2))
                k3 = tendency(step(y, k2, h / 2))
                k4 = tendency(step(y, k3, h))
                y = [v + h * (a + 2 * b + 2 * c + e) / 6 for v, a, b, c, e in zip(y, k1, k2, k3, k4)]
            return y
        x = uniform(generator, n)
        given = {"x": x, "s": s}
        yield "primal", given, solve(x)
        yield "gradient", given, derivatives(lambda x: solve(x)[-1], x)


def argmin(f, slope, x):
    """The suite's gradient descent."""
    norm = lambda v: math.sqrt(sum(a * a for a in v))
    value, g, age, eta = f(x), slope(x), 0, 1e-5
    while norm(g) > 1e-5:
        if age == 10:
            eta, age = 2 * eta, 0
            continue
        tried = [a - eta * b for a, b in zip(x, g)]
        if norm([a - b for a, b in zip(x, tried)]) <= 1e-5:
            break
        if (new := f(tried)) < value:
            x, value, g, age = tried, new, slope(tried), age + 1
        else:
            eta, age = eta / 2, 0
    return x


def particle(generator):
    def crossing(w):
        x, y, u, v, dt = 0.0, 8.0, 0.75, 0.0, 0.1
        while True:
            # The force, by hand.
            above, below = (dual.lift((x - 10) * (x - 10) + (y - z) * (y - z)) for z in (10 - w[0], 0.0))
            far, near = 1 / (above * sqrt(above)), 1 / (below * sqrt(below))
            fx, fy = (x - 10) * (far + near), (y - 10 + w[0]) * far + y * near
            x, y = x + dt * u, y + dt * v
            if not y > 0:
                place = x - y / v * u
                return place * place
            u, v = u + dt * fx, v + dt * fy
    w = argmin(lambda w: dual.lift(crossing(w)).value, lambda w: derivatives(crossing, w), [0.0])[0]
    for modes in ("ff", "fr", "rf", "rr"):
        yield modes, {"w": 0.0}, w


def saddle(generator):
    start = [1.0, 1.5]
    greatest = lambda x: argmin(lambda y: -f(x, y), lambda y: [2 * v for v in y], start)
    f = lambda x, y: x[0]**2 + x[1]**2 - y[0]**2 - y[1]**2
    x = argmin(lambda x: f(x, greatest(x)), lambda x: [2 * v for v in x], start)
    for modes in ("ff", "fr", "rf", "rr"):
        yield modes, {"start": start}, x + greatest(x)


def det(generator):
    for n in (1, 4):
        def minor(a, row, columns):
            if not columns:
                return 1.0
            return sum(((-1.0)**i * a[row * n + j] * minor(a, row + 1, columns[:i] + columns[i + 1:])
                        for i, j in enumerate(columns)), 0.0)
        value = lambda a: minor(a, 0, list(range(n)))
        a = uniform(generator, n * n)
        yield "primal", {"A": a, "ell": n}, value(a)
        yield "gradient", {"A": a, "ell": n}, derivatives(value, a)


def add(*terms):
    return sum(terms, 0.0)


def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def ba(generator):
    n, m, p, w = 2, 3, 10, 0.7

    def errors(v):
        r, o, (f, u0, v0, k1, k2), x, w = v[:3], v[3:6], v[6:11], v[11:14], v[14]
        theta = sqrt(add(*(a * a for a in r)))
        axis, x = [a / theta for a in r], [a - b for a, b in zip(x, o)]
        dot, c = add(*(a * b for a, b in zip(axis, x))), cos(theta)
        y = [a * c + b * sin(theta) + d * dot * (1 - c) for a, b, d in zip(x, cross(axis, x), axis)]
        px, py = y[0] / y[2], y[1] / y[2]
        q = px * px + py * py
        l = 1 + k1 * q + k2 * q * q
        return [w * (px * l * f + u0 - feat[0]), w * (py * l * f + v0 - feat[1])]
    cam, x, feat = uniform(generator, 11), [v + 2 for v in uniform(generator, 3)], uniform(generator, 2)
    given = {"n": n, "m": m, "p": p, "cam": cam, "x": x, "w": w, "feat": feat}
    v = cam + x + [w]
    yield "objective", given, {"reproj_error": {"elements": errors(v), "repeated": p},
                               "w_err": {"element": 1 - w * w, "repeated": p}}
    columns = list(range(11)) + [11 * n + i for i in range(3)] + [11 * n + 3 * m]
    ends = [15 * i for i in range(2 * p + 1)] + [30 * p + i + 1 for i in range(p)]
    values = [row for rows_of in zip(*derivatives(errors, v)) for row in rows_of]
    yield "jacobian", given, {"vals": values + [-2 * w], "cols": columns * 2 + [11 * n + 3 * m + p - 1],
                              "rows": ends[:30] + [ends[-1]]}


def ht(generator):
    bones, vertices, count = 22, 5, 4
    parents = [-1] + [0 if i % 4 == 1 else i - 1 for i in range(1, bones)]
    matrix = lambda: uniform(generator, 4, 4)[:3] + [[0.0, 0.0, 0.0, 1.0]]
    product = lambda a, b: [[add(*(x * y for x, y in zip(row, column))) for column in zip(*b)] for row in a]
    for mirrored, us in ((False, []), (True, uniform(generator, count, 2))):
        model = {"bone_count": bones, "bone_names": [str(i) for i in range(bones)], "parents": parents,
                 "base_relatives": [matrix() for _ in range(bones)],
                 "inverse_base_absolutes": [matrix() for _ in range(bones)],
                 "base_positions": [row + [1.0] for row in uniform(generator, vertices, 3)],
                 "weights": uniform(generator, vertices, bones), "triangles": [[0, 1, 2], [2, 3, 4], [4, 0, 3]],
                 "is_mirrored": mirrored}
        points, places = uniform(generator, count, 3), [0, 2, 1, 2]

        def turn(x, z):
            cx, sx, cz, sz = cos(x), sin(x), cos(z), sin(z)
            return [[cz, -sz * cx, sz * sx, 0.0], [sz, cz * cx, -cz * sx, 0.0], [0.0, sx, cx, 0.0], [0.0, 0.0, 0.0, 1.0]]

        def errors(theta, us):
            angles, left = [[0.0, 0.0] for _ in range(bones)], iter(theta[6:])
            for finger in range(5):
                for i in range(3):
                    angles[4 * finger + 2 + i][0] = next(left)
                    if i == 0:
                        angles[4 * finger + 2][1] = next(left)
            absolutes, skin = [], [[0.0] * 3 for _ in range(vertices)]
            for i in range(bones):
                relative = product(model["base_relatives"][i], turn(*angles[i]))
                absolutes.append(relative if parents[i] < 0 else product(absolutes[parents[i]], relative))
                transform = product(absolutes[i], model["inverse_base_absolutes"][i])
                for v in range(vertices):
                    for k in range(3):
                        moved = add(*(a * b for a, b in zip(transform[k], model["base_positions"][v])))
                        skin[v][k] = skin[v][k] + model["weights"][v][i] * moved
            norm = sqrt(add(*(a * a for a in theta[:3])))
            axis = [a / norm for a in theta[:3]]
            placed = []
            for x in skin:
                x = [-x[0] if mirrored else x[0], x[1], x[2]]
                dot = add(*(a * b for a, b in zip(axis, x)))
                placed.append([a * cos(norm) + b * sin(norm) + d * dot * (1 - cos(norm)) + o
                               for a, b, d, o in zip(x, cross(axis, x), axis, theta[3:6])])
            out = []
            for i, place in enumerate(places):
                if us:
                    (u0, u1), corners = us[i], model["triangles"][place]
                    x = [u0 * placed[corners[0]][k] + u1 * placed[corners[1]][k] +
                         (1 - u0 - u1) * placed[corners[2]][k] for k in range(3)]
                else:
                    x = placed[place]
                out += [a - b for a, b in zip(points[i], x)]
            return out
        theta = uniform(generator, 26)
        given = {"theta": theta, "us": us, "data": {"model": model, "correspondences": places, "points": points}}
        yield "objective", given, errors(theta, us)
        by_us = [[dual.lift(e).slope for e in errors(theta, [[dual.Dual(u, float(k == j)) for k, u in enumerate(pair)]
                                                            for pair in us])] for j in range(2 if us else 0)]
        yield "jacobian", given, [list(row) for row in zip(*by_us, *derivatives(lambda t: errors(t, us), theta))]


def compare(found, expected, place):
    if isinstance(expected, dict):
        assert found.keys() == expected.keys(), f"{place}: {found.keys()}"
        for key in expected:
            compare(found[key], expected[key], f"{place}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), f"{place}: {len(found)} instead of {len(expected)}"
        for i, (a, b) in enumerate(zip(found, expected)):
            compare(a, b, f"{place}[{i}]")
    else:
        error = abs(found - expected) / max(1.0, abs(expected))
        assert error <= TOLERANCE, f"{place}: {found} instead of {expected}"


def main():
    module = sys.argv[1]
    adapter = subprocess.Popen([sys.executable, os.path.join(os.path.dirname(__file__), "adapter.py")], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(message):
        adapter.stdin.write(json.dumps({"id": ask.count} | message) + "\n")
        adapter.stdin.flush()
        answer = json.loads(adapter.stdout.readline())
        assert answer["id"] == ask.count
        ask.count += 1
        return answer
    ask.count = 0
    assert ask({"kind": "start", "eval": module})["tool"] == "costate"
    assert ask({"kind": "define", "module": module})["success"]
    assert not ask({"kind": "define", "module": "nothing"})["success"]
    for function, given, expected in globals()[module](random.Random(1)):
        if isinstance(given, dict):
            given = given | {"min_runs": 3, "min_seconds": 0}
        answer = ask({"kind": "evaluate", "module": module, "function": function, "input": given})
        assert answer["success"], answer["error"]
        runs = [timing for timing in answer["timings"] if timing["name"] == "evaluate"]
        assert len(runs) == (3 if isinstance(given, dict) else 1)
        compare(answer["output"], expected, function)
        print(f"{module} {function}: agrees")
    adapter.stdin.close()
    assert adapter.wait() == 0


if __name__ == "__main__":
    main()
