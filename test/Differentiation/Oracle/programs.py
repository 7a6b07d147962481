#===- programs.py - Random functions of supported ops and control flow -------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Programs whose values stay bounded, so that no derivative of low order grows beyond what differences can
check: what may grow goes through a bounded function, what divides or takes a root is kept away from zero."""
import random

from cases import Case

LIMIT = 4.0  # of the absolute values that an op may read
BOUNDED = {"math.sin": 1.0, "math.cos": 1.0, "math.tanh": 1.0, "math.atan": 1.58, "math.erf": 1.0}
# Of values up to LIMIT made small first.
SMOOTH = {"math.exp": 2.8, "math.expm1": 1.8, "math.sinh": 1.2, "math.cosh": 1.6, "math.exp2": 2.0, "math.asinh": 1.0}
POSITIVE = {"math.sqrt": 1.8, "math.rsqrt": 1.0, "math.log": 1.1, "math.log2": 1.6, "math.log1p": 1.4, "math.cbrt": 1.5}


def shape_text(shape):
    return "tensor<" + "".join(f"{n}x" for n in shape) + "f64>" if shape is not None else "f64"


class Values:
    """What may be used at a place: (name, shape, bound); shape None is a scalar."""

    def __init__(self, outer=()):
        self.all = list(outer)

    def add(self, name, shape, bound):
        self.all.append((name, shape, bound))
        return self.all[-1]


class Writer:
    def __init__(self, generator):
        self.g, self.lines, self.count, self.indent = generator, [], 0, "  "
        self.index = []  # names of induction variables and the trip counts that bound them

    def name(self):
        self.count += 1
        return f"%r{self.count}"

    def emit(self, text):
        name = self.name()
        self.lines.append(f"{self.indent}{name} = {text}")
        return name

    def constant(self, value, shape=None):
        if shape is None:
            return self.emit(f"arith.constant {value!r} : f64")
        return self.emit(f"arith.constant dense<{value!r}> : {shape_text(shape)}")

    def index_constant(self, value):
        return self.emit(f"arith.constant {value} : index")

    # Values of a wanted shape -----------------------------------------------------------------------------

    def pick(self, values, shape="any"):
        """A value of the shape, one that is made to fit if there is none."""
        fitting = [v for v in values.all if shape == "any" or v[1] == shape]
        if fitting and (shape == "any" or self.g.random() < 0.9):
            # The latest are the least used.
            return fitting[min(int(self.g.expovariate(0.5)), len(fitting) - 1) * -1 - 1]
        source = self.pick(values)
        return self.convert(values, source, shape)

    def convert(self, values, source, shape):
        name, old, bound = source
        if old == shape:
            return source
        if old is None:
            return values.add(self.emit(f"tensor.splat {name} : {shape_text(shape)}"), shape, bound)
        flat, size = name, 1
        for n in old:
            size *= n
        if len(old) > 1:
            groups = "[[" + ", ".join(str(d) for d in range(len(old))) + "]]"
            flat = self.emit(f"tensor.collapse_shape {name} {groups} : {shape_text(old)} into {shape_text((size,))}")
        if shape is None:
            at = self.index_constant(self.g.randrange(size))
            return values.add(self.emit(f"tensor.extract {flat}[{at}] : {shape_text((size,))}"), None, bound)
        wanted = 1
        for n in shape:
            wanted *= n
        while size < wanted:
            flat = self.emit(f"tensor.concat dim(0) {flat}, {flat} : ({shape_text((size,))}, {shape_text((size,))}) -> "
                             f"{shape_text((2 * size,))}")
            size *= 2
        if size > wanted:
            at = self.g.randrange(size - wanted + 1)
            flat = self.emit(f"tensor.extract_slice {flat}[{at}] [{wanted}] [1] : {shape_text((size,))} to "
                             f"{shape_text((wanted,))}")
        if len(shape) > 1:
            groups = "[[" + ", ".join(str(d) for d in range(len(shape))) + "]]"
            flat = self.emit(f"tensor.expand_shape {flat} {groups} output_shape {list(shape)} : {shape_text((wanted,))} into "
                             f"{shape_text(shape)}")
        return values.add(flat, shape, bound)

    def tame(self, values, value, limit=LIMIT):
        name, shape, bound = value
        if bound <= limit:
            return value
        op = self.g.choice(sorted(BOUNDED))
        return values.add(self.emit(f"{op} {name} : {shape_text(shape)}"), shape, BOUNDED[op])

    def shape(self):
        return self.g.choice([None, None, (2,), (3,), (4,), (2, 3), (3, 2), (2, 2)])

    # Ops ------------------------------------------------------------------------------------------------------

    def unary(self, values):
        name, shape, bound = self.tame(values, self.pick(values))
        type_ = shape_text(shape)
        kind = self.g.randrange(4)
        if kind == 0:
            op = self.g.choice(sorted(BOUNDED))
            return values.add(self.emit(f"{op} {name} : {type_}"), shape, BOUNDED[op])
        if kind == 1:
            op = self.g.choice(sorted(SMOOTH))
            small = self.emit(f"math.tanh {name} : {type_}")
            return values.add(self.emit(f"{op} {small} : {type_}"), shape, SMOOTH[op])
        if kind == 2:
            op = self.g.choice(sorted(POSITIVE))
            sine = self.emit(f"math.sin {name} : {type_}")
            two = self.constant(2.0, shape)
            away = self.emit(f"arith.addf {sine}, {two} : {type_}")
            return values.add(self.emit(f"{op} {away} : {type_}"), shape, POSITIVE[op])
        return values.add(self.emit(f"arith.negf {name} : {type_}"), shape, bound)

    def binary(self, values):
        shape = self.shape()
        a = self.tame(values, self.pick(values, shape))
        b = self.tame(values, self.pick(values, shape))
        type_ = shape_text(shape)
        op = self.g.choice(["addf", "subf", "mulf", "mulf", "divf", "powf", "maximumf", "minimumf", "select", "fma"])
        if op in ("addf", "subf"):
            return values.add(self.emit(f"arith.{op} {a[0]}, {b[0]} : {type_}"), shape, a[2] + b[2])
        if op == "mulf":
            return values.add(self.emit(f"arith.mulf {a[0]}, {b[0]} : {type_}"), shape, a[2] * b[2])
        if op in ("maximumf", "minimumf"):
            return values.add(self.emit(f"arith.{op} {a[0]}, {b[0]} : {type_}"), shape, max(a[2], b[2]))
        if op == "select":
            away = self.constant(round(self.g.uniform(-1, 1), 3) + 0.0007, shape)
            mask = self.emit(f"arith.cmpf {self.g.choice(['olt', 'ogt', 'uge'])}, {a[0]}, {away} : {type_}")
            text = f"arith.select {mask}, {a[0]}, {b[0]} : " + (type_ if shape is None else
                                                             f"{type_.replace('f64', 'i1')}, {type_}")
            return values.add(self.emit(text), shape, max(a[2], b[2]))
        if op == "fma":
            c = self.tame(values, self.pick(values, shape))
            return values.add(self.emit(f"math.fma {a[0]}, {b[0]}, {c[0]} : {type_}"), shape, a[2] * b[2] + c[2])
        sine = self.emit(f"math.sin {b[0]} : {type_}")
        two = self.constant(2.0, shape)
        away = self.emit(f"arith.addf {sine}, {two} : {type_}")
        if op == "divf":
            return values.add(self.emit(f"arith.divf {a[0]}, {away} : {type_}"), shape, a[2])
        small = self.emit(f"math.tanh {a[0]} : {type_}")
        return values.add(self.emit(f"math.powf {away}, {small} : {type_}"), shape, 3.0)

    def contraction(self, values):
        n, k, m = (self.g.choice([2, 3]) for _ in range(3))
        kind = self.g.choice(["matmul", "matvec", "vecmat", "dot", "outer"])
        shapes = {"matmul": ((n, k), (k, m), (n, m)), "matvec": ((n, k), (k,), (n,)), "vecmat": ((k,), (k, m), (m,)),
                  "dot": ((k,), (k,), ()), "outer": ((n,), (m,), (n, m))}[kind]
        a, b = (self.tame(values, self.pick(values, shape)) for shape in shapes[:2])
        start = self.constant(round(self.g.uniform(-1, 1), 2), shapes[2]) if self.g.random() < 0.5 or not shapes[2] else \
            self.tame(values, self.pick(values, shapes[2]))[0]
        types = ", ".join(shape_text(shape) for shape in shapes[:2])
        result = shape_text(shapes[2])
        bound = a[2] * b[2] * k + LIMIT
        if kind == "outer":
            name = self.emit(f"linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>, "
                             f"affine_map<(i, j) -> (i, j)>], iterator_types = [\"parallel\", \"parallel\"]}} "
                             f"ins({a[0]}, {b[0]} : {types}) outs({start} : {result}) {{ ^bb0(%p: f64, %q: f64, %o: f64): "
                             f"%m = arith.mulf %p, %q : f64 %s = arith.addf %o, %m : f64 linalg.yield %s : f64 }} -> {result}")
        else:
            name = self.emit(f"linalg.{kind} ins({a[0]}, {b[0]} : {types}) outs({start} : {result}) -> {result}")
        if not shapes[2]:
            name = self.emit(f"tensor.extract {name}[] : tensor<f64>")
            return values.add(name, None, bound)
        return values.add(name, shapes[2], bound)

    def structural(self, values):
        kind = self.g.choice(["reduce", "broadcast", "transpose", "insert", "insert_slice", "elements", "generic"])
        if kind in ("reduce", "transpose"):
            shape = self.g.choice([(2, 3), (3, 2), (2, 2)])
            name, _, bound = self.tame(values, self.pick(values, shape))
            if kind == "transpose":
                turned = (shape[1], shape[0])
                init = self.emit(f"tensor.empty() : {shape_text(turned)}")
                return values.add(self.emit(f"linalg.transpose ins({name} : {shape_text(shape)}) outs({init} : "
                                            f"{shape_text(turned)}) permutation = [1, 0]"), turned, bound)
            dim = self.g.randrange(2)
            rest = (shape[1 - dim],)
            zero = self.constant(0.0, rest)
            return values.add(self.emit(f"linalg.reduce {{ arith.addf }} ins({name} : {shape_text(shape)}) outs({zero} : "
                                        f"{shape_text(rest)}) dimensions = [{dim}]"), rest, bound * shape[dim])
        if kind == "broadcast":
            shape = self.g.choice([(2, 3), (3, 2)])
            dim = self.g.randrange(2)
            name, _, bound = self.pick(values, (shape[1 - dim],))
            init = self.emit(f"tensor.empty() : {shape_text(shape)}")
            return values.add(self.emit(f"linalg.broadcast ins({name} : {shape_text((shape[1 - dim],))}) outs({init} : "
                                        f"{shape_text(shape)}) dimensions = [{dim}]"), shape, bound)
        if kind == "elements":
            parts = [self.pick(values, None) for _ in range(self.g.choice([2, 3]))]
            return values.add(self.emit(f"tensor.from_elements {', '.join(p[0] for p in parts)} : {shape_text((len(parts),))}"),
                              (len(parts),), max(p[2] for p in parts))
        into = self.pick(values, self.g.choice([(3,), (4,)]))
        if kind == "insert":
            scalar = self.pick(values, None)
            at = self.dynamic_index(into[1][0])
            return values.add(self.emit(f"tensor.insert {scalar[0]} into {into[0]}[{at}] : {shape_text(into[1])}"), into[1],
                              max(scalar[2], into[2]))
        if kind == "insert_slice":
            part = self.pick(values, (2,))
            at = self.g.randrange(into[1][0] - 1)
            return values.add(self.emit(f"tensor.insert_slice {part[0]} into {into[0]}[{at}] [2] [1] : tensor<2xf64> into "
                                        f"{shape_text(into[1])}"), into[1], max(part[2], into[2]))
        # A row of one operand with each row of the other.
        shape = self.g.choice([(2, 3), (3, 2)])
        a, b = self.tame(values, self.pick(values, shape)), self.tame(values, self.pick(values, (shape[1],)))
        init = self.emit(f"tensor.empty() : {shape_text(shape)}")
        return values.add(self.emit(f"linalg.generic {{indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, "
                                    f"affine_map<(i, j) -> (i, j)>], iterator_types = [\"parallel\", \"parallel\"]}} "
                                    f"ins({a[0]}, {b[0]} : {shape_text(shape)}, {shape_text((shape[1],))}) outs({init} : "
                                    f"{shape_text(shape)}) {{ ^bb0(%p: f64, %q: f64, %o: f64): %m = arith.mulf %p, %q : f64 "
                                    f"%s = math.sin %m : f64 linalg.yield %s : f64 }} -> {shape_text(shape)}"), shape, 1.0)

    def dynamic_index(self, extent):
        loops = [name for name, trips in self.index if trips <= extent]
        return self.g.choice(loops) if loops and self.g.random() < 0.8 else self.index_constant(self.g.randrange(extent))

    # Control flow ---------------------------------------------------------------------------------------------

    def region(self, outer, extra, wanted, depth, first=()):
        """Lines of a region that yields values of the shapes, each tamed; `first` come before."""
        saved, self.lines, self.indent = self.lines, list(first), self.indent + "  "
        inner = Values(outer.all)
        for value in extra:
            inner.add(*value)
        self.body(inner, self.g.randint(1, 4), depth + 1)
        results = [self.tame(inner, self.pick(inner, shape), LIMIT) for shape in wanted]
        self.lines.append(f"{self.indent}scf.yield {', '.join(r[0] for r in results)} : "
                          f"{', '.join(shape_text(r[1]) for r in results)}")
        lines, self.lines, self.indent = self.lines, saved, self.indent[:-2]
        return lines

    def loop(self, values, depth):
        trips, kind = self.g.randint(1, 4), self.g.choice(["for", "for", "while"])
        carried = [self.tame(values, self.pick(values, self.g.choice([None, (2,), (3,), (2, 2)])))
                   for _ in range(self.g.randint(1, 2))]
        zero, one, end = self.index_constant(0), self.index_constant(1), self.index_constant(trips)
        names = [self.name() for _ in carried]
        shapes = [c[1] for c in carried]
        types = ", ".join(map(shape_text, shapes))
        result, induction = self.name(), self.name()
        self.index.append((induction, trips))
        body = self.region(values, [(n, s, LIMIT) for n, s in zip(names, shapes)], shapes, depth)
        self.index.pop()
        pairs = ", ".join(f"{n} = {c[0]}" for n, c in zip(names, carried))
        if kind == "for":
            self.lines.append(f"{self.indent}{result}:{len(carried)} = scf.for {induction} = {zero} to {end} step {one} "
                              f"iter_args({pairs}) -> ({types}) {{")
            self.lines += body + [self.indent + "}"]
            offset = 0
        else:
            # Counts as the for loop does, and also stops at a value.
            more, go = self.name(), self.name()
            stop = ([], more)
            scalars = [n for n, s in zip(names, shapes) if s is None]
            if scalars:
                high, small = self.name(), self.name()
                stop = ([f"{self.indent}  {high} = arith.constant {round(self.g.uniform(-0.5, 2), 3) + 0.0003} : f64",
                         f"{self.indent}  {small} = arith.cmpf olt, {scalars[0]}, {high} : f64",
                         f"{self.indent}  {go} = arith.andi {more}, {small} : i1"], go)
            next_ = self.name()
            arguments = ", ".join(f"{n}: {shape_text(s)}" for n, s in zip(names, shapes))
            self.lines += [f"{self.indent}{result}:{len(carried) + 1} = scf.while ({induction} = {zero}, {pairs}) : (index, {types}) "
                           f"-> (index, {types}) {{",
                           f"{self.indent}  {more} = arith.cmpi slt, {induction}, {end} : index", *stop[0],
                           f"{self.indent}  scf.condition({stop[1]}) {induction}, {', '.join(names)} : index, {types}",
                           f"{self.indent}}} do {{", f"{self.indent}^bb0({induction}: index, {arguments}):"]
            self.lines += body[:-1] + [f"{self.indent}  {next_} = arith.addi {induction}, {one} : index",
                                       body[-1].replace("scf.yield ", f"scf.yield {next_}, ").replace(" : ", " : index, "),
                                       self.indent + "}"]
            offset = 1
        return [values.add(f"{result}#{i + offset}", s, LIMIT) for i, s in enumerate(shapes)][-1]

    def branch(self, values, depth):
        scalar = self.pick(values, None)
        bound = self.constant(round(self.g.uniform(-1, 1), 3) + 0.0007)
        taken = self.emit(f"arith.cmpf {self.g.choice(['olt', 'ogt'])}, {scalar[0]}, {bound} : f64")
        shapes = [self.shape() for _ in range(self.g.randint(1, 2))]
        result = self.name()
        then, otherwise = (self.region(values, [], shapes, depth) for _ in range(2))
        self.lines.append(f"{self.indent}{result}:{len(shapes)} = scf.if {taken} -> ({', '.join(map(shape_text, shapes))}) {{")
        self.lines += then + [self.indent + "} else {"] + otherwise + [self.indent + "}"]
        return [values.add(f"{result}#{i}", s, LIMIT) for i, s in enumerate(shapes)][-1]

    def body(self, values, count, depth):
        for _ in range(count):
            kind = self.g.random()
            if kind < 0.3:
                self.unary(values)
            elif kind < 0.55:
                self.binary(values)
            elif kind < 0.68:
                self.contraction(values)
            elif kind < 0.85 or depth >= 2:
                self.structural(values)
            elif kind < 0.95:
                self.loop(values, depth)
            else:
                self.branch(values, depth)


def make_program(name, seed):
    """A Case of a random program; the same seed gives the same one."""
    g = random.Random(seed)
    n, m = g.randint(2, 4), g.randint(1, 3)
    writer = Writer(g)
    values = Values([("%x", (n,), 1.0)])
    writer.body(values, g.randint(4, 10), 0)
    # The latest values that have not been read matter most.
    parts = [writer.tame(values, writer.convert(values, value, None)) for value in values.all[-6:]]
    outputs = []
    for i in range(m):
        total = parts[i % len(parts)][0]
        for part in parts[i + 1::m]:
            total = writer.emit(f"arith.addf {total}, {part[0]} : f64")
        outputs.append(total)
    writer.lines.append(f"  %y = tensor.from_elements {', '.join(outputs)} : {shape_text((m,))}")
    return Case(name, [round(g.uniform(-1, 1), 4) for _ in range(n)], m, "\n".join(writer.lines))
