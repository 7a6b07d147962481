#===- duals.py - Numbers with derivatives ----------------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Forward derivatives in the arithmetic of bounded.py: the value and what it changes by along each parameter, all with
bounds. A compiled gradient is computed backwards and by other formulas: its bounds are these times a factor."""
import math

from bounded import FUNCTIONS, INFINITE, STEPS, Arithmetic, Number


class Dual:
    __slots__ = ("number", "tangents")

    def __init__(self, number, tangents=()):
        self.number, self.tangents = number, tangents  # no tangents: all are zero

    @property
    def value(self):
        return self.number.value

    @property
    def error(self):
        return self.number.error

    def __repr__(self):
        return f"{self.number!r} {self.tangents!r}"


class DualArithmetic:
    def __init__(self, format_, directions):
        self.numbers, self.directions = Arithmetic(format_), directions

    def constant(self, value):
        return Dual(Number(value))

    def variable(self, value, direction):
        return Dual(Number(value), [Number(1.0 if d == direction else 0.0) for d in range(self.directions)])

    def unknown(self):
        return Dual(self.numbers.unknown(), [self.numbers.unknown()] * self.directions)

    def combine(self, number, terms):
        """The tangents Σ slope · tangent over the operands that have any."""
        terms = [(slope, d.tangents) for slope, d in terms if d.tangents]
        if not terms:
            return Dual(number)
        n = self.numbers
        return Dual(number, [n.total([n.multiply(slope, t[i]) for slope, t in terms]) for i in range(self.directions)])

    ONE, MINUS = Number(1.0), Number(-1.0)

    def add(self, a, b):
        return self.combine(self.numbers.add(a.number, b.number), [(self.ONE, a), (self.ONE, b)])

    def subtract(self, a, b):
        return self.combine(self.numbers.subtract(a.number, b.number), [(self.ONE, a), (self.MINUS, b)])

    def negate(self, a):
        return self.combine(self.numbers.negate(a.number), [(self.MINUS, a)])

    def multiply(self, a, b):
        return self.combine(self.numbers.multiply(a.number, b.number), [(b.number, a), (a.number, b)])

    def divide(self, a, b):
        n = self.numbers
        quotient, slope = n.divide(a.number, b.number), n.divide(self.ONE, b.number)
        return self.combine(quotient, [(slope, a), (n.negate(n.multiply(quotient, slope)), b)])

    def fma(self, a, b, c):
        return self.add(self.multiply(a, b), c)

    def total(self, terms):
        number = self.numbers.total([t.number for t in terms])
        active = [t.tangents for t in terms if t.tangents]
        if not active:
            return Dual(number)
        return Dual(number, [self.numbers.total(along) for along in zip(*active)])

    def compare(self, predicate, a, b):
        return self.numbers.compare(predicate, a.number, b.number)

    def select(self, condition, a, b):
        if condition is None:
            if not a.tangents and not b.tangents:
                return Dual(self.numbers.select(None, a.number, b.number))
            return Dual(self.numbers.select(None, a.number, b.number), [self.numbers.unknown()] * self.directions)
        return a if condition else b

    def choose(self, a, b, larger):
        # Where both are equal the derivative is a matter of convention.
        above = self.numbers.compare("ogt", a.number, b.number)
        if a.number.value == b.number.value:
            above = None
        return self.select(above if larger or above is None else not above, a, b)

    def maximum(self, a, b):
        return self.choose(a, b, True)

    def minimum(self, a, b):
        return self.choose(a, b, False)

    maxnum, minnum = maximum, minimum

    def function(self, name, *arguments):
        n = self.numbers
        number = n.function(name, *(a.number for a in arguments))
        if number.error == INFINITE or not any(a.tangents for a in arguments):
            return Dual(number, [n.unknown()] * self.directions if any(a.tangents for a in arguments) else ())
        if name in STEPS:
            return Dual(number)
        if name == "remf":
            a, b = arguments
            whole = Number(float(-math.trunc(a.value / b.value)))
            return self.combine(number, [(self.ONE, a), (whole, b)])
        if name in ("absf", "copysign"):
            a = arguments[0]
            sign = number.value * a.value
            if abs(a.value) <= a.error or number.error > 2 * a.error or sign == 0.0:
                return self.select(None, a, a)
            return self.combine(number, [(self.ONE if sign > 0 else self.MINUS, a)])
        slopes = []
        for position, slope in enumerate(FUNCTIONS[name][1]):
            values = [a.value for a in arguments]
            here = slope(*values)
            spread = 0.0
            for i, a in enumerate(arguments):
                for end in (a.value - a.error, a.value + a.error):
                    spread += abs(slope(*values[:i], end, *values[i + 1:]) - here)
            slopes.append((Number(here, 2 * spread + 8 * n.format.unit * (1 + abs(here))), arguments[position]))
        return self.combine(number, slopes)
