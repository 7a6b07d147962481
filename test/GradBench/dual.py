#===- dual.py - Derivatives by dual numbers ---------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Forward differentiation of plain Python: what the compiled derivatives are checked against."""
import math


class Dual:
    """A value and its derivative in one direction."""

    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        other = lift(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other):
        return self + -lift(other)

    def __mul__(self, other):
        other = lift(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other):
        other = lift(other)
        value = self.value / other.value
        return Dual(value, (self.slope - value * other.slope) / other.value)

    def __neg__(self):
        return Dual(-self.value, -self.slope)

    def __rsub__(self, other):
        return lift(other) - self

    def __rtruediv__(self, other):
        return lift(other) / self

    __radd__, __rmul__ = __add__, __mul__

    def __lt__(self, other):
        return self.value < lift(other).value

    def __gt__(self, other):
        return self.value > lift(other).value


def lift(x):
    return x if isinstance(x, Dual) else Dual(x)


def function(value, slope):
    def apply(x):
        return Dual(value(x.value), slope(x.value) * x.slope) if isinstance(x, Dual) else value(x)
    return apply


exp = function(math.exp, math.exp)
log = function(math.log, lambda x: 1 / x)
sqrt = function(math.sqrt, lambda x: 0.5 / math.sqrt(x))
tanh = function(math.tanh, lambda x: 1 - math.tanh(x)**2)
sin = function(math.sin, math.cos)
cos = function(math.cos, lambda x: -math.sin(x))


def derivatives(f, x):
    """df/dx_j for each j: those of a scalar, or those of each component of a list."""
    columns = []
    for j in range(len(x)):
        y = f([Dual(v, 1.0 if i == j else 0.0) for i, v in enumerate(x)])
        columns.append([lift(c).slope for c in y] if isinstance(y, list) else lift(y).slope)
    return columns
