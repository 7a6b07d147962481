#===- precisions.py - Numbers of another precision in random programs --------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""In a program in f64 some values are f32, in one in f32 some are f64. On the way there and back each is rounded to f32."""
from operations import ARITHMETIC, Elementwise, each
from program import Op, Type


class ChangePrecision(Op):
    def text(self, p):
        source, result = p.type(self.operands[0]), p.type(self.result)
        name = "arith.extf" if "f32" in source else "arith.truncf"
        return f"{name} {p.list(self.operands)} : {source} to {result}"

    def compute(self, e, operands):
        return [each(self.result.type, e.arithmetic.single, *operands)]


class OtherPrecision(Elementwise):
    """On values of the other precision; what is exact in f32 is so in both."""

    def compute(self, e, operands):
        function = getattr(e.arithmetic.singles, ARITHMETIC[self.name])
        return [each(self.result.type, function, *operands)]


class PrecisionWriter:
    """What a builder needs to write them."""

    def other_precision(self):
        value = self.operand(self.shape())
        other = Type("other", value.type.shape)
        found = self.emit(ChangePrecision([value], [other]), value.bound)
        bound = value.bound
        if self.chance(0.6):
            name = self.g.choice(["addf", "mulf", "subf", "negf", "maximumf", "minimumf"])
            again = [v for v in self.values if v.type == other]
            operands = [found] if name == "negf" else [found, self.g.choice(again)]
            bound = max(v.bound for v in operands)
            bound = {"addf": 2 * bound, "subf": 2 * bound, "mulf": bound * bound}.get(name, bound)
            found = self.emit(OtherPrecision(operands, [other], name="arith." + name), bound)
        return self.emit(ChangePrecision([found], [value.type]), bound)
