#===- builder.py - Random ops on what is there ---------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Straight-line code. What may grow is made small first, what divides or takes a root is kept away from zero; where an
op's start is overwritten, that start may be anything of its shape: empty, filled, constant, or still needed elsewhere."""
from operations import (Cast, Compare, Concat, Constant, Elementwise, Empty, Extract, ExtractSlice, FromElements, Insert,
                        InsertSlice, Integer, Pad, Reshape, Select, Splat, index_type, splat_constant)
from precisions import PrecisionWriter
from program import Region, Type, Value, scalar, tensor
from structured import PRODUCTS, Broadcast, Fill, Generate, Generic, Index, Product, Reduce, Transpose
from windows import WindowWriter

LIMIT = 4.0
BOUNDED = {"sin": 1.0, "cos": 1.0, "tanh": 1.0, "atan": 1.58, "erf": 1.0, "absf": 0.0, "floor": 0.0}
SMOOTH = {"exp": 2.8, "expm1": 1.8, "sinh": 1.2, "cosh": 1.6, "exp2": 2.0, "asinh": 1.0, "tan": 1.6, "asin": 1.0,
          "acos": 2.5, "erfc": 2.0, "ceil": 1.0, "trunc": 1.0, "round": 1.0, "roundeven": 1.0}
COMPARISONS = ["olt", "ogt", "ole", "oge", "ult", "ugt", "ule", "uge", "oeq", "one", "ueq", "une", "ord", "uno"]
POSITIVE = {"sqrt": 1.8, "rsqrt": 1.0, "log": 1.1, "log2": 1.6, "log1p": 1.4, "log10": 0.5, "cbrt": 1.5, "acosh": 1.8}


