#===- windows.py - Convolutions and pooling in random programs ---------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Ops whose input is read in windows: its places are sums of multiples of the loops' indices."""
from operations import offset, positions
from program import tensor
from structured import Structured

# The loops, letter by letter, and what the dimensions of input, kernel and output follow; a pair "yi" is the place in the
# window i at the output's place y. Loops that the output lacks are summed.
NAMED = {"linalg.conv_1d": ("yi", ["yi"], "i", "y"), "linalg.conv_2d": ("yxij", ["yi", "xj"], "ij", "yx"),
         "linalg.conv_1d_nwc_wcf": ("nyfic", ["n", "yi", "c"], "icf", "nyf"),
         "linalg.conv_2d_nchw_fchw": ("nfyxcij", ["n", "c", "yi", "xj"], "fcij", "nfyx"),
         "linalg.conv_2d_nhwc_hwcf": ("nyxfijc", ["n", "yi", "xj", "c"], "ijcf", "nyxf"),
         "linalg.depthwise_conv_1d_nwc_wc": ("nyci", ["n", "yi", "c"], "ic", "nyc"),
         "linalg.depthwise_conv_2d_nhwc_hwc": ("nyxcij", ["n", "yi", "xj", "c"], "ijc", "nyxc"),
         "linalg.pooling_nwc_sum": ("nyci", ["n", "yi", "c"], "i", "nyc"),
         "linalg.pooling_nwc_max": ("nyci", ["n", "yi", "c"], "i", "nyc"),
         "linalg.pooling_nhwc_sum": ("nyxcij", ["n", "yi", "xj", "c"], "ij", "nyxc"),
         "linalg.pooling_nhwc_min": ("nyxcij", ["n", "yi", "xj", "c"], "ij", "nyxc"),
         "linalg.pooling_nchw_sum": ("ncyxij", ["n", "c", "yi", "xj"], "ij", "ncyx"),
         "linalg.pooling_nchw_max": ("ncyxij", ["n", "c", "yi", "xj"], "ij", "ncyx")}
PLAIN = ("linalg.conv_1d", "linalg.conv_2d")  # neither strides nor dilations


class Window(Structured):
    """`name` is one of NAMED, whose form it has, or that of linalg.generic, which writes its maps and its `combiner`.
    `steps`: for each place in a window how far outputs and elements of a window are from each other."""
    inputs = 2

    @property
    def form(self):
        return NAMED[self.like]

    def places(self):
        """For each operand and dimension the multiples of loops that are added up."""
        loops, source, kernel, output = self.form
        steps = iter(self.steps)
        first = []
        for letters in source:
            stride, dilation = next(steps) if len(letters) == 2 else (1, 1)
            first.append([(loops.index(letters[0]), stride)] + [(loops.index(c), dilation) for c in letters[1:]])
        return [first] + [[[(loops.index(c), 1)] for c in dims] for dims in (kernel, output)]

    def text(self, p):
        if self.name != "linalg.generic":
            numbers = lambda values: f"dense<{list(values)}> : tensor<{len(self.steps)}xi64>"
            strides, dilations = zip(*self.steps)
            written = "" if self.name in PLAIN else f" {{dilations = {numbers(dilations)}, strides = {numbers(strides)}}}"
            return f"{self.name}{written} {self.ends(p)} -> {p.type(self.result)}"
        loops, *_, output = self.form
        dims = ", ".join(f"d{d}" for d in range(len(loops)))
        maps = ", ".join(f"affine_map<({dims}) -> ({', '.join(' + '.join(f'd{d} * {n}' for d, n in dim) for dim in operand)})>"
                         for operand in self.places())
        kinds = ", ".join('"parallel"' if c in output else '"reduction"' for c in loops)
        a, b, c, r, n = (f"%{letter}{p.count}" for letter in "abcrn")
        p.count += 1
        body = {"product": f"{n} = arith.mulf {a}, {b} : {p.float}\n{p.indent}  {r} = arith.addf {c}, {n} : {p.float}",
                "sum": f"{r} = arith.addf {c}, {a} : {p.float}", "max": f"{r} = arith.maximumf {c}, {a} : {p.float}",
                "min": f"{r} = arith.minimumf {c}, {a} : {p.float}"}[self.combiner]
        return (f"linalg.generic {{indexing_maps = [{maps}], iterator_types = [{kinds}]}} {self.ends(p)} {{\n"
                f"{p.indent}^bb0({a}: {p.float}, {b}: {p.float}, {c}: {p.float}):\n{p.indent}  {body}\n"
                f"{p.indent}  linalg.yield {r} : {p.float}\n{p.indent}}} -> {p.type(self.result)}")

    def compute(self, e, operands):
        shapes, places = [v.type.shape for v in self.operands], self.places()
        terms = [[value] for value in operands[2]]
        for position in positions(self.extents):
            at = [offset(shape, [sum(n * position[d] for d, n in dim) for dim in dims])
                  for shape, dims in zip(shapes, places)]
            value = operands[0][at[0]]
            terms[at[2]].append(e.arithmetic.multiply(value, operands[1][at[1]]) if self.combiner == "product" else value)
        if self.combiner in ("product", "sum"):
            return [[e.arithmetic.total(t) for t in terms]]
        choose = {"max": e.arithmetic.maximum, "min": e.arithmetic.minimum}[self.combiner]
        found = []
        for best, *rest in terms:
            for value in rest:
                best = choose(best, value)
            found.append(best)
        return [found]


class WindowWriter:
    """What a builder needs to write them."""

    def window(self):
        like = self.g.choice(sorted(NAMED))
        loops, source, kernel, output = NAMED[like]
        combiner = like.rsplit("_", 1)[1] if "pooling" in like else "product"
        name = "linalg.generic" if self.chance(0.4) else like
        extents = {c: self.g.choice([1, 2, 3] if c in "ij" else [1, 1, 2] if c == "n" else [1, 2, 3, 4, 5, 7]) for c in loops}
        while self.volume(extents.values()) * self.repeats > 3000:
            extents[self.g.choice(loops)] = 1
        steps, shape = [], []
        for letters in source:
            if len(letters) == 1:
                shape.append(extents[letters])
                continue
            stride, dilation = (1, 1) if name in PLAIN else (self.g.choice([1, 1, 2, 3]), self.g.choice([1, 1, 2]))
            steps.append((stride, dilation))
            reach = (extents[letters[0]] - 1) * stride + (extents[letters[1]] - 1) * dilation + 1
            # What the last window leaves over.
            shape.append(reach + (self.g.randrange(stride) if stride > 1 and self.chance(0.3) else 0))
        value, weights = self.operand(tensor(*shape)), self.operand(tensor(*(extents[c] for c in kernel)))
        start = self.start(tensor(*(extents[c] for c in output)), overwritten=False)
        volume = self.volume(extents.values())
        self.work += volume * self.repeats
        each = volume / start.type.size
        bound = {"product": value.bound * weights.bound * each + start.bound, "sum": value.bound * each + start.bound}.get(
            combiner, max(value.bound, start.bound))
        return self.emit(Window([value, weights, start], [start.type], name=name, like=like, combiner=combiner, steps=steps,
                                extents=[extents[c] for c in loops]), bound)
