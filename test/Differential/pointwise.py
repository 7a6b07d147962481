#===- pointwise.py - Random functions of one sample, and problems of them --------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""A term is a residual over a data set: variables and columns are the arguments of a random function of one result, whose
loss is averaged or summed. A problem has several, each with variables of its own and one that all share."""
import random

from builder import BOUNDED
from generator import Writer
from program import Function, Printer, Program, Region, Value, tensor

LOSSES = ["square", "square", "absolute", "huber<0.5>"]


class PointWriter(Writer):
    """Functions with derivatives: small, since the reference goes forward along each parameter. Where parameters flow
    through a loop, all samples must leave it together."""

    WORK, OUTPUTS, STOPS, OTHER_FORMS = 400, [1], False, False

    def vector(self):
        return tensor(*(self.g.choice(self.sizes) for _ in range(self.g.choice([1, 1, 2]))))


class Term:
    """`program`: arguments are the variables, the first of them shared, then the columns."""

    def __init__(self, number, program, variables, rows, generator, loss, total, weight):
        self.number, self.program, self.variables, self.rows = number, program, variables, rows
        self.loss, self.total, self.weight = loss, total, weight
        g, main = generator, program.main
        self.values = [[g.randint(-1024, 1024) / 512 for _ in range(v.type.size)] for v in main.arguments[:variables]]
        types = [v.type for v in main.arguments[variables:]] + [main.returns[0].type]
        self.columns = [[[g.randint(-1024, 1024) / 512 for _ in range(t.size)] for _ in range(rows)] for t in types]

    @property
    def names(self):
        return ["shared"] + [f"p{self.number}_{i}" for i in range(1, self.variables)]

    def declarations(self):
        """The variables of its own, and the residual."""
        main, float_ = self.program.main, self.program.float
        lines = [self.variable(i) for i in range(1, self.variables)]
        lines += [Printer(float_).function(f) for f in self.program.functions[:-1]]
        p = Printer(float_)
        columns = p.define(main.arguments[self.variables:], "x")
        p.define(main.arguments[:self.variables], "p")
        reads = [f"  {p.name(v)} = costate.read @{name} : {p.type(v)}" for v, name in zip(main.arguments, self.names)]
        p.indent = ""
        body = p.region(main.region, lambda values: f"costate.yield {p.list(values)} : {p.types(values)}")
        lines.append(f"costate.residual @r{self.number}({columns}) -> {p.type(main.returns[0])} {{")
        return "\n".join(lines + reads + [body, "}"])

    def variable(self, i):
        return (f"costate.variable @{self.names[i]} init {self.values[i]} : "
                f"{self.program.main.arguments[i].type.text(self.program.float)}")

    def set(self):
        types = [v.type for v in self.program.main.arguments[self.variables:]] + [self.program.main.returns[0].type]
        columns = ", ".join(f"{name}: {t.text(self.program.float)}" for name, t in zip(self.column_names(), types))
        return f"  costate.data @s{self.number} ({columns})"

    def column_names(self):
        return [f"x{i}" for i in range(len(self.columns) - 1)] + ["y"]

    def minimize(self):
        arguments = ", ".join(self.column_names()[:-1])
        return (f"  costate.minimize \"t{self.number}\" {'sum ' if self.total else ''}{self.loss}(@r{self.number}({arguments}) - y) "
                f"over @s{self.number} weight {self.weight}")


class Problem:
    def __init__(self, terms, batch, tile):
        self.terms, self.batch, self.tile = terms, batch, tile

    def text(self):
        lines = [self.terms[0].variable(0)] + [t.declarations() for t in self.terms]
        lines += ["costate.problem @random {"] + [t.set() for t in self.terms] + [t.minimize() for t in self.terms]
        # The velocity after a step is its gradient; the parameters stay.
        length = f"batch {self.batch} epochs 1" if self.batch else "steps 1"
        lines += [f"  costate.train by #costate.sgd<lr = 1.0e-37, momentum = 1.0e-37> {length} seed 1", "}"]
        return "\n".join(lines) + "\n"


def make_term(seed, number, rows, float_, shared):
    g = random.Random(f"term {seed}")
    writer = PointWriter(g, [g.choice([1, 2, 3, 4]) for _ in range(2)], False)
    types = [tensor(*shared)] + [writer.vector() for _ in range(g.randint(0, 2))]
    variables = len(types)
    types += [writer.vector() for _ in range(g.randint(1, 2))]
    arguments = [Value(t, 2.0) for t in types]
    writer.values = list(arguments)
    writer.body(g.randint(3, 9), 0)
    recent = [v for v in writer.values[variables:] if v.type.element == "f"][-4:]
    result_type = tensor(g.choice([1, 1, 2, 3]))
    parts = [writer.tame(writer.convert(v, result_type)) for v in recent[-3:]]
    # What was computed, and every variable somewhere.
    for v in arguments[:variables]:
        parts.append(writer.plain("math.sin", [writer.convert(v, result_type)], BOUNDED["sin"]))
    total = parts[0]
    for part in parts[1:]:
        total = writer.plain("arith.addf", [total, part], total.bound + part.bound)
    function = Function(f"r{number}", Region(arguments, writer.ops, [total]))
    return Term(number, Program([function], [], float_), variables, rows, g, g.choice(LOSSES), g.random() < 0.3,
                g.choice([1.0, 0.5, 3.0]))


def make_problem(seed, float_="f64"):
    """Sets of 1, T - 1, T, T + 1 and more points; or, in batches, of one length."""
    g = random.Random(f"problem {seed}")
    lanes = 32 if float_ == "f64" else 64
    tile = g.choice([0, 0, 0, 8, 16])
    around = [1, 2, lanes - 1, lanes, lanes + 1, 7, 8, 9, (tile or lanes) * 2 + 1, g.randint(100, 300)]
    batch = 0
    rows = g.sample(around, g.randint(3, 5))
    if g.random() < 0.3:
        batch = g.choice([1, 5, 8, 31, 33])
        rows = [batch * g.randint(1, 4) + g.choice([0, 0, 1])] * len(rows)
    shared = (g.choice([1, 2, 3]),)
    terms = [make_term(f"{seed}.{i}", i, n, float_, shared) for i, n in enumerate(rows)]
    for term in terms[1:]:
        term.values[0] = terms[0].values[0]
    return Problem(terms, batch, tile)
