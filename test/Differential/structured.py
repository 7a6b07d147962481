#===- structured.py - linalg and scf in random programs ----------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Ops with indexing maps and ops with control flow."""
from operations import offset, positions
from program import Op, Undecided


class Fill(Op):
    def text(self, p):
        value, into = self.operands
        return f"linalg.fill ins({p.name(value)} : {p.type(value)}) outs({p.name(into)} : {p.type(into)}) -> {p.type(into)}"

    def compute(self, e, operands):
        return [[operands[0]] * self.result.type.size]


class Structured(Op):
    """What has inputs, starts and maps. `maps`: for each operand the dimensions that its own follow; `extents` of the
    dimensions; the first `inputs` operands are no starts."""
    inputs = 1

    def ends(self, p):
        ins, outs = self.operands[:self.inputs], self.operands[self.inputs:]
        first = f"ins({p.list(ins)} : {p.types(ins)}) " if ins else ""
        return f"{first}outs({p.list(outs)} : {p.types(outs)})"

    def place(self, operand, position):
        return offset(self.operands[operand].type.shape, [position[d] for d in self.maps[operand]])


# Dimensions of each operand.
PRODUCTS = {"linalg.dot": ((0,), (0,), ()), "linalg.matvec": ((0, 1), (1,), (0,)), "linalg.vecmat": ((1,), (1, 0), (0,)),
            "linalg.matmul": ((0, 2), (2, 1), (0, 1)), "linalg.batch_matmul": ((0, 1, 3), (0, 3, 2), (0, 1, 2)),
            "linalg.batch_matvec": ((0, 1, 2), (0, 2), (0, 1))}


class Product(Structured):
    """A contraction: `name` is that of PRODUCTS or linalg.contract, which writes its maps."""

    def text(self, p):
        maps = ""
        if self.name == "linalg.contract":
            dims = ", ".join(f"d{d}" for d in range(len(self.extents)))
            maps = "indexing_maps = [" + ", ".join(f"affine_map<({dims}) -> ({', '.join(f'd{d}' for d in m)})>"
                                                   for m in self.maps) + "] "
        return f"{self.name} {maps}{self.ends(p)} -> {p.type(self.result)}"

    def compute(self, e, operands):
        a, b, start = operands
        terms = [[value] for value in start]
        for position in positions(self.extents):
            terms[self.place(2, position)].append(
                e.arithmetic.multiply(a[self.place(0, position)], b[self.place(1, position)]))
        return [[e.arithmetic.total(t) for t in terms]]


class Generic(Structured):
    """A body on elements. Its arguments are those of all operands. `reduced` dimensions are summed: then a body yields
    what is added to (or is the greater of it and) each output, which `combiners` say: add, maximum or none."""

    def text(self, p):
        dims = ", ".join(f"d{d}" for d in range(len(self.extents)))
        maps = ", ".join(f"affine_map<({dims}) -> ({', '.join(f'd{d}' for d in m)})>" for m in self.maps)
        kinds = ", ".join('"reduction"' if d in self.reduced else '"parallel"' for d in range(len(self.extents)))
        region = self.regions[0]
        arguments = p.define(region.arguments, "e")

        def end(values):
            lines, names = [], []
            for value, combiner, argument in zip(values, self.combiners, region.arguments[self.inputs:]):
                names.append(p.name(value))
                if combiner:
                    names[-1] = f"%c{p.count}"
                    p.count += 1
                    op = {"add": "arith.addf", "maximum": "arith.maximumf"}[combiner]
                    lines.append(f"{names[-1]} = {op} {p.name(argument)}, {p.name(value)} : {p.float}\n{p.indent}")
            return "".join(lines) + f"linalg.yield {', '.join(names)} : {p.types(values)}"
        body = p.region(region, end)
        return (f"linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}} {self.ends(p)} {{\n"
                f"{p.indent}^bb0({arguments}):\n{body}\n{p.indent}}} -> {'(' + p.types(self.results) + ')' if len(self.results) > 1 else p.type(self.result)}")

    def compute(self, e, operands):
        outs = [list(values) for values in operands[self.inputs:]]
        terms = [[[value] for value in values] if combiner == "add" else None
                 for values, combiner in zip(outs, self.combiners)]
        for position in positions(self.extents):
            places = [self.place(i, position) for i in range(len(operands))]
            arguments = [operands[i][places[i]] for i in range(self.inputs)]
            arguments += [values[places[self.inputs + i]] for i, values in enumerate(outs)]
            e.position = position
            for i, found in enumerate(e.run(self.regions[0], arguments)):
                at = places[self.inputs + i]
                if self.combiners[i] == "add":
                    terms[i][at].append(found)
                elif self.combiners[i] == "maximum":
                    outs[i][at] = e.arithmetic.maximum(outs[i][at], found)
                else:
                    outs[i][at] = found
        return [[e.arithmetic.total(t) for t in terms[i]] if terms[i] else values for i, values in enumerate(outs)]


