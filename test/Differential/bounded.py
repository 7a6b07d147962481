#===- bounded.py - Numbers and how far a compiled program may be from them ---------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Running error analysis. A number is a value in f64 and a bound on how far the same value may be off in a compiled
program, which may contract products into sums, add up in any order and take elementary functions from elsewhere. What
is exact in every order (small whole numbers, moved and selected values) has the bound zero: there bits are compared, the
sign of a zero among them wherever it is known."""
import math
import struct

INFINITE = math.inf


class Format:
    """The precision of the compiled program."""

    def __init__(self, name):
        self.name, self.double = name, name == "f64"
        # Twice the rounding unit: once for the program and once for the reference.
        self.unit = 2.0 ** -52 if self.double else 2.0 ** -23
        # Results below the normal range round to a multiple of the smallest number.
        self.tiny = 5e-324 if self.double else 1.5e-45
        self.largest = 1.7976931348623157e308 if self.double else 3.4028234e38

    def holds(self, value):
        """Whether the value is one of the format."""
        if self.double:
            return True
        scaled = value * 536870913.0  # 2²⁹ + 1: the upper 24 bits
        upper = scaled - (scaled - value)
        return upper == value and (abs(value) > 1.2e-38 or value == 0.0)


def two_sum_error(a, b, total):
    back = total - a
    return (a - (total - back)) + (b - back)


def two_product_error(a, b, product):
    if not 1e-140 < abs(product) < 1e140:
        return 0.0 if product == 0.0 and (a == 0.0 or b == 0.0) else 1.0
    c = a * 134217729.0
    ah = c - (c - a)
    al = a - ah
    c = b * 134217729.0
    bh = c - (c - b)
    bl = b - bh
    return al * bl - (((product - ah * bh) - al * bh) - ah * bl)


class Number:
    """`sure`: whether the sign of a zero without error is known."""
    __slots__ = ("value", "error", "sure")

    def __init__(self, value, error=0.0, sure=True):
        self.value, self.error, self.sure = value, error, sure

    def is_zero(self, sign):
        """Whether it is certainly the zero of this sign."""
        return self.value == 0.0 and self.error == 0.0 and self.sure and math.copysign(1.0, self.value) == sign

    def __repr__(self):
        return f"{self.value!r}±{self.error:.2g}"


def sure(*operands):
    """Whether the sign of a zero that is made of them is known."""
    return all(n.sure or n.value != 0.0 for n in operands)


# What an ulp bound is taken from: docs/Lowering.md, with a factor for processors without fused multiply-add and for the
# reference's own library.
ULPS = 8.0


class Arithmetic:
    """Operations on numbers, for a program in one format."""

    def __init__(self, format):
        self.format = format
        self.singles = Arithmetic(Format("f32")) if format.double else self

    def single(self, a):
        """Rounded to f32."""
        if a.error == INFINITE or not abs(a.value) <= self.singles.format.largest:
            return self.unknown()
        value = struct.unpack("f", struct.pack("f", a.value))[0]
        if a.error == 0.0:
            return Number(value, 0.0, a.sure)
        unit = self.singles.format
        return Number(value, a.error + unit.unit * abs(value) + unit.tiny)

    def constant(self, value):
        return Number(float(value))

    def unknown(self):
        """Never written, or decided by a comparison that is too close."""
        return Number(0.0, INFINITE)

    def finish(self, value, error, exact=False, sure=True):
        if not abs(value) <= self.format.largest or error != error:
            return Number(value if value == value else 0.0, INFINITE)
        if exact and error == 0.0 and self.format.holds(value):
            return Number(value, 0.0, sure)
        return Number(value, error + self.format.unit * abs(value) + self.format.tiny)

    def add(self, a, b):
        value = a.value + b.value
        error = a.error + b.error
        return self.finish(value, error, error == 0.0 and two_sum_error(a.value, b.value, value) == 0.0, sure(a, b))

    def subtract(self, a, b):
        return self.add(a, self.negate(b))

    def negate(self, a):
        return Number(-a.value, a.error, a.sure)

    def multiply(self, a, b):
        value = a.value * b.value
        if a.error == 0.0 and b.error == 0.0:
            return self.finish(value, 0.0, two_product_error(a.value, b.value, value) == 0.0, sure(a, b))
        if a.error == INFINITE or b.error == INFINITE:
            return self.unknown()
        return self.finish(value, abs(a.value) * b.error + abs(b.value) * a.error + a.error * b.error)

    def divide(self, a, b):
        if abs(b.value) <= 2 * b.error or a.error == INFINITE:
            return self.unknown()
        value = a.value / b.value if b.value else math.nan
        exact = a.error == 0.0 and b.error == 0.0 and value * b.value == a.value and \
            two_product_error(value, b.value, a.value) == 0.0
        return self.finish(value, (a.error + abs(value) * b.error) / (abs(b.value) - b.error), exact, sure(a, b))

    def fma(self, a, b, c):
        return self.add(self.multiply(a, b), c)

    def total(self, terms):
        """A sum in whatever order: each partial sum is rounded and at most Σ|t|."""
        value = math.fsum(t.value for t in terms)
        error = math.fsum(t.error for t in terms)
        size = math.fsum(abs(t.value) for t in terms)
        if error == 0.0 and self.exact_in_every_order(terms, size):
            # What cancels is positive, in every order. Zeros that are all negative add up to one that is, but for a sum that
            # starts from zero.
            if size == 0.0:
                return Number(0.0, 0.0, any(t.is_zero(1.0) for t in terms))
            return Number(value + 0.0)
        if not size + error < INFINITE:
            return self.unknown()
        return self.finish(value, error + len(terms) * self.format.unit * (size + error))

    def exact_in_every_order(self, terms, size):
        # All are multiples of the lowest bit of any; sums below 2^p of them are numbers of the format.
        quantum = INFINITE
        for term in terms:
            if term.value:
                numerator, denominator = term.value.as_integer_ratio()
                quantum = min(quantum, (numerator & -numerator) / denominator)
        return size == 0.0 or size < quantum * 2.0 ** (53 if self.format.double else 24)

    def greater(self, a, b, sign):
        """Of two numbers, or of their opposites; of zeros the one of the sign."""
        error = max(a.error, b.error)
        if a.value == 0.0 and b.value == 0.0:
            return Number(0.0 * sign, error, (a.sure and b.sure) or a.is_zero(sign) or b.is_zero(sign)) if (
                sign in (math.copysign(1.0, a.value), math.copysign(1.0, b.value))) else Number(-0.0 * sign, error, sure(a, b))
        chosen = a if (a.value > b.value) == (sign > 0.0) else b
        return Number(chosen.value, error, chosen.sure)

    def maximum(self, a, b):
        return self.greater(a, b, 1.0)

    def minimum(self, a, b):
        return self.greater(a, b, -1.0)

    def maxnum(self, a, b):
        """As maximum, but of zeros either."""
        alike = math.copysign(1.0, a.value) == math.copysign(1.0, b.value)
        found = self.maximum(a, b)
        return found if found.value != 0.0 or alike else Number(0.0, found.error, False)

    def minnum(self, a, b):
        return self.negate(self.maxnum(self.negate(a), self.negate(b)))

    def compare(self, predicate, a, b):
        """True, False, or None where it cannot be told."""
        if predicate in ("ord", "uno"):
            return None if a.error + b.error == INFINITE else predicate == "ord"
        if abs(a.value - b.value) <= a.error + b.error and a.error + b.error > 0.0:
            return None
        return {"lt": a.value < b.value, "le": a.value <= b.value, "gt": a.value > b.value, "ge": a.value >= b.value,
                "eq": a.value == b.value, "ne": a.value != b.value}[predicate[1:]]

    def select(self, condition, a, b):
        if condition is None:
            alike = math.copysign(1.0, a.value) == math.copysign(1.0, b.value)
            return Number(a.value, max(a.error, abs(a.value - b.value) + b.error), alike and sure(a, b))
        return a if condition else b

    def function(self, name, *arguments):
        """An elementary function: the bound of the arguments times its slope, and its own."""
        if any(a.error == INFINITE for a in arguments):
            return self.unknown()
        if name in STEPS:
            function, (a,) = STEPS[name], arguments
            value = function(a.value)
            jump = abs(function(a.value + a.error) - function(a.value - a.error))
            # A zero keeps the sign of what it is made of.
            return Number(math.copysign(value, a.value) if value == 0.0 else value, jump, sure(a))
        if name == "remf":
            a, b = arguments
            # Exact, while the quotient's whole part is the same for all that the operands may be.
            if abs(b.value) <= 2 * b.error:
                return self.unknown()
            ends = {math.trunc((a.value + da) / (b.value + db)) for da in (-a.error, a.error) for db in (-b.error, b.error)}
            if len(ends) > 1:
                return self.unknown()
            return self.finish(math.fmod(a.value, b.value), a.error + abs(ends.pop()) * b.error, True, sure(a))
        if name == "absf":
            return Number(abs(arguments[0].value), arguments[0].error)
        if name == "copysign":
            a, b = arguments
            if abs(b.value) <= b.error and not (b.error == 0.0 and b.sure):
                return Number(a.value, 2 * abs(a.value) + a.error, False)
            return Number(math.copysign(a.value, b.value), a.error)
        if any(a.error > 1e-3 * (1 + abs(a.value)) for a in arguments):
            return self.unknown()  # too wide for the slopes at its ends
        function, slopes = FUNCTIONS[name]
        values = [a.value for a in arguments]
        try:
            value = function(*values)
            error = 0.0
            for a, slope in zip(arguments, slopes):
                # The slope at both ends of what the argument may be, and twice that.
                if a.error:
                    ends = []
                    for end in (a.value - a.error, a.value + a.error):
                        moved = [end if b is a else b.value for b in arguments]
                        ends.append(abs(slope(*moved)))
                    error += 2 * max(ends) * a.error
        except (ValueError, ZeroDivisionError, OverflowError):
            return self.unknown()
        if name == "sqrt" and error == 0.0 and value * value == arguments[0].value and \
                two_product_error(value, value, value * value) == 0.0:
            return self.finish(value, 0.0, True, sure(arguments[0]))
        return self.finish(value, error + ULPS * self.format.unit * abs(value))


def root3(x):
    return math.copysign(abs(x) ** (1.0 / 3.0), x)


def round_away(x):
    return math.copysign(math.floor(abs(x) + 0.5), x)


STEPS = {"floor": lambda x: float(math.floor(x)), "ceil": lambda x: float(math.ceil(x)),
         "trunc": lambda x: float(math.trunc(x)), "roundeven": lambda x: float(round(x)), "round": round_away}
LN2, LN10, ROOT_PI = math.log(2.0), math.log(10.0), math.sqrt(math.pi)
# The function, and the slope by each argument.
FUNCTIONS = {
    "exp": (math.exp, [math.exp]),
    "exp2": (lambda x: 2.0 ** x, [lambda x: LN2 * 2.0 ** x]),
    "expm1": (math.expm1, [math.exp]),
    "log": (math.log, [lambda x: 1 / x]),
    "log2": (math.log2, [lambda x: 1 / (x * LN2)]),
    "log10": (math.log10, [lambda x: 1 / (x * LN10)]),
    "log1p": (math.log1p, [lambda x: 1 / (1 + x)]),
    "sqrt": (math.sqrt, [lambda x: 0.5 / math.sqrt(x)]),
    "rsqrt": (lambda x: 1 / math.sqrt(x), [lambda x: -0.5 / (x * math.sqrt(x))]),
    "cbrt": (root3, [lambda x: 1 / (3 * root3(x) ** 2)]),
    "sin": (math.sin, [math.cos]),
    "cos": (math.cos, [lambda x: -math.sin(x)]),
    "tan": (math.tan, [lambda x: 1 + math.tan(x) ** 2]),
    "asin": (math.asin, [lambda x: 1 / math.sqrt(1 - x * x)]),
    "acos": (math.acos, [lambda x: -1 / math.sqrt(1 - x * x)]),
    "atan": (math.atan, [lambda x: 1 / (1 + x * x)]),
    "sinh": (math.sinh, [math.cosh]),
    "cosh": (math.cosh, [math.sinh]),
    "tanh": (math.tanh, [lambda x: 1 - math.tanh(x) ** 2]),
    "asinh": (math.asinh, [lambda x: 1 / math.sqrt(x * x + 1)]),
    "acosh": (math.acosh, [lambda x: 1 / math.sqrt(x * x - 1)]),
    "atanh": (math.atanh, [lambda x: 1 / (1 - x * x)]),
    "erf": (math.erf, [lambda x: 2 / ROOT_PI * math.exp(-x * x)]),
    "erfc": (math.erfc, [lambda x: -2 / ROOT_PI * math.exp(-x * x)]),
    "powf": (math.pow, [lambda x, y: y * math.pow(x, y - 1), lambda x, y: math.log(x) * math.pow(x, y)]),
    "atan2": (math.atan2, [lambda y, x: x / (x * x + y * y), lambda y, x: -y / (x * x + y * y)]),
}
