#===- operations.py - Arithmetic, tensors and slices of random programs ------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Ops of `arith`, `math` and `tensor`."""
import itertools
import math

from program import Op, Type, Undecided


def positions(shape):
    return itertools.product(*map(range, shape))


def offset(shape, position):
    at = 0
    for n, i in zip(shape, position):
        at = at * n + i
    return at


def each(type_, function, *operands):
    """A scalar function on scalars, or element by element."""
    return function(*operands) if type_.shape is None else [function(*values) for values in zip(*operands)]


class Constant(Op):
    """`value`: a number, or a list of the elements of a tensor."""

    def literal(self, value, type_):
        if type_.element == "i1":
            return "true" if value else "false"
        return repr(float(value)) if type_.element in ("f", "other") else str(value)

    def text(self, p):
        type_ = self.result.type
        if type_.shape is None:
            text = self.literal(self.value, type_)
            return f"arith.constant {text}" + ("" if type_.element == "i1" else f" : {p.type(type_)}")
        if not isinstance(self.value, list):
            return f"arith.constant dense<{self.literal(self.value, type_)}> : {p.type(type_)}"

        def nested(values, shape):
            if not shape:
                return self.literal(values[0], type_)
            step = len(values) // shape[0]
            return "[" + ", ".join(nested(values[i * step:(i + 1) * step], shape[1:]) for i in range(shape[0])) + "]"
        return f"arith.constant dense<{nested(self.value, type_.shape)}> : {p.type(type_)}"

    def compute(self, e, _):
        type_ = self.result.type
        make = e.arithmetic.constant if type_.element in ("f", "other") else lambda value: value
        if type_.shape is None:
            return [make(self.value)]
        values = self.value if isinstance(self.value, list) else [self.value] * type_.size
        return [[make(v) for v in values]]


ARITHMETIC = {"arith.addf": "add", "arith.subf": "subtract", "arith.mulf": "multiply", "arith.divf": "divide",
              "arith.negf": "negate", "arith.maximumf": "maximum", "arith.minimumf": "minimum",
              "arith.maxnumf": "maxnum", "arith.minnumf": "minnum", "math.fma": "fma"}


class Elementwise(Op):
    """`name`: an op of arith or math on floats, scalars or tensors."""

    def text(self, p):
        return f"{self.name} {p.list(self.operands)} : {p.type(self.result)}"

    def compute(self, e, operands):
        if self.name in ARITHMETIC:
            function = getattr(e.arithmetic, ARITHMETIC[self.name])
        else:
            function = lambda *values: e.arithmetic.function(self.name.split(".")[1], *values)
        return [each(self.result.type, function, *operands)]


class Compare(Op):
    """`predicate`: one of cmpf."""

    def text(self, p):
        return f"arith.cmpf {self.predicate}, {p.list(self.operands)} : {p.type(self.operands[0])}"

    def compute(self, e, operands):
        return [each(self.result.type, lambda a, b: e.arithmetic.compare(self.predicate, a, b), *operands)]


class Select(Op):
    def text(self, p):
        condition, a, _ = self.operands
        prefix = f"{p.type(condition)}, " if condition.type.shape is not None else ""
        return f"arith.select {p.list(self.operands)} : {prefix}{p.type(a)}"

    def compute(self, e, operands):
        condition, a, b = operands
        if self.operands[0].type.shape is None and self.result.type.shape is not None:
            condition = [condition] * len(a)
        return [each(self.result.type, e.arithmetic.select, condition, a, b)]