class Generate(Op):
    """The region takes an element's place and yields it."""

    def text(self, p):
        region = self.regions[0]
        arguments = p.define(region.arguments, "g")
        body = p.region(region, lambda values: f"tensor.yield {p.list(values)} : {p.types(values)}")
        return f"tensor.generate {{\n{p.indent}^bb0({arguments}):\n{body}\n{p.indent}}} : {p.type(self.result)}"

    def compute(self, e, _):
        return [[e.run(self.regions[0], position)[0] for position in positions(self.result.type.shape)]]


class Index(Op):
    """In a body: where the loop `dim` is."""

    def text(self, p):
        return f"linalg.index {self.dim} : index"

    def compute(self, e, _):
        return [e.position[self.dim]]


class Reduce(Structured):
    """`combiner`: add or maximum, over `dims`."""

    def text(self, p):
        op = {"add": "arith.addf", "maximum": "arith.maximumf"}[self.combiner]
        return f"linalg.reduce {{ {op} }} {self.ends(p)} dimensions = {self.dims}"

    def compute(self, e, operands):
        source, start = operands
        shape = self.operands[0].type.shape
        terms = [[value] for value in start]
        for position, element in zip(positions(shape), source):
            kept = [i for d, i in enumerate(position) if d not in self.dims]
            terms[offset(self.result.type.shape, kept)].append(element)
        if self.combiner == "add":
            return [[e.arithmetic.total(t) for t in terms]]
        found = []
        for t in terms:
            best = t[0]
            for value in t[1:]:
                best = e.arithmetic.maximum(best, value)
            found.append(best)
        return [found]


class Broadcast(Structured):
    """`dims`: those that are added."""

    def text(self, p):
        return f"linalg.broadcast {self.ends(p)} dimensions = {self.dims}"

    def compute(self, e, operands):
        shape = self.operands[0].type.shape
        return [[operands[0][offset(shape, [i for d, i in enumerate(position) if d not in self.dims])]
                 for position in positions(self.result.type.shape)]]


class Transpose(Structured):
    """`order`: the dimension of the input that each one of the output is."""

    def text(self, p):
        return f"linalg.transpose {self.ends(p)} permutation = {self.order}"

    def compute(self, e, operands):
        shape = self.operands[0].type.shape
        found = []
        for position in positions(self.result.type.shape):
            source = [0] * len(shape)
            for d, i in zip(self.order, position):
                source[d] = i
            found.append(operands[0][offset(shape, source)])
        return [found]


def lost(type_, arithmetic):
    """What nobody knows, since a comparison decides it that is too close."""
    if type_.element != "f":
        raise Undecided
    return arithmetic.unknown() if type_.shape is None else [arithmetic.unknown()] * type_.size


class If(Op):
    """Two regions without arguments; the operand decides."""

    def text(self, p):
        then, otherwise = (p.region(r, p.yields) for r in self.regions)
        types = f" -> ({p.types(self.results)})" if self.results else ""
        return f"scf.if {p.list(self.operands)}{types} {{\n{then}\n{p.indent}}} else {{\n{otherwise}\n{p.indent}}}"

    def compute(self, e, operands):
        if operands[0] is None:
            return [lost(v.type, e.arithmetic) for v in self.results]
        return e.run(self.regions[0 if operands[0] else 1], [])


class Switch(If):
    """The operand is the number of the case; the last region is for all others."""

    def text(self, p):
        cases = [f"case {i}" for i in range(len(self.regions) - 1)] + ["default"]
        types = f" -> {p.types(self.results)}" if self.results else ""
        parts = "".join(f"\n{p.indent}{case} {{\n{p.region(r, p.yields)}\n{p.indent}}}" for case, r in zip(cases, self.regions))
        return f"scf.index_switch {p.list(self.operands)}{types}{parts}"

    def compute(self, e, operands):
        number, last = operands[0], len(self.regions) - 1
        return e.run(self.regions[number if 0 <= number < last else last], [])


