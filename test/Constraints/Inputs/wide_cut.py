#===- wide_cut.py - A step of many multipliers, by another way --------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""wide_cut.py program KIND MODE writes a problem in variables, one point and one Euler step; wide_cut.py check KIND RUN compares that
step with d = \u2207f + J\u207a(g - J\u2207f), J written out by hand and its pseudo-inverse applied by conjugate gradients."""
import glob
import json
import math
import struct
import sys

DT, X = 0.01, (0.7, -0.4)
# The numbers of the two values of the cut.
A, B = 12, 3 if sys.argv[2] == "mixed" else 10


def spread(n, seed):
    return [round(math.sin(1.0 + seed + 1.7 * i) / 2, 3) for i in range(n)]


class Problem:
    """Variables a (A by 2), b (B), s (a number); c = s (a x), e = b o b.
    few, and mixed with a small B: g = (c_i - 0.3, e_j - 0.2), as many as there are values; many: and c_j e_j - 0.1, and c o c."""

    def __init__(self, kind):
        self.kind = kind
        self.a, self.b, self.s = spread(2 * A, 0), spread(B, 5), 0.8

    def theta(self):
        return [*self.a, *self.b, self.s]

    def values(self, theta):
        a, b, s = theta[:2 * A], theta[2 * A:-1], theta[-1]
        return [s * (a[2 * i] * X[0] + a[2 * i + 1] * X[1]) for i in range(A)], [v * v for v in b]

    def constraints(self, theta):
        """g, and the rows of J."""
        a, b, s = theta[:2 * A], theta[2 * A:-1], theta[-1]
        c, e = self.values(theta)
        n = len(theta)
        dc, de = [], []
        for i in range(A):
            row = [0.0] * n
            row[2 * i], row[2 * i + 1], row[-1] = s * X[0], s * X[1], c[i] / s
            dc.append(row)
        for j in range(B):
            row = [0.0] * n
            row[2 * A + j] = 2 * b[j]
            de.append(row)
        g, J = [v - 0.3 for v in c] + [v - 0.2 for v in e], dc + de
        if self.kind == "many":
            g = g + [c[j] * e[j] - 0.1 for j in range(B)] + [v * v for v in c]
            J = J + [[c[j] * y + e[j] * x for x, y in zip(dc[j], de[j])] for j in range(B)]
            J = J + [[2 * c[i] * x for x in dc[i]] for i in range(A)]
        return g, J

    def gradient(self, theta):
        """Of f = sum c^2 + sum e."""
        _, J = Problem("few").constraints(theta)
        c, _ = self.values(theta)
        weights = [2 * v for v in c] + [1.0] * B
        return [sum(w * row[p] for w, row in zip(weights, J)) for p in range(len(theta))]

    def step(self):
        theta = self.theta()
        g, J = self.constraints(theta)
        f = self.gradient(theta)
        right = [v - sum(x * y for x, y in zip(row, f)) for v, row in zip(g, J)]
        d = [x + y for x, y in zip(f, pseudo_inverse(J, right))]
        return [x - DT * y for x, y in zip(theta, d)]

    def text(self, mode):
        rows = ", ".join(map(str, self.a))
        more = (f"""
  %h = tensor.extract_slice %c[0] [{B}] [1] : tensor<{A}xf64> to tensor<{B}xf64>
  %he = arith.mulf %h, %e : tensor<{B}xf64>
  %tenth = arith.constant dense<0.1> : tensor<{B}xf64>
  %third = arith.subf %he, %tenth : tensor<{B}xf64>
  %fourth = arith.mulf %c, %c : tensor<{A}xf64>""", ", %third, %fourth", f", tensor<{B}xf64>, tensor<{A}xf64>")
        more = more if self.kind == "many" else ("", "", "")
        m = A + B + (A + B if self.kind == "many" else 0)
        return f"""costate.variable @a init [{rows}] : tensor<{A}x2xf64>