class Builder(WindowWriter, PrecisionWriter):
    def __init__(self, generator, sizes, exact):
        self.g, self.sizes, self.exact = generator, sizes, exact
        self.ops, self.values, self.starts = [], [], []
        self.repeats, self.work = 1, 0  # how often what is built now runs, and element operations altogether

    # What there is ----------------------------------------------------------------------------------------------

    def emit(self, op, *bounds):
        """Appends an op; its results may be used from now on."""
        self.ops.append(op)
        for value, bound in zip(op.results, bounds):
            value.bound = bound
            self.values.append(value)
            self.work += self.repeats * value.type.size
        return op.result if len(op.results) == 1 else op.results

    def chance(self, p):
        return self.g.random() < p

    def shape(self):
        """A type of floats: often one that something has, else a scalar or a few dimensions of the program's sizes."""
        known = [v.type for v in self.values if v.type.element == "f" and v.type.size * self.repeats <= 3000]
        if known and self.chance(0.6):
            return self.g.choice(known[-12:])
        rank = self.g.choice([None, None, 1, 1, 1, 2, 2, 3])
        if rank is None:
            return scalar()
        shape = [self.g.choice(self.sizes) for _ in range(rank)]
        while tensor(*shape).size * self.repeats > 3000:
            shape[self.g.randrange(len(shape))] = self.g.choice([1, 2, 3])
        return tensor(*shape)

    def pick(self, type_=None, element="f"):
        """A value of the type, made to fit if need be; of any type where none is named."""
        fitting = [v for v in self.values if (v.type == type_ if type_ else v.type.element == element)]
        if fitting and (type_ is None or self.chance(0.9)):
            # The latest are the least used.
            return fitting[-1 - min(int(self.g.expovariate(0.4)), len(fitting) - 1)]
        if type_ is None or type_.element != "f":
            return self.emit(splat_constant(type_ or Type(element), self.g.choice([0, 1])), 0.0)
        if self.chance(0.1):
            return self.constant(type_)
        return self.convert(self.pick(), type_)

    def constant(self, type_, value=None):
        if value is None and type_.shape and type_.size <= 64 and self.chance(0.4):
            values = [self.number() for _ in range(type_.size)]
            return self.emit(Constant([], [type_], value=values), max(map(abs, values)))
        value = self.number() if value is None else value
        return self.emit(Constant([], [type_], value=value), abs(value))

    def number(self):
        if self.chance(0.1):
            return -0.0
        return float(self.g.randint(-3, 3)) if self.exact else self.g.choice([0.0, self.g.randint(-128, 128) / 64, self.g.randint(-128, 128) / 64])

    def index(self, value):
        return self.emit(splat_constant(index_type(), value), 0.0)

    def place(self, extent):
        """An index below the extent: known, or from a loop, an argument or a choice."""
        known = [v for v in self.values if v.type.element == "index"]
        if not known or self.chance(0.3):
            return self.index(self.g.randrange(extent))
        return self.emit(Integer([self.g.choice(known), self.index(extent)], [index_type()], name="arith.remui"), 0.0)

    def convert(self, source, type_):
        """Elements of a value in another shape: cut off, or repeated."""
        shape = type_.shape
        if source.type.shape is None:
            return self.emit(Splat([source], [type_]), source.bound) if shape is not None else source
        if shape is None:
            places = [self.place(n) for n in source.type.shape]
            return self.emit(Extract([source] + places, [type_]), source.bound)
        flat, size = self.flatten(source), source.type.size
        if size < type_.size and (2 * size < type_.size or self.chance(0.5)):
            return self.inserted(flat, type_)
        if size < type_.size:
            size *= 2
            flat = self.emit(Concat([flat, flat], [tensor(size)], dim=0), source.bound)
        if size > type_.size:
            flat = self.slice_of(flat, [type_.size])
        return self.folded(flat, type_)

    def folded(self, flat, type_):
        shape = type_.shape
        if shape == (type_.size,):
            return flat
        groups = [list(range(len(shape)))] if shape else []
        return self.emit(Reshape([flat], [type_], name="tensor.expand_shape" if shape else "tensor.collapse_shape",
                                 groups=groups), flat.bound)

    def inserted(self, flat, type_):
        """Among other numbers."""
        into = self.constant(tensor(type_.size))
        geometry, dynamic = self.region_of(into.type.shape, flat.type.shape)
        whole = self.emit(InsertSlice([flat, into] + dynamic, [into.type], **geometry), max(flat.bound, into.bound))
        return self.folded(whole, type_)

    def flatten(self, value):
        rank = len(value.type.shape)
        if rank == 1:
            return value
        name = "tensor.collapse_shape" if rank else "tensor.expand_shape"
        return self.emit(Reshape([value], [tensor(value.type.size)], name=name,
                                 groups=[list(range(rank))] if rank else []), value.bound)

    def tame(self, value, limit=LIMIT):
        if value.bound <= limit:
            return value
        if self.exact:
            low, high = self.constant(value.type, -limit), self.constant(value.type, limit)
            return self.plain("arith.minimumf", [self.plain("arith.maximumf", [value, low], limit), high], limit)
        name = self.g.choice(["sin", "cos", "tanh", "atan", "erf"])
        return self.plain("math." + name, [value], BOUNDED[name])

    def plain(self, name, operands, bound):
        return self.emit(Elementwise(operands, [operands[0].type], name=name), bound)

    def operand(self, type_):
        return self.tame(self.pick(type_))

    def start(self, type_, overwritten):
        """What an op starts from. What is overwritten may be of any content."""
        kind = self.g.random()
        if overwritten and kind < 0.6:
            old = [v for v in self.starts if v.type == type_]
            if old and self.chance(0.6):
                return self.g.choice(old)
            op = Empty([], [type_])
            self.ops.append(op)
            self.starts.append(op.result)
            return op.result
        if kind < 0.8 or type_.shape == ():
            return self.constant(type_, self.g.choice([0.0, 0.0, 1.0, -1.0]))
        if kind < 0.9:
            return self.fill(type_)
        return self.tame(self.pick(type_))

    def fill(self, type_):
        value = self.operand(scalar()) if self.chance(0.5) else self.constant(scalar(), 0.0)
        return self.emit(Fill([value, self.start(type_, True)], [type_]), value.bound)

    # Arithmetic ---------------------------------------------------------------------------------------------------

    def unary(self):
        value = self.operand(self.shape())
        kind = self.g.random()
        if self.exact or kind < 0.1:
            name = self.g.choice(["arith.negf", "math.absf", "math.floor"])
            return self.plain(name, [value], value.bound + 1)
        if kind < 0.45:
            name = self.g.choice(["sin", "cos", "tanh", "atan", "erf"])
            return self.plain("math." + name, [value], BOUNDED[name])
        small = self.plain("math.sin", [value], 1.0)
        if kind < 0.7:
            name = self.g.choice(sorted(SMOOTH))
            half = self.plain("arith.mulf", [small, self.constant(value.type, 0.875)], 0.875)
            return self.plain("math." + name, [half], SMOOTH[name])
        name = self.g.choice(sorted(POSITIVE))
        return self.plain("math." + name, [self.positive(small)], POSITIVE[name])

    def positive(self, small):
        return self.plain("arith.addf", [small, self.constant(small.type, 2.0)], 3.0)

    def binary(self):
        type_ = self.shape()
        a, b = self.operand(type_), self.operand(type_)
        names = ["addf", "subf", "mulf", "mulf", "maximumf", "minimumf", "maxnumf", "minnumf", "select", "fma"]
        name = self.g.choice(names + ([] if self.exact else ["divf", "remf", "powf", "atan2", "copysign"]))
        if name in ("addf", "subf"):
            return self.plain("arith." + name, [a, b], a.bound + b.bound)
        if name == "mulf":
            return self.plain("arith.mulf", [a, b], a.bound * b.bound)
        if name in ("maximumf", "minimumf", "maxnumf", "minnumf"):
            return self.plain("arith." + name, [a, b], max(a.bound, b.bound))
        if name == "fma":
            c = self.operand(type_)
            return self.plain("math.fma", [a, b, c], a.bound * b.bound + c.bound)
        if name == "copysign":
            return self.plain("math.copysign", [a, b], a.bound)
        if name == "select":
            condition = self.condition(a)
            return self.emit(Select([condition, a, b], [type_]), max(a.bound, b.bound))
        away = self.positive(self.plain("math.sin", [b], 1.0))
        if name == "remf":
            return self.plain("arith.remf", [a, away], 3.0)
        if name == "divf":
            return self.plain("arith.divf", [a, away], a.bound)
        if name == "atan2":
            return self.plain("math.atan2", [a, away], 3.2)
        return self.plain("math.powf", [away, self.plain("math.tanh", [a], 1.0)], 3.0)

    def condition(self, value):
        away = self.constant(value.type, self.g.randint(-128, 128) / 64 + (0.5 if self.exact else 1 / 1024))
        predicate = self.g.choice(COMPARISONS)
        return self.emit(Compare([value, away], [Type("i1", value.type.shape)], predicate=predicate), 0.0)

    # Structured ops -------------------------------------------------------------------------------------------------

    def product(self):
        name = self.g.choice(sorted(PRODUCTS) + ["linalg.matvec", "linalg.matmul", "linalg.contract"])
        maps = PRODUCTS.get(name)
        if not maps:
            maps = self.g.choice([((2, 0), (1, 2), (0, 1)), ((0, 1), (0, 1), ()), ((1, 0), (0, 1), (0,)),
                                  ((0, 2), (1, 2), (1, 0)), ((1, 2, 0), (2, 1), (0,))])
        count = 1 + max(d for m in maps for d in m)
        extents = [self.g.choice(self.sizes) for _ in range(count)]
        while self.volume(extents) * self.repeats > 4000:
            extents[self.g.randrange(count)] = self.g.choice([1, 2, 3])
        types = [tensor(*(extents[d] for d in m)) for m in maps]
        a, b = self.operand(types[0]), self.operand(types[1])
        start = self.start(types[2], overwritten=False)
        self.work += self.volume(extents) * self.repeats
        bound = a.bound * b.bound * self.volume(extents) / max(1, types[2].size) + start.bound
        return self.emit(Product([a, b, start], [types[2]], name=name, maps=maps, extents=extents, inputs=2), bound)

    @staticmethod
    def volume(extents):
        volume = 1
        for n in extents:
            volume *= n
        return volume

    OUTPUTS = [1, 1, 2, 3]

    def generic(self):
        """Elementwise with moved and repeated operands, or with one dimension summed; the body may read another tensor
        wherever it likes."""
        rank = self.g.choice([1, 2, 2, 3])
        extents = [self.g.choice(self.sizes) for _ in range(rank)]
        gathered = self.pick(self.matrix(1)) if self.chance(0.4) else None
        private = gathered and self.chance(0.7)
        if private:
            # Of something that nothing else reads, whose place may be the result's.
            gathered = self.plain("arith.negf", [gathered], gathered.bound)
            self.values.pop()
        if gathered and self.chance(0.6):
            extents = list(gathered.type.shape)
            rank = len(extents)
        while self.volume(extents) * self.repeats > 1500:
            extents[self.g.randrange(rank)] = self.g.choice([1, 2, 3])
        dims = list(range(rank))
        reduced = [self.g.randrange(rank)] if self.chance(0.4) else []
        maps = [tuple(self.g.sample(dims, self.g.randint(0 if self.chance(0.1) else 1, rank)))
                for _ in range(self.g.randint(0 if gathered else 1, 3))]
        if reduced or not gathered or self.chance(0.5):
            maps.append(tuple(dims))
        kept = [d for d in dims if d not in reduced]
        inputs = [self.operand(tensor(*(extents[d] for d in m))) for m in maps]
        outputs, combiners = [], []
        for _ in range(self.g.choice(self.OUTPUTS)):
            order = self.g.sample(kept, len(kept)) if self.chance(0.3) else kept
            maps.append(tuple(order))
            combiners.append(self.g.choice(["add", "add", "maximum"]) if reduced else None)
            outputs.append(self.start(tensor(*(extents[d] for d in order)), not reduced))
        arguments = [Value(scalar(), v.bound) for v in inputs + outputs]
        outer = self.inside(arguments)
        if reduced or not all(v.bound and v not in self.starts for v in outputs):
            # What is summed reads its inputs only; the others may read a start that holds something.
            self.values = arguments[:len(inputs)]
        if self.chance(0.3):
            self.values += [v for v in outer[1] if v.type == scalar()][-2:]  # captured
        if gathered:
            self.gather(gathered, extents)
        for _ in range(self.g.randint(1, 3)):
            self.g.choice([self.scalar_unary, self.scalar_binary])()
        yields = [self.tame(self.pick(scalar())) for _ in outputs]
        region = Region(arguments, self.ops, yields)
        self.outside(outer)
        self.work += self.volume(extents) * self.repeats * (1 + len(region.ops))
        bounds = [LIMIT * (extents[reduced[0]] if reduced else 1) + v.bound for v in outputs]
        result = self.emit(Generic(inputs + outputs, [v.type for v in outputs], [region], maps=maps, extents=extents,
                                   inputs=len(inputs), reduced=reduced, combiners=combiners), *bounds)
        if private and len(outputs) == 1:
            self.values.pop()
            result = self.plain("math.sin", [result], 1.0)
        return result

    def generate(self):
        """Each element from its place: of another tensor, or a number that the place gives."""
        type_ = self.matrix(1)
        while type_.size * self.repeats > 1500:
            type_ = tensor(*(self.g.choice([1, 2, 3]) for _ in type_.shape))
        source = self.pick(self.matrix(1))
        arguments = [Value(index_type()) for _ in type_.shape]
        outer = self.inside(arguments)
        self.values += [v for v in outer[1] if v.type == scalar()][-2:]  # captured
        if self.chance(0.8):
            self.gather(source, type_.shape, arguments)
        if self.chance(0.3):
            self.whole()
        for _ in range(self.g.randint(0, 2)):
            self.g.choice([self.scalar_unary, self.scalar_binary])()
        element = self.tame(self.pick(scalar()))
        region = Region(arguments, self.ops, [element])
        self.outside(outer)
        self.work += type_.size * self.repeats * (1 + len(region.ops))
        return self.emit(Generate([], [type_], [region]), element.bound)

    def gather(self, source, extents, indices=None):
        """In a body: an element of a tensor from outside, by the loops' indices: moved round, backwards, or any."""
        places = []
        for extent in source.type.shape:
            d = self.g.randrange(len(extents))
            place = indices[d] if indices else self.emit(Index([], [index_type()], dim=d), 0.0)
            unmoved = place
            if self.chance(0.3):
                place = self.integer("arith.addi", place, self.g.randrange(extent + 1))
            if self.chance(0.2):
                place = self.integer("arith.muli", place, self.g.choice([2, 3]))
            if extents[d] > extent or place is not unmoved:
                place = self.integer("arith.remui", place, extent)
            if self.chance(0.4):
                place = self.emit(Integer([self.index(extent - 1), place], [index_type()], name="arith.subi"), 0.0)
            places.append(place)
        self.emit(Extract([source] + places, [scalar()]), source.bound)

    def integer(self, name, value, constant):
        return self.emit(Integer([value, self.index(constant)], [index_type()], name=name), 0.0)

    def scalar_unary(self):
        saved, self.shape = self.shape, scalar
        self.unary()
        self.shape = saved

    def scalar_binary(self):
        saved, self.shape = self.shape, scalar
        self.binary()
        self.shape = saved

    def inside(self, arguments):
        outer = self.ops, self.values, self.starts, self.work
        self.ops, self.values, self.starts = [], list(arguments), []
        return outer

    def outside(self, outer):
        self.ops, self.values, self.starts, self.work = outer

    def matrix(self, least=2):
        while True:
            type_ = self.shape()
            if type_.shape is not None and len(type_.shape) >= least:
                return type_

    def reduce(self):
        type_ = self.matrix(1)
        dims = sorted(self.g.sample(range(len(type_.shape)), self.g.randint(1, len(type_.shape))))
        source = self.operand(type_)
        rest = tensor(*(n for d, n in enumerate(type_.shape) if d not in dims))
        start = self.start(rest, False)
        return self.emit(Reduce([source, start], [rest], combiner=self.g.choice(["add", "add", "maximum"]), dims=dims),
                         source.bound * type_.size / rest.size + start.bound)

    def broadcast(self):
        type_ = self.matrix(1)
        dims = sorted(self.g.sample(range(len(type_.shape)), self.g.randint(1, len(type_.shape))))
        source = self.pick(tensor(*(n for d, n in enumerate(type_.shape) if d not in dims)))
        return self.emit(Broadcast([source, self.start(type_, True)], [type_], dims=dims), source.bound)

    def transpose(self):
        type_ = self.matrix()
        order = self.g.sample(range(len(type_.shape)), len(type_.shape))
        source = self.pick(type_)
        turned = tensor(*(type_.shape[d] for d in order))
        return self.emit(Transpose([source, self.start(turned, True)], [turned], order=order), source.bound)

    # Parts -----------------------------------------------------------------------------------------------------------

    def region_of(self, shape, sizes=None):
        """Where a part lies: offsets (None: known when it runs only), sizes, strides, dynamic offsets."""
        offsets, strides, dynamic = [], [], []
        sizes = list(sizes) if sizes else [self.g.randint(1, n) if self.chance(0.7) else n for n in shape]
        for n, size in zip(shape, sizes):
            stride = 2 if 2 * size - 1 <= n and self.chance(0.15) else 1
            room = n - (size - 1) * stride
            if self.chance(0.3):
                offsets.append(None)
                dynamic.append(self.place(room))
            else:
                offsets.append(self.g.randrange(room))
            strides.append(stride)
        return dict(offsets=offsets, sizes=sizes, strides=strides), dynamic

    def slice_of(self, source, sizes=None):
        geometry, dynamic = self.region_of(source.type.shape, sizes)
        return self.emit(ExtractSlice([source] + dynamic, [tensor(*geometry["sizes"])], **geometry), source.bound)

    def extract_slice(self):
        return self.slice_of(self.pick(self.matrix(1)))

    def insert_slice(self):
        into = self.pick(self.matrix(1))
        geometry, dynamic = self.region_of(into.type.shape)
        part = self.pick(tensor(*geometry["sizes"]))
        return self.emit(InsertSlice([part, into] + dynamic, [into.type], **geometry), max(part.bound, into.bound))

    def insert(self):
        into = self.pick(self.matrix(1))
        element = self.pick(scalar())
        return self.emit(Insert([element, into] + [self.place(n) for n in into.type.shape], [into.type]),
                         max(element.bound, into.bound))

    def assemble(self):
        """Two parts that cover a start of unknown content."""
        type_ = self.matrix(1)
        dim = self.g.randrange(len(type_.shape))
        if type_.shape[dim] < 2:
            return self.insert_slice()
        cut = self.g.randrange(1, type_.shape[dim])
        whole, bound = self.start(type_, True), 0.0
        pieces = [(0, cut), (cut, type_.shape[dim] - cut)]
        self.g.shuffle(pieces)
        for at, size in pieces:
            shape = list(type_.shape)
            shape[dim] = size
            part = self.pick(tensor(*shape))
            bound = max(bound, part.bound)
            op = InsertSlice([part, whole], [type_], offsets=[at if d == dim else 0 for d in range(len(shape))], sizes=shape,
                             strides=[1] * len(shape))
            self.ops.append(op)
            whole = op.result
        whole.bound = bound
        self.values.append(whole)
        return whole

    def elements(self):
        parts = [self.pick(scalar()) for _ in range(self.g.choice([1, 2, 3, 5]))]
        return self.emit(FromElements(parts, [tensor(len(parts))]), max(p.bound for p in parts))

    def whole(self):
        """A number from an index, or an index from a number."""
        some = self.emit(Integer([self.pick(index_type()), self.index(5)], [index_type()], name="arith.remui"), 0.0)
        name = self.g.choice(["arith.muli", "arith.minsi", "arith.maxsi"])
        some = self.emit(Integer([some, self.index(self.g.randint(0, 2))], [index_type()], name=name), 0.0)
        if self.exact or self.chance(0.7):
            cast = self.emit(Cast([some], [Type("i64")], name="arith.index_cast"), 0.0)
            return self.emit(Cast([cast], [scalar()], name="arith.sitofp"), 8.0)
        number = self.plain("math.absf", [self.operand(scalar())], LIMIT)
        cast = self.emit(Cast([number], [Type("i64")], name="arith.fptosi"), 0.0)
        return self.emit(Cast([cast], [index_type()], name="arith.index_cast"), 0.0)

    def reshape(self):
        source = self.pick(self.matrix())
        flat = self.flatten(source)
        return self.convert(flat, self.shape())

    def concat(self):
        type_ = self.matrix(1)
        if type_.size > 1000:
            return self.elements()
        dim = self.g.randrange(len(type_.shape))
        a, b = self.pick(type_), self.pick(type_)
        shape = list(type_.shape)
        shape[dim] *= 2
        return self.emit(Concat([a, b], [tensor(*shape)], dim=dim), max(a.bound, b.bound))

    def pad(self):
        source = self.pick(self.matrix(1))
        if source.type.size > 500:
            return self.elements()
        low, high = ([self.g.choice([0, 0, 1, 2]) for _ in source.type.shape] for _ in range(2))
        value = self.pick(scalar())
        shape = [n + a + b for n, a, b in zip(source.type.shape, low, high)]
        return self.emit(Pad([source, value], [tensor(*shape)], low=low, high=high), max(source.bound, value.bound))

    STRUCTURAL = ["reduce", "broadcast", "transpose", "extract_slice", "insert_slice", "insert", "assemble", "elements",
                  "reshape", "concat", "pad", "fill_some", "whole"]

    def fill_some(self):
        return self.fill(self.matrix(1))

    def structural(self):
        return getattr(self, self.g.choice(self.STRUCTURAL))()