class Integer(Op):
    """`name`: an op on indices, or arith.andi on truth values."""

    def text(self, p):
        predicate = f"{self.predicate}, " if self.name == "arith.cmpi" else ""
        return f"{self.name} {predicate}{p.list(self.operands)} : {p.type(self.operands[0])}"

    def compute(self, e, operands):
        a, b = operands
        if self.name == "arith.andi":
            return [False if a is False or b is False else None if a is None or b is None else True]
        if self.name == "arith.cmpi":
            # No index is negative.
            return [{"eq": a == b, "ne": a != b, "lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[self.predicate.lstrip("su")]]
        if self.name == "arith.remui":
            return [a % b]
        return [{"arith.addi": a + b, "arith.subi": a - b, "arith.muli": a * b, "arith.minsi": min(a, b),
                 "arith.maxsi": max(a, b)}[self.name]]


class Cast(Op):
    """`name`: between an index, an i64 and a float."""

    def text(self, p):
        return f"{self.name} {p.list(self.operands)} : {p.type(self.operands[0])} to {p.type(self.result)}"

    def compute(self, e, operands):
        value, = operands
        if self.name == "arith.index_cast":
            return [value]
        if self.name == "arith.sitofp":
            return [e.arithmetic.constant(float(value))]
        ends = [value.value - value.error, value.value + value.error]
        if not all(map(math.isfinite, ends)) or math.trunc(ends[0]) != math.trunc(ends[1]):
            raise Undecided
        return [math.trunc(value.value)]


class Empty(Op):
    def text(self, p):
        return f"tensor.empty() : {p.type(self.result)}"

    def compute(self, e, _):
        return [[e.arithmetic.unknown()] * self.result.type.size]


class Splat(Op):
    def text(self, p):
        return f"tensor.splat {p.list(self.operands)} : {p.type(self.result)}"

    def compute(self, e, operands):
        return [[operands[0]] * self.result.type.size]


class FromElements(Op):
    def text(self, p):
        return f"tensor.from_elements {p.list(self.operands)} : {p.type(self.result)}"

    def compute(self, e, operands):
        return [list(operands)]


class Extract(Op):
    def text(self, p):
        source, *indices = self.operands
        return f"tensor.extract {p.name(source)}[{p.list(indices)}] : {p.type(source)}"

    def compute(self, e, operands):
        source, *indices = operands
        return [source[offset(self.operands[0].type.shape, indices)]]


class Insert(Op):
    def text(self, p):
        element, into, *indices = self.operands
        return f"tensor.insert {p.name(element)} into {p.name(into)}[{p.list(indices)}] : {p.type(into)}"

    def compute(self, e, operands):
        element, into, *indices = operands
        found = list(into)
        found[offset(self.result.type.shape, indices)] = element
        return [found]


class Slice(Op):
    """`offsets`: numbers, None where an operand gives them; `sizes` and `strides`, and `kept`: which dimensions stay."""

    def geometry(self, p, dynamic):
        dynamic = iter(dynamic)
        offsets = [p.name(next(dynamic)) if o is None else str(o) for o in self.offsets]
        return f"[{', '.join(offsets)}] {self.sizes} {self.strides}"

    def places(self, shape, dynamic):
        dynamic = iter(dynamic)
        offsets = [next(dynamic) if o is None else o for o in self.offsets]
        return [offset(shape, [o + i * s for o, i, s in zip(offsets, position, self.strides)])
                for position in positions(self.sizes)]


class ExtractSlice(Slice):
    def text(self, p):
        source, *dynamic = self.operands
        return f"tensor.extract_slice {p.name(source)}{self.geometry(p, dynamic)} : {p.type(source)} to {p.type(self.result)}"

    def compute(self, e, operands):
        source, *dynamic = operands
        return [[source[at] for at in self.places(self.operands[0].type.shape, dynamic)]]


class InsertSlice(Slice):
    def text(self, p):
        part, into, *dynamic = self.operands
        return (f"tensor.insert_slice {p.name(part)} into {p.name(into)}{self.geometry(p, dynamic)} : {p.type(part)} into "
                f"{p.type(into)}")

    def compute(self, e, operands):
        part, into, *dynamic = operands
        found = list(into)
        for value, at in zip(part, self.places(self.result.type.shape, dynamic)):
            found[at] = value
        return [found]


class Reshape(Op):
    """`name`: tensor.expand_shape or tensor.collapse_shape; `groups` of dimensions of the larger shape."""

    def text(self, p):
        sizes = f"output_shape {list(self.result.type.shape)} " if self.name.endswith("expand_shape") else ""
        return f"{self.name} {p.list(self.operands)} {self.groups} {sizes}: {p.type(self.operands[0])} into {p.type(self.result)}"

    def compute(self, e, operands):
        return [operands[0]]


class Concat(Op):
    """`dim`: along which."""

    def text(self, p):
        return f"tensor.concat dim({self.dim}) {p.list(self.operands)} : ({p.types(self.operands)}) -> {p.type(self.result)}"

    def compute(self, e, operands):
        found, start, shape = [None] * self.result.type.size, 0, self.result.type.shape
        for value, elements in zip(self.operands, operands):
            for position, element in zip(positions(value.type.shape), elements):
                moved = list(position)
                moved[self.dim] += start
                found[offset(shape, moved)] = element
            start += value.type.shape[self.dim]
        return [found]


class Pad(Op):
    """`low` and `high` on each side; the second operand fills."""

    def text(self, p):
        source, value = self.operands
        indices = ", ".join(f"%pad{p.count}_{i}: index" for i in range(len(self.low)))
        return (f"tensor.pad {p.name(source)} low{self.low} high{self.high} {{\n{p.indent}^bb0({indices}):\n"
                f"{p.indent}  tensor.yield {p.name(value)} : {p.type(value)}\n{p.indent}}} : {p.type(source)} to {p.type(self.result)}")

    def compute(self, e, operands):
        source, value = operands
        found, shape = [value] * self.result.type.size, self.result.type.shape
        for position, element in zip(positions(self.operands[0].type.shape), source):
            found[offset(shape, [i + l for i, l in zip(position, self.low)])] = element
        return [found]


class Call(Op):
    """`callee`: a name."""

    def text(self, p):
        return f"func.call @{self.callee}({p.list(self.operands)}) : ({p.types(self.operands)}) -> ({p.types(self.results)})"

    def compute(self, e, operands):
        return e.call(self.callee, operands)


def splat_constant(type_, value):
    op = Constant([], [type_], value=value)
    op.result.bound = abs(value) if type_.element == "f" else 0.0
    return op


def index_type():
    return Type("index")
