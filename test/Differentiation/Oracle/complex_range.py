#===- complex_range.py - Complex functions at the ends of the range, and at zero --------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Quotients, magnitudes, roots and logarithms whose squares are out of range, and powers at base zero: values, jvp and
vjp, in f64 and f32, against quotients of fractions and cmath. What Annex G of C99 says of divisors that are zero or
infinite."""
import argparse
import cmath
import math
import sys
from fractions import Fraction

from oracle import dense, run

INF = math.inf


def quotient(x, y):
    a, b, c, d = (Fraction(v) for v in (x.real, x.imag, y.real, y.imag))
    n = c * c + d * d
    return complex(float((a * c + b * d) / n), float((b * c - a * d) / n))


def d_div(x, y, dx, dy):
    a, b, c, d = (Fraction(v) for v in (x.real, x.imag, y.real, y.imag))
    n = c * c + d * d
    re, im = (a * c + b * d) / n, (b * c - a * d) / n
    p, q = (Fraction(v) for v in (dy.real, dy.imag))
    re, im = Fraction(dx.real) - re * p + im * q, Fraction(dx.imag) - re * q - im * p
    return complex(float((re * c + im * d) / n), float((im * c - re * d) / n))


def of_first(value, derivative):
    return lambda x, y: value(x), lambda x, y, dx, dy: derivative(x) * dx


def d_abs(x, y, dx, dy):
    unit = x / abs(x)
    return complex(unit.real * dx.real + unit.imag * dx.imag, 0.0)


def log1p(z):
    return z if abs(z) < 1e-20 else cmath.log(1.0 + z)


def power(x, y):
    """At zero for exponents that are zero or have a positive real part."""
    return x**y if x else complex(y == 0)


def d_pow(x, y, dx, dy):
    return (y * power(x, y - 1) * dx if y else 0.0) + (power(x, y) * cmath.log(x) * dy if x else 0.0)


OPS = {
    "div": (quotient, d_div),
    "abs": (lambda x, y: complex(abs(x), 0.0), d_abs),
    "log": of_first(cmath.log, lambda x: quotient(1.0 + 0j, x)),
    "log1p": of_first(log1p, lambda x: quotient(1.0 + 0j, 1.0 + x)),
    "sqrt": of_first(cmath.sqrt, lambda x: 0.5 / cmath.sqrt(x)),
    "rsqrt": of_first(lambda x: 1.0 / cmath.sqrt(x), lambda x: quotient(-0.5 / cmath.sqrt(x), x)),
    "pow": (power, d_pow),
}


def cases(large, largest):
    small = 1.0 / large
    for s in (large, small, 1.0):
        x = complex(3.0 * s, -4.0 * s)
        for y in (complex(s, 2.0 * s), complex(-2.0 * s, s), complex(s, 0.0), complex(0.0, -s)):
            yield "div", x, y
        for op in ("abs", "log", "log1p", "sqrt"):
            yield op, x, 1j
            yield op, complex(2.0 * s, 0.0), 1j
        yield "pow", x, 0.5 + 0j
    yield "rsqrt", complex(3.0 * large, -4.0 * large), 1j
    yield "div", complex(largest, largest), complex(largest, -largest)
    yield "div", complex(3.0, -4.0), complex(largest, largest)
    yield "log1p", complex(-3.0, 0.5), 1j
    yield "log1p", complex(-0.25, 7.0), 1j
    for y in (0, 1, 2, 3, 7, 11, 2.5):
        yield "pow", 0j, complex(y, 0.0)
        yield "pow", 0.5 - 2j, complex(y, 0.0)
    yield "pow", 0j, 2.5 + 1j


# The quotient, up to which part of an infinity is NaN.
ANNEX_G = [(1 + 2j, 0j, INF), (1 + 0j, complex(-0.0, 0.0), INF), (complex(INF, 1.0), 0j, INF), (0j, 0j, math.nan),
           (1 + 2j, complex(INF, 1.0), 0.0), (1 + 2j, complex(INF, -INF), 0.0), (1 + 2j, complex(3.0, INF), 0.0),
           (complex(INF, 1.0), 2 + 1j, INF), (complex(1.0, -INF), 2 + 1j, INF), (complex(INF, INF), 1 - 1j, INF)]


def directions(*points):
    """Of the size of the arguments."""
    return (complex(-0.5, 0.25) * (max(abs(v.real), abs(v.imag)) or 1.0) for v in points)


def function(op):
    """Of the parts of x and y."""
    binary = op in ("div", "pow")
    body = f"%r = complex.{op} %x{', %y' if binary else ''} : complex<T>\n"
    if op == "abs":
        body = "%s = complex.abs %x : complex<T>\n%z = arith.constant 0.0 : T\n%r = complex.create %s, %z : complex<T>\n"
    return (f"func.func private @{op}(%a: T, %b: T, %c: T, %d: T) -> (T, T) {{\n"
            "%x = complex.create %a, %b : complex<T>\n%y = complex.create %c, %d : complex<T>\n" + body +
            "%re = complex.re %r : complex<T>\n%im = complex.im %r : complex<T>\nreturn %re, %im : T, T\n}\n"
            f"costate.derive @{op}_jvp = jvp @{op} wrt [0, 1, 2, 3]\n"
            f"costate.derive @{op}_vjp = vjp @{op} wrt [0, 1, 2, 3]\n"
            f"costate.derive @{op}_second = jvp @{op}_jvp wrt [0, 1]\n")


class Calls:
    """A main that prints the results of calls."""

    def __init__(self, element):
        self.element, self.main, self.count = element, [], 0

    def call(self, name, arguments, results):
        names = []
        for value in arguments:
            self.count += 1
            names.append(f"%v{self.count}")
            self.main.append(f"%t{self.count} = arith.constant {dense([value])} : tensor<1xf64>\n"
                             f"%w{self.count} = tensor.extract %t{self.count}[%c0] : tensor<1xf64>\n" +
                             (f"%v{self.count} = arith.truncf %w{self.count} : f64 to f32" if self.element == "f32" else
                              f"%v{self.count} = arith.addf %w{self.count}, %mz : f64"))
        self.count += 1
        self.main.append(f"%r{self.count}:{results} = costate.call @{name}({', '.join(names)}) : "
                         f"({', '.join(['T'] * len(names))}) -> ({', '.join(['T'] * results)})\n")
        self.main += [f"func.call @print(%r{self.count}#{i}) : (T) -> ()" for i in range(results)]

    def text(self):
        wide = "%w = arith.extf %x : f32 to f64" if self.element == "f32" else "%w = arith.addf %x, %z : f64"
        return ("func.func private @printI64(i64)\nfunc.func private @printNewline()\n"
                f"func.func private @print(%x: T) attributes {{no_inline}} {{\n%z = arith.constant -0.0 : f64\n{wide}\n"
                "%b = arith.bitcast %w : f64 to i64\nfunc.call @printI64(%b) : (i64) -> ()\n"
                "func.call @printNewline() : () -> ()\nreturn\n}\n" + "".join(function(op) for op in OPS) +
                "func.func @main() {\n%c0 = arith.constant 0 : index\n%mz = arith.constant -0.0 : f64\n" +
                "\n".join(self.main) + "\nreturn\n}\n").replace("complex<T>", f"complex<{self.element}>").replace(
                    "T", self.element)


def check(element, libraries):
    large, largest, least, tolerance = ((1e200, 1.7e308, 1e-300, 1e-12) if element == "f64" else
                                        (2.0**100, 2.0**127, 2.0**-120, 3e-5))
    calls, rows = Calls(element), list(cases(large, largest))
    for op, x, y in rows:
        dx, dy = directions(x, y)
        parts, tangents = (x.real, x.imag, y.real, y.imag), (dx.real, dx.imag, dy.real, dy.imag)
        calls.call(f"{op}_jvp", parts + tangents, 4)
        for w in ((1.0, 0.0), (0.0, 1.0)):
            calls.call(f"{op}_vjp", parts + w, 6)
    # Twice along (1, 2i): 2 dx², 0 for the cube.
    for y in (1.0, 2.0, 3.0):
        calls.call("pow_second", (0.0, 0.0, y, 0.0) + (1.0, 2.0, 0.0, 0.0) + (1.0, 2.0), 8)
    for x, y, _ in ANNEX_G:
        calls.call("div_jvp", (x.real, x.imag, y.real, y.imag, 1.0, 0.5, -0.5, 2.0), 4)
    numbers = iter(run(calls.text(), libraries, None, ["-convert-complex-to-standard", "-convert-complex-to-llvm"]))
    take = lambda n: [next(numbers) for _ in range(n)]
    failures, checks = [], 0

    def compare(what, found, expected):
        nonlocal checks
        checks += 1
        scale = max(abs(expected.real), abs(expected.imag))
        found = complex(*found)
        if not max(abs((found - expected).real), abs((found - expected).imag)) <= tolerance * scale:
            failures.append(f"{element} {what}: {found}, expected {expected}")

    for op, x, y in rows:
        dx, dy = directions(x, y)
        value, derivative = OPS[op]
        expected, tangent = value(x, y), derivative(x, y, dx, dy)
        both = take(4)
        compare(f"{op}({x}, {y})", both[:2], expected)
        columns = [derivative(x, y, complex(px), complex(py)) for px, py in ((1, 0), (1j, 0), (0, 1), (0, 1j))]
        gradients = [take(6) for _ in range(2)]
        # The derivative by each part, as a row of the Jacobian.
        if any(0.0 < abs(column) < least for column in columns):
            continue  # out of range
        compare(f"{op}_jvp({x}, {y})", both[2:], tangent)
        for i, column in enumerate(columns):
            compare(f"{op}_vjp({x}, {y}) by part {i}", (gradients[0][2 + i], gradients[1][2 + i]), column)
    for y, expected in ((1.0, 0j), (2.0, 2 * (1 + 2j)**2), (3.0, 0j)):
        compare(f"second derivative of pow(0, {y})", take(8)[6:], expected)
    for x, y, expected in ANNEX_G:
        found, tangent = take(2), take(2)
        checks += 1
        good = (all(v == 0.0 for v in found + tangent) if expected == 0.0 else any(abs(v) == INF for v in found) if expected == INF
                else all(v != v for v in found))
        if not good:
            failures.append(f"{element} {x} / {y} is {found}")
    return failures, checks


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", action="append", default=[], help="a runner library")
    arguments = parser.parse_args()
    failures, checks = [], 0
    for element in ("f64", "f32"):
        wrong, count = check(element, arguments.library)
        failures += wrong
        checks += count
    print("\n".join(failures))
    print(f"{checks} checks, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
