#===- jets.py - Checks the numbers of jets of high order --------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Partial derivatives up to the highest order that is taken, of functions of two variables, against power series in exact
rational arithmetic and 60 digits. With --ops, prints a module with a jet of that order instead."""
import argparse
import math
import sys
from decimal import Decimal, getcontext

from oracle import Module, run

getcontext().prec = 60
ORDER = 24
INDICES = [(n, 0) for n in range(1, ORDER + 1)] + [(0, 7), (0, 24), (3, 2), (6, 6), (2, 11), (1, 9)]
POINT = ("0.375", "-0.625")
# u = x y + x, and a sum of elementary functions of it, among them some with another operand.
BODY = {
    "tanh": "%r = math.tanh %u : f64",
    "sin": "%r = math.sin %u : f64",
    "exp": "%s = arith.mulf %u, %u : f64\n%r = math.exp %s : f64",
    "log": "%s = arith.addf %u, %two : f64\n%r = math.log %s : f64",
    "rsqrt": "%s = arith.addf %u, %two : f64\n%r = math.rsqrt %s : f64",
    "divide": "%s = arith.addf %y, %two : f64\n%t = math.tanh %x : f64\n%r = arith.divf %t, %s : f64",
    "nested": "%s = math.tanh %u : f64\n%t = math.exp %s : f64\n%r = math.sin %t : f64",
}


class Series:
    """A power series in two variables, as a dictionary of coefficients up to the orders that are asked for."""
    limit = [index for index in INDICES]

    def __init__(self, terms):
        self.terms = terms

    @staticmethod
    def wanted(index):
        return any(index[0] <= a and index[1] <= b for a, b in Series.limit)

    def __add__(self, other):
        terms = dict(self.terms)
        for index, value in other.terms.items():
            terms[index] = terms.get(index, Decimal(0)) + value
        return Series(terms)

    def __mul__(self, other):
        terms = {}
        for (a, b), p in self.terms.items():
            for (c, d), q in other.terms.items():
                if Series.wanted((a + c, b + d)):
                    terms[a + c, b + d] = terms.get((a + c, b + d), Decimal(0)) + p * q
        return Series(terms)

    def compose(self, coefficients):
        """Σ c_k δ^k, with δ what is not constant."""
        constant = self.terms.get((0, 0), Decimal(0))
        delta = Series({index: value for index, value in self.terms.items() if index != (0, 0)})
        result = Series({})
        for c in reversed(coefficients(constant, ORDER)):
            result = result * delta + Series({(0, 0): c})
        return result


def exponential(x, n):
    return [x.exp() / math.factorial(k) for k in range(n + 1)]


def sine(x, n):
    # By the exponential series, which is enough near zero.
    s = sum((-1)**k * x**(2 * k + 1) / math.factorial(2 * k + 1) for k in range(60))
    c = sum((-1)**k * x**(2 * k) / math.factorial(2 * k) for k in range(60))
    return [[s, c, -s, -c][k % 4] / math.factorial(k) for k in range(n + 1)]


def logarithm(x, n):
    return [x.ln()] + [(-1)**(k + 1) / (k * x**k) for k in range(1, n + 1)]


def power(exponent):
    def coefficients(x, n):
        c = [x**exponent]
        for k in range(1, n + 1):
            c.append(c[-1] * (exponent - k + 1) / (k * x))
        return c
    return coefficients


def tangent(x, n):
    e = (2 * x).exp()
    c = [(e - 1) / (e + 1)]
    for k in range(n):  # c' = 1 - c²
        c.append(((1 if k == 0 else 0) - sum(c[i] * c[k - i] for i in range(k + 1))) / (k + 1))
    return c


def expected():
    x = Series({(0, 0): Decimal(POINT[0]), (1, 0): Decimal(1)})
    y = Series({(0, 0): Decimal(POINT[1]), (0, 1): Decimal(1)})
    two = Series({(0, 0): Decimal(2)})
    u = x * y + x
    return {
        "tanh": u.compose(tangent),
        "sin": u.compose(sine),
        "exp": (u * u).compose(exponential),
        "log": (u + two).compose(logarithm),
        "rsqrt": (u + two).compose(power(Decimal("-0.5"))),
        "divide": x.compose(tangent) * (y + two).compose(power(Decimal(-1))),
        "nested": u.compose(tangent).compose(exponential).compose(sine),
    }


def function(name):
    return (f"func.func private @{name}(%x: f64, %y: f64) -> f64 {{\n%two = arith.constant 2.0 : f64\n"
            f"%p = arith.mulf %x, %y : f64\n%u = arith.addf %p, %x : f64\n{BODY[name]}\nreturn %r : f64\n}}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", default=[], help="a runner library")
    parser.add_argument("--ops", type=int, help="the order of the jets of a module to print")
    parser.add_argument("--dump", help="where to keep the module")
    arguments = parser.parse_args()
    if arguments.ops:
        for name in BODY:
            print(function(name))
            print(f"costate.derive @{name}_jet = jet @{name} variables [[0, 0]] indices [[{arguments.ops}]]")
        return
    module = Module()
    for name in BODY:
        module.functions.append(function(name))
        indices = ", ".join(str(list(index)) for index in INDICES)
        module.functions.append(f"costate.derive @{name}_jet = jet @{name} variables [[0, 0], [1, 0]] indices [{indices}]")
        n = len(INDICES)
        results = ", ".join(["f64"] * n)
        values = ", ".join(f"%d#{k}" for k in range(n))
        module.functions.append(
            f"func.func private @{name}_all() -> tensor<{n}xf64> attributes {{no_inline}} {{\n"
            f"%x = arith.constant {POINT[0]} : f64\n%y = arith.constant {POINT[1]} : f64\n"
            f"%d:{n} = costate.call @{name}_jet(%x, %y) : (f64, f64) -> ({results})\n"
            f"%r = tensor.from_elements {values} : tensor<{n}xf64>\nreturn %r : tensor<{n}xf64>\n}}")
        module.call(f"{name}_all", [], [], [n], [name])
    numbers = iter(run(module.text(), arguments.library, arguments.dump))
    found = {label: [next(numbers) for _ in range(n)] for label, n in module.labels}
    failures, checks = [], 0
    for name, series in expected().items():
        for index, got in zip(INDICES, found[name], strict=True):
            checks += 1
            exact = float(series.terms[index] * math.factorial(index[0]) * math.factorial(index[1]))
            # Terms of the size of order! cancel.
            scale = max(abs(exact), float(math.factorial(index[0]) * math.factorial(index[1])) * 1e-3)
            if not abs(got - exact) <= 1e-12 * scale:
                failures.append(f"{name} {index}: {got!r}, expected {exact!r}")
    print("\n".join(failures))
    print(f"{len(BODY)} functions, {checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
