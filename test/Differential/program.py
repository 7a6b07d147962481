#===- program.py - Programs that are printed as MLIR and evaluated -----------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Values, ops, regions, functions and modules, as far as random programs need them. Each op prints itself and computes
itself; nothing is read back from MLIR."""
import copy
from typing import NamedTuple, Optional, Tuple


class Undecided(Exception):
    """An index or the end of a loop depends on a comparison that is too close to tell."""


class Type(NamedTuple):
    """A tensor of floats, integers or truth values; a scalar where there is no shape."""
    element: str  # "f", "index" or "i1"; "other": f32 in a program in f64, else f64
    shape: Optional[Tuple[int, ...]] = None

    def text(self, float_):
        element = {"f": float_, "other": "f32" if float_ == "f64" else "f64"}.get(self.element, self.element)
        return element if self.shape is None else "tensor<" + "".join(f"{n}x" for n in self.shape) + element + ">"

    @property
    def size(self):
        size = 1
        for n in self.shape or ():
            size *= n
        return size


def scalar(element="f"):
    return Type(element)


def tensor(*shape):
    return Type("f", tuple(shape))


class Value:
    """Known by its identity. `bound` limits its absolute value, which is what keeps programs tame."""
    __slots__ = ("type", "bound")

    def __init__(self, type_, bound=0.0):
        self.type, self.bound = type_, bound


class Region:
    def __init__(self, arguments=(), ops=(), yields=()):
        self.arguments, self.ops, self.yields = list(arguments), list(ops), list(yields)


class Op:
    """Operands, results and regions; a subclass adds what else it is, `text` and `compute`."""

    def __init__(self, operands=(), types=(), regions=(), **attributes):
        self.operands, self.regions = list(operands), list(regions)
        self.results = [Value(t) for t in types]
        self.__dict__.update(attributes)

    @property
    def result(self):
        return self.results[0]

    # Reading what is there is defined for all; what else reads a region follows from this.
    def uses(self):
        yield from self.operands
        for region in self.regions:
            for op in region.ops:
                yield from op.uses()
            yield from region.yields


class Function:
    def __init__(self, name, region, public=True):
        self.name, self.region, self.public = name, region, public

    @property
    def arguments(self):
        return self.region.arguments

    @property
    def returns(self):
        return self.region.yields


class Program:
    """A function and those that it calls, which stand before it; what it is called with."""

    def __init__(self, functions, inputs, float_="f64"):
        self.functions, self.inputs, self.float = functions, inputs, float_

    @property
    def main(self):
        return self.functions[-1]

    def clone(self):
        # Values that are shared stay shared, within the copy.
        return copy.deepcopy(self)

    def text(self):
        return "\n".join(Printer(self.float).function(f) for f in self.functions)


class Printer:
    """Writes functions; the names of values follow the order in which they are met."""

    def __init__(self, float_):
        self.float, self.names, self.indent, self.count = float_, {}, "  ", 0

    def name(self, value):
        return self.names[id(value)]

    def list(self, values):
        return ", ".join(self.name(v) for v in values)

    def type(self, value):
        return (value.type if isinstance(value, Value) else value).text(self.float)

    def types(self, values):
        return ", ".join(self.type(v) for v in values)

    def define(self, values, letter="v"):
        """A name for results together, names of their own for arguments."""
        for value in values:
            self.names[id(value)] = f"%{letter}{self.count}"
            self.count += 1
        return ", ".join(f"{self.name(v)}: {self.type(v)}" for v in values)

    def results(self, op):
        if not op.results:
            return ""
        name = f"%v{self.count}"
        self.count += 1
        if len(op.results) == 1:
            self.names[id(op.result)] = name
            return name + " = "
        for i, value in enumerate(op.results):
            self.names[id(value)] = f"{name}#{i}"
        return f"{name}:{len(op.results)} = "

    def region(self, region, end, prefix=""):
        """The lines of a region, closed by what `end` makes of its yields."""
        saved, self.indent = self.indent, self.indent + "  "
        lines = [self.indent[:-2] + prefix] if prefix else []
        lines += [self.op(op) for op in region.ops]
        lines.append(self.indent + end(region.yields))
        self.indent = saved
        return "\n".join(lines)

    def op(self, op):
        text = op.text(self)
        return self.indent + self.results(op) + text

    def yields(self, values):
        return f"scf.yield {self.list(values)} : {self.types(values)}" if values else "scf.yield"

    def function(self, function):
        arguments = self.define(function.arguments, "a")
        end = lambda values: f"return {self.list(values)} : {self.types(values)}" if values else "return"
        self.indent = ""
        body = self.region(function.region, end)
        results = self.types(function.returns)
        return (f"func.func {'' if function.public else 'private '}@{function.name}({arguments}) -> ({results}) {{\n"
                f"{body}\n}}")


class Evaluator:
    """Runs functions on numbers of an arithmetic. Tensors are lists of their elements, the last dimension innermost."""

    def __init__(self, arithmetic, functions):
        self.arithmetic, self.values, self.steps = arithmetic, {}, 0
        self.position = ()  # of the loops around a body
        self.functions = {f.name: f for f in functions}

    def get(self, value):
        return self.values[id(value)]

    def set(self, value, found):
        self.values[id(value)] = found

    def run(self, region, arguments):
        for value, found in zip(region.arguments, arguments):
            self.set(value, found)
        for op in region.ops:
            self.steps += 1
            for value, found in zip(op.results, op.compute(self, [self.get(v) for v in op.operands])):
                self.set(value, found)
        return [self.get(v) for v in region.yields]

    def call(self, name, arguments):
        return self.run(self.functions[name].region, arguments)