costate.variable @b init [{", ".join(map(str, self.b))}] : tensor<{B}xf64>
costate.variable @s init [{self.s}] : tensor<f64>
costate.network @c(%x: tensor<2xf64>) -> tensor<{A}xf64> {{
  %a = costate.read @a : tensor<{A}x2xf64>
  %s = costate.read @s : tensor<f64>
  %z = arith.constant dense<0.0> : tensor<{A}xf64>
  %ax = linalg.matvec ins(%a, %x : tensor<{A}x2xf64>, tensor<2xf64>) outs(%z : tensor<{A}xf64>) -> tensor<{A}xf64>
  %n = tensor.extract %s[] : tensor<f64>
  %t = tensor.splat %n : tensor<{A}xf64>
  %c = arith.mulf %t, %ax : tensor<{A}xf64>
  costate.yield %c : tensor<{A}xf64>
}}
costate.network @e(%x: tensor<2xf64>) -> tensor<{B}xf64> {{
  %b = costate.read @b : tensor<{B}xf64>
  %e = arith.mulf %b, %b : tensor<{B}xf64>
  costate.yield %e : tensor<{B}xf64>
}}
costate.residual @g(%x: tensor<2xf64>) -> tensor<{m}xf64> {{
  %c = costate.call @c(%x) : (tensor<2xf64>) -> tensor<{A}xf64>
  %e = costate.call @e(%x) : (tensor<2xf64>) -> tensor<{B}xf64>
  %c0 = arith.constant dense<0.3> : tensor<{A}xf64>
  %e0 = arith.constant dense<0.2> : tensor<{B}xf64>
  %first = arith.subf %c, %c0 : tensor<{A}xf64>
  %second = arith.subf %e, %e0 : tensor<{B}xf64>{more[0]}
  %g = tensor.concat dim(0) %first, %second{more[1]} : (tensor<{A}xf64>, tensor<{B}xf64>{more[2]}) -> tensor<{m}xf64>
  costate.yield %g : tensor<{m}xf64>
}}
costate.residual @f(%x: tensor<2xf64>) -> tensor<1xf64> {{
  %c = costate.call @c(%x) : (tensor<2xf64>) -> tensor<{A}xf64>
  %e = costate.call @e(%x) : (tensor<2xf64>) -> tensor<{B}xf64>
  %z = arith.constant dense<0.0> : tensor<f64>
  %cc = linalg.dot ins(%c, %c : tensor<{A}xf64>, tensor<{A}xf64>) outs(%z : tensor<f64>) -> tensor<f64>
  %ee = linalg.reduce {{ arith.addf }} ins(%e : tensor<{B}xf64>) outs(%cc : tensor<f64>) dimensions = [0]
  %r = tensor.expand_shape %ee [] output_shape [1] : tensor<f64> into tensor<1xf64>
  costate.yield %r : tensor<1xf64>
}}
costate.problem @p {{
  costate.sample @train (x: tensor<2xf64>) in box<[{X[0]}, {X[1]}], [{X[0] + 1e-13}, {X[1] + 1e-13}]> by uniform count 1
  costate.minimize "data" @f(x) over @train
  costate.subject_to "g" @g(x) == 0.0 over @train by #costate.tanabe<mode = {mode}>
  costate.train by #costate.euler<dt = {DT}> steps 1
}}"""


def pseudo_inverse(J, r):
    """J\u207a r: the least of those nearest, by conjugate gradients on J\u1d40 J from zero."""
    transposed = list(zip(*J))
    times = lambda m, v: [sum(x * y for x, y in zip(row, v)) for row in m]
    x, rest = [0.0] * len(transposed), list(r)
    s = times(transposed, rest)
    p, gamma = list(s), sum(v * v for v in s)
    for _ in range(400):
        if gamma < 1e-26:
            break
        q = times(J, p)
        alpha = gamma / sum(v * v for v in q)
        x = [a + alpha * b for a, b in zip(x, p)]
        rest = [a - alpha * b for a, b in zip(rest, q)]
        s = times(transposed, rest)
        gamma, old = sum(v * v for v in s), gamma
        p = [a + gamma / old * b for a, b in zip(s, p)]
    return x


def variables(run):
    with open(max(glob.glob(f"{run}/checkpoints/step-*.safetensors")), "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        content = file.read()
    return [v for name in "abs" for v in
            struct.unpack(f"<{(lambda o: (o[1] - o[0]) // 8)(header[name]['data_offsets'])}d",
                          content[slice(*header[name]["data_offsets"])])]


verb, kind, last = sys.argv[1:]
problem = Problem(kind)
if verb == "program":
    print(problem.text(last))
else:
    found, wanted = variables(last), problem.step()
    error = max(abs(x - y) for x, y in zip(found, wanted, strict=True)) / DT
    moved = max(abs(x - y) for x, y in zip(problem.theta(), wanted)) / DT
    assert moved > 0.1
    print("right" if error < 1e-7 else f"wrong by {error}")