class For(Op):
    """Operands are the bounds, the step and what is carried; the region takes the induction variable and that. `affine`: bounds
    and step where these are numbers, of a loop of that dialect."""
    affine = None

    def text(self, p):
        lower, upper, step, *starts = self.operands
        induction, *carried = self.regions[0].arguments
        p.define([induction], "i")
        p.define(carried, "c")
        pairs = ", ".join(f"{p.name(c)} = {p.name(s)}" for c, s in zip(carried, starts))
        body = p.region(self.regions[0], p.yields)
        carries = f" iter_args({pairs}) -> ({p.types(self.results)})" if starts else ""
        if self.affine:
            first, end, by = self.affine
            head, tail = body.rsplit("scf.yield", 1)
            return (f"affine.for {p.name(induction)} = {first} to {end} step {by}{carries} {{\n"
                    f"{head}affine.yield{tail}\n{p.indent}}}")
        return (f"scf.for {p.name(induction)} = {p.name(lower)} to {p.name(upper)} step {p.name(step)}{carries} {{\n"
                f"{body}\n{p.indent}}}")

    def compute(self, e, operands):
        lower, upper, step, *carried = operands
        for i in range(*(self.affine or (lower, upper, step))):
            carried = e.run(self.regions[0], [i] + carried)
        return carried


class Parallel(Op):
    """Operands are the bounds, the step and a start, to which what the region yields is added in any order."""

    def text(self, p):
        lower, upper, step, start = self.operands
        p.define(self.regions[0].arguments, "i")
        sums = [f"%c{p.count + i}" for i in range(3)]
        p.count += 3

        def end(values):
            add = f"^bb0({sums[0]}: {p.float}, {sums[1]}: {p.float}): {sums[2]} = arith.addf {sums[0]}, {sums[1]} : {p.float}"
            return f"scf.reduce({p.list(values)} : {p.float}) {{ {add} scf.reduce.return {sums[2]} : {p.float} }}"
        body = p.region(self.regions[0], end)
        return (f"scf.parallel ({p.name(self.regions[0].arguments[0])}) = ({p.name(lower)}) to ({p.name(upper)}) step ({p.name(step)}) "
                f"init ({p.name(start)}) -> {p.float} {{\n{body}\n{p.indent}}}")

    def compute(self, e, operands):
        lower, upper, step, start = operands
        return [e.arithmetic.total([start] + [e.run(self.regions[0], [i])[0] for i in range(lower, upper, step)])]


class While(Op):
    """Operands are carried. The first region yields the condition and what it hands to the second one (and to the
    results), whose yields are carried on."""

    def text(self, p):
        before, after = self.regions
        p.define(before.arguments, "b")
        pairs = ", ".join(f"{p.name(a)} = {p.name(s)}" for a, s in zip(before.arguments, self.operands))
        first = p.region(before, lambda v: f"scf.condition({p.name(v[0])}) {p.list(v[1:])} : {p.types(v[1:])}")
        arguments = p.define(after.arguments, "w")
        second = p.region(after, p.yields)
        return (f"scf.while ({pairs}) : ({p.types(self.operands)}) -> ({p.types(self.results)}) {{\n{first}\n{p.indent}}} do {{\n"
                f"{p.indent}^bb0({arguments}):\n{second}\n{p.indent}}}")

    def compute(self, e, operands):
        before, after = self.regions
        while True:
            go, *handed = e.run(before, operands)
            if go is None:
                raise Undecided
            if not go:
                return handed
            operands = e.run(after, handed)


class Forall(Op):
    """The operand is the start, of which each run of the region writes `rows`: its arguments are where, and the start."""

    def text(self, p):
        start, = self.operands
        at, shared = self.regions[0].arguments
        p.define([at], "i")
        p.define([shared], "o")
        shape = start.type.shape
        place = f"[{', '.join([p.name(at)] + ['0'] * (len(shape) - 1))}] {[self.rows, *shape[1:]]} {[1] * len(shape)}"

        def end(values):
            part, = values
            return (f"scf.forall.in_parallel {{ tensor.parallel_insert_slice {p.name(part)} into {p.name(shared)}{place} : "
                    f"{p.type(part)} into {p.type(start)} }}")
        body = p.region(self.regions[0], end)
        return (f"scf.forall ({p.name(at)}) = (0) to ({shape[0]}) step ({self.rows}) shared_outs({p.name(shared)} = {p.name(start)}) -> "
                f"({p.type(start)}) {{\n{body}\n{p.indent}}}")

    def compute(self, e, operands):
        found = []
        for at in range(0, self.result.type.shape[0], self.rows):
            part, = e.run(self.regions[0], [at, operands[0]])
            found += part
        return [found]
