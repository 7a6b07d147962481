#===- call_tower.py - The gradient of a tower of calls against a loop -------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""call_tower.py LIBRARY FLOORS: f_k calls f_{k-1} twice, and f_0(x, a) = x + a sin x."""
import ctypes
import math
import sys

library, steps = ctypes.CDLL(sys.argv[1]), 2**int(sys.argv[2])
triple = ctypes.c_double * 3
x, w, a = [0.3, -0.8, 1.2], [1.0, -0.5, 2.0], 1.0 / steps
y, dx, da = triple(), triple(), ctypes.c_double()
library.tower.restype = None
library.tower(triple(*x), ctypes.c_double(a), triple(*w), y, dx, ctypes.byref(da))
expected = [[], [], 0.0]
for xi, wi in zip(x, w):
    u, by_x, by_a = xi, 1.0, 0.0
    for _ in range(steps):
        s, c = math.sin(u), math.cos(u)
        by_a += s + a * c * by_a
        by_x += a * c * by_x
        u += a * s
    expected[0].append(u)
    expected[1].append(wi * by_x)
    expected[2] += wi * by_a
pairs = list(zip([*y, *dx, da.value], [*expected[0], *expected[1], expected[2]]))
print("largest relative error below 1e-12" if max(abs(p - q) / abs(q) for p, q in pairs) < 1e-12 else pairs)
