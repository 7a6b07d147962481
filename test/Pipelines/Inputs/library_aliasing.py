#===- library_aliasing.py - The functions of library-aliasing.mlir, computed again -----------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
import ctypes
import sys
from math import cos, sin

from library import call, differ

W = [0.3, -0.2, 0.5, 0.1, 0.7, 0.4, -0.6, 0.2, -0.1, 0.9, 0.3, -0.4, 0.2, 0.6, -0.3, 0.8]
X, Y, Y2 = [0.5, -1.25, 2.0, 0.75], [3.0, 0.25, -0.5, 1.5], [7.0, -8.0]


def product(x, start=(0.0,) * 4):
    return [start[i] + sum(W[4 * i + k] * x[k] for k in range(4)) for i in range(4)]


def each(f, x):
    return [f(e) for e in x]


def add(x, y):
    return [a + b for a, b in zip(x, y)]


H, S, C, HALF = product(X), each(sin, X), each(cos, X), [0.5] * 4
SUM = product(X, HALF)
READ = product(X, S)
SLICED = S[1:3] + S[2:]
CASES = [
    ("product", [W, X], [each(sin, H), each(cos, H)]),
    ("product_and_itself", [W, X], [each(sin, H), H]),
    ("twice", [X], [S, S]),
    ("arguments", [X, Y], [Y, X, add(X, Y)]),
    ("beside_its_update", [X, Y2], [[X[0]] + Y2 + [X[3]], X]),
    ("one_branch_argument", [X, True], [X, S]),
    ("one_branch_argument", [X, False], [X, X]),
    ("branch_yields_twice", [X, Y2, True], [Y2 + S[2:], S]),
    ("branch_yields_twice", [X, Y2, False], [Y2 + C[2:], X]),
    ("slices", [X], [S[1:3], SLICED, SLICED[:2], S]),
    ("constants", [X], [[1.0, 2.0, 3.0, 4.0], [1.0, X[1], 3.0, 4.0], [0.0] * 4]),
    ("shared_starts", [W, X], [SUM, product(SUM, HALF), HALF, S, C]),
    ("read_after_it_is_written", [W, X], [READ, add(S, READ)]),
    ("switch_yields_an_argument", [X, 1], [[7.0] + S[1:], [7.0, S[2]]]),
    ("switch_yields_an_argument", [X, 2], [[7.0] + X[1:], [7.0, X[2]]]),
    ("scalar", [X], [add(S, S), [S[1]], S]),
]


def main():
    library = ctypes.CDLL(sys.argv[1])
    wrong = [name for name, arguments, expected in CASES
             if differ(call(getattr(library, name), arguments, [len(e) for e in expected]), expected)]
    print(f"{len({case[0] for case in CASES})} functions, wrong: {', '.join(wrong) or 'none'}")


main()
