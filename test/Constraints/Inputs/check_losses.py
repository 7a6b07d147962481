# ===- check_losses.py - What every loss of losses.mlir must be ------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# ===-----------------------------------------------------------------------------------------------------===#
"""check_losses.py rows FILE writes the data; check_losses.py figures JSON checks the figures of a program at its first
parameters against the formulas of docs/Language.md."""
import json
import math
import sys

W = (0.5, -1.5)
ROWS = [(0.0, (0.25, 0.75)), (1.0, (0.9, 0.1)), (-2.0, (0.0, 1.0)), (0.3, (0.6, 0.4)), (-0.7, (0.5, 0.5))]


def value(x):
    return W[0] + x, W[1] + 2 * x


def softmax_loss(u, y):
    total = sum(math.exp(z - max(u)) for z in u)
    return -sum(p * (z - max(u) - math.log(total)) for z, p in zip(u, y))


def huber(r, delta):
    return r * r / 2 if abs(r) <= delta else delta * (abs(r) - delta / 2)


# name: (weight, loss of one row, whether it is a sum)
LOSSES = {
    "identity": (1.0, lambda u, y: u[0], False),
    "square": (2.0, lambda u, y: sum((a - b)**2 for a, b in zip(u, y)), False),
    "square of all": (0.125, lambda u, y: sum(a * a for a in u), True),
    "absolute": (1.0, lambda u, y: sum(abs(a - 0.25) for a in u), False),
    "huber": (3.0, lambda u, y: sum(huber(a - b, 1.4) for a, b in zip(u, y)), False),
    "cross entropy": (1.0, softmax_loss, False),
    "far": (1.0, lambda u, y: softmax_loss((u[0] + 800, u[1] + 801), y), False),
    "custom": (1.0, lambda u, y: u[0]**3 * y[1] - u[1], False),
    "alone": (0.5, lambda u, y: u[0] * u[1], True),
}


def rows(path):
    with open(path, "w") as file:
        file.write("x,y[0],y[1]\n")
        file.writelines(f"{x},{y[0]},{y[1]}\n" for x, y in ROWS)


def figures(path, tolerance="1e-13"):
    found = json.load(open(path))["results"]
    expected, total = {}, 0.0
    for name, (weight, loss, is_sum) in LOSSES.items():
        terms = [loss(value(x), y) for x, y in ROWS]
        expected[name] = sum(terms) if is_sum else sum(terms) / len(terms)
        total += weight * expected[name]
    expected["loss"] = total
    assert found.keys() == expected.keys(), sorted(found)
    for name in expected:
        error = abs(found[name] - expected[name]) / (1 + abs(expected[name]))
        assert error <= float(tolerance), f"{name} is {found[name]}, expected {expected[name]}"
    print(len(expected), "figures agree")


{"rows": rows, "figures": figures}[sys.argv[1]](*sys.argv[2:])
