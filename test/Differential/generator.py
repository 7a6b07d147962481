#===- generator.py - Random programs -------------------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Functions that loop, branch, call each other and return the same thing twice. The same seed gives the same program."""
import random

from builder import LIMIT, Builder
from operations import Call, Compare, Integer, index_type, splat_constant
from program import Function, Program, Region, Type, Value, scalar, tensor
from structured import For, Forall, If, Parallel, Switch, While

# One, two, the lengths of vectors and their neighbours, primes.
SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17, 19, 31, 32, 33]
LARGE = [63, 64, 65, 97, 127, 128, 129, 211, 256, 257, 499, 1000, 1021]


class Writer(Builder):
    helpers = ()
    WORK = 10000  # element operations after which no more is added
    STOPS = True  # whether a loop may end at a value
    OTHER_FORMS = True  # windows, other precisions and generated tensors

    # Control flow -----------------------------------------------------------------------------------------------------

    def block(self, arguments, depth, finish, repeats=1):
        """A region that sees what is outside; `finish` gives what it yields."""
        outer = self.ops, len(self.values), len(self.starts), self.repeats
        self.ops, self.repeats = [], self.repeats * repeats
        self.values += arguments
        self.body(self.g.randint(0, 4), depth + 1)
        yields = finish()
        region = Region(arguments, self.ops, yields)
        self.ops, values, starts, self.repeats = outer
        del self.values[values:], self.starts[starts:]
        return region

    def carried(self):
        types = [self.g.choice([self.shape(), self.shape(), index_type()]) for _ in range(self.g.choice([1, 2, 2, 3, 4]))]
        if self.chance(0.5):
            types[-1] = types[0]  # can trade places
        return [self.start_of(t) for t in types]

    def start_of(self, type_):
        if type_.element != "f":
            return self.pick(type_)
        return self.fill(type_) if type_.shape is not None and self.chance(0.2) else self.operand(type_)

    def next_of(self, arguments):
        """What a loop carries on: something new, itself, another one, something from outside."""
        def one(value):
            same = [a for a in arguments if a.type == value.type]
            if self.chance(0.3):
                return self.g.choice(same)
            if value.type.element != "f":
                if self.chance(0.5):
                    return self.emit(Integer([value, self.index(self.g.randint(0, 2))], [value.type], name="arith.addi"), 0.0)
                return self.pick(value.type)
            return self.operand(value.type)
        return [one(v) for v in arguments]

    def results_of(self, op):
        return self.emit(op, *[LIMIT if v.type.element == "f" else 0.0 for v in op.results])

    def loop(self, depth):
        starts = self.carried()
        arguments = [Value(v.type, LIMIT) for v in starts]
        trips, step, first = self.g.choice([0, 1, 1, 2, 3, 4]), self.g.choice([1, 1, 2]), self.g.choice([0, 0, 1])
        bounds = [self.index(first), self.index(first + trips * step - (1 if step == 2 and trips else 0)), self.index(step)]
        known = [v for v in self.values if v.type.element == "index"]
        numbers = (first, first + trips * step - (1 if step == 2 and trips else 0), step) if self.chance(0.2) else None
        if known and not numbers and self.chance(0.2):
            limit = self.emit(Integer([self.g.choice(known), self.index(4)], [index_type()], name="arith.remui"), 0.0)
            bounds, trips = [self.index(0), limit, self.index(1)], 3
        induction = Value(index_type())
        region = self.block([induction] + arguments, depth, lambda: self.next_of(arguments), max(1, trips))
        return self.results_of(For(bounds + starts, [v.type for v in starts], [region], affine=numbers))

    def parallel(self, depth):
        """A sum of numbers."""
        start, trips, step = self.operand(scalar()), self.g.choice([1, 2, 3, 5]), self.g.choice([1, 1, 2])
        bounds = [self.index(0), self.index(trips * step), self.index(step)]
        region = self.block([Value(index_type())], depth, lambda: [self.operand(scalar())], trips)
        return self.emit(Parallel(bounds + [start], [scalar()], [region]), start.bound + LIMIT * trips)

    def while_loop(self, depth):
        """Counts, and may stop at a value; what the condition hands on may be in another order or twice."""
        starts = [self.index(0)] + self.carried()
        trips = self.g.choice([0, 1, 2, 3])
        before = [Value(v.type, LIMIT) for v in starts]
        handed = [0] + [self.g.choice([i for i, v in enumerate(before) if v.type == value.type and i])
                        if self.chance(0.3) else i + 1 for i, value in enumerate(before[1:])]
        extra = [self.g.randrange(1, len(before))] if self.chance(0.2) else []

        def finish_before():
            go = self.emit(Integer([before[0], self.index(trips)], [Type("i1")], name="arith.cmpi", predicate="slt"), 0.0)
            scalars = [v for v in before if v.type == scalar()]
            if scalars and self.STOPS and self.chance(0.5):
                go = self.emit(Integer([go, self.condition(self.g.choice(scalars))], [Type("i1")], name="arith.andi"), 0.0)
            return [go] + [before[i] for i in handed + extra]
        saved, self.body = self.body, (lambda count, depth: None) if self.chance(0.7) else self.body
        first = self.block(before, depth, finish_before, trips + 1)
        self.body = saved
        after = [Value(before[i].type, LIMIT) for i in handed + extra]

        def finish_after():
            count = self.emit(Integer([after[0], self.index(1)], [index_type()], name="arith.addi"), 0.0)
            return [count] + self.next_of(after[1:len(before)])
        second = self.block(after, depth, finish_after, max(1, trips))
        return self.results_of(While(starts, [v.type for v in after], [first, second]))

    def branch(self, depth):
        cases = 1
        if self.chance(0.25) and any(v.type == index_type() for v in self.values):
            taken, cases = self.pick(element="index"), self.g.randint(1, 3)
        elif self.chance(0.3) and any(v.type == index_type() for v in self.values):
            some = self.pick(element="index")
            taken = self.emit(Integer([some, self.index(2)], [Type("i1")], name="arith.cmpi",
                                      predicate=self.g.choice(["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt",
                                                                     "uge"])), 0.0)
        else:
            taken = self.condition(self.operand(scalar()))
        types = [self.shape() for _ in range(self.g.choice([0, 1, 2, 2, 2, 3, 3]))]
        if types and self.chance(0.4):
            types[-1] = types[0]

        def finish():
            values = [self.operand(t) for t in types]
            if types and self.chance(0.4) and types[-1] == types[0]:
                values[-1] = values[0]  # one value twice
            return values
        regions = [self.block([], depth, finish) for _ in range(cases + 1)]
        kind = Switch if taken.type == index_type() else If
        return self.results_of(kind([taken], types, regions))

    def forall(self, depth):
        """Rows of a tensor, each written by one run."""
        type_ = self.matrix(1)
        rows = self.g.choice([n for n in range(1, type_.shape[0] + 1) if type_.shape[0] % n == 0])
        start = self.start(type_, True)
        at, shared = Value(index_type()), Value(type_)
        part = tensor(rows, *type_.shape[1:])
        region = self.block([at], depth, lambda: [self.operand(part)], type_.shape[0] // rows)
        region.arguments.append(shared)
        return self.results_of(Forall([start], [type_], [region], rows=rows))

    def call(self):
        helper = self.g.choice(self.helpers)
        operands = [self.operand(v.type) if v.type.element == "f" else self.pick(v.type) for v in helper.arguments]
        return self.results_of(Call(operands, [v.type for v in helper.returns], callee=helper.name))

    def body(self, count, depth):
        for _ in range(count):
            kind = self.g.random()
            if self.work > self.WORK:
                return
            if kind < 0.2:
                self.unary()
            elif kind < 0.42:
                self.binary()
            elif kind < 0.52:
                self.product()
            elif kind < 0.62:
                self.generic()
            elif kind < 0.68 and self.OTHER_FORMS:
                self.g.choice([self.window, self.other_precision, self.generate])()
            elif kind < 0.78 or depth >= 2:
                self.structural()
            elif kind < 0.85:
                self.loop(depth)
            elif kind < 0.865:
                self.parallel(depth)
            elif kind < 0.88:
                self.forall(depth)
            elif kind < 0.9:
                self.while_loop(depth)
            elif kind < 0.95 or not self.helpers:
                self.branch(depth)
            else:
                self.call()


def write_function(writer, name, public):
    g = writer.g
    types = [writer.shape() for _ in range(g.randint(1, 4))]
    if g.random() < 0.4:
        types.append(index_type())
    if g.random() < 0.4:
        types.append(types[0])
    arguments = [Value(t, 2.0 if public else LIMIT) for t in types]
    writer.ops, writer.values, writer.starts = [], list(arguments), []
    writer.body(g.randint(2, 12) if public else g.randint(1, 4), 0)
    floats = [v for v in writer.values if v.type.element == "f"]
    returns = [writer.tame(v) for v in reversed(floats[-g.randint(1, 4):])]
    if g.random() < 0.3:
        returns.append(g.choice(returns))
    if g.random() < 0.2:
        returns.append(g.choice(arguments))
    if g.random() < 0.1:
        returns.insert(0, writer.constant(writer.shape()))
    if g.random() < 0.15:
        returns.append(writer.tame(writer.pick(scalar())))
    g.shuffle(returns)
    if not public:
        returns = returns[:3]
    return Function(name, Region(arguments, writer.ops, returns), public)


def make_program(name, seed, float_="f64", helpers=2):
    """With up to so many functions that the program's own calls."""
    g = random.Random(seed)
    exact = g.random() < 0.3
    sizes = [g.choice(SIZES) for _ in range(g.randint(1, 4))]
    if g.random() < 0.15:
        sizes.append(g.choice(LARGE))
    writer = Writer(g, sizes, exact)
    functions = []
    for i in range(min(helpers, g.choice([0, 1, 1, 2]))):
        functions.append(write_function(writer, f"{name}_helper{i}", False))
        writer.helpers = list(functions)
    functions.append(write_function(writer, name, True))

    def number():
        if g.random() < 0.05:
            return -0.0
        return float(g.randint(-2, 2)) if exact else g.randint(-4096, 4096) / 2048

    def input_of(type_):
        if type_.element == "index":
            return g.randint(0, 5)
        return number() if type_.shape is None else [number() for _ in range(type_.size)]
    inputs = [input_of(v.type) for v in functions[-1].arguments]
    return Program(functions, inputs, float_)
