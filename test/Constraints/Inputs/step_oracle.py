# ===- step_oracle.py - Steps of random problems, computed another way ------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# ===-----------------------------------------------------------------------------------------------------===#
"""step_oracle.py FIRST COUNT: random problems from the seeds FIRST, FIRST + 1, …

Each has objectives and constraints of every kind on polynomials of a few variables and up to two networks, over sets of a few
points, under random strategies and optimizers. Its steps are computed here from the formulas of docs/Constraints.md and
docs/Language.md, with gradients by dual numbers, systems by elimination and their conditioning in closed form, and compared with
what costate-run does: every figure of every step, and the parameters and states of the last one. Then the problem is written in
another way that must not change it: statements in another order, other names, a term of weight zero, every term in two halves, a set
in two parts, everything twice.
"""
import csv
import json
import math
import os
import random
import re
import shutil
import struct
import subprocess
import sys

STEPS = 4
VARIABLES = {"w": 3, "v": 2}
HIDDEN = {"n": 1, "m": 2}  # of the networks, between two numbers and one
WAYS = ["order", "names", "nothing", "halves", "parts", "twice"]


AGAIN = "_again"


class Dual:
    """A number and its derivatives by all parameters."""

    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def __add__(self, other):
        return Dual(self.value + other.value, [a + b for a, b in zip(self.slope, other.slope)])

    def __mul__(self, other):
        return Dual(self.value * other.value,
                    [self.value * b + other.value * a for a, b in zip(self.slope, other.slope)])

    def scaled(self, factor):
        return Dual(factor * self.value, [factor * a for a in self.slope])

    def tanh(self):
        t = math.tanh(self.value)
        return Dual(t, [(1 - t * t) * a for a in self.slope])


def number(value, n):
    return Dual(value, [0.0] * n)


def written(value):
    """As MLIR reads it: an exponent needs a point before it."""
    text = repr(value)
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def solved(rows, right):
    """The least λ with J Jᵀ λ = right, J having one row or two, and σ_max/σ_min of J."""
    gram = [[dot(a, b) for b in rows] for a in rows]
    if len(rows) == 1:
        return [right[0] / gram[0][0]], 1.0
    a, b = rows
    # By Lagrange's identity, without cancellation.
    determinant = math.fsum((a[i] * b[j] - a[j] * b[i])**2 for i in range(len(a)) for j in range(i))
    trace = gram[0][0] + gram[1][1]
    if determinant <= 1e-20 * trace * trace:  # parallel
        return [dot(row, right) / trace**2 for row in gram], math.inf
    largest = (trace + math.hypot(gram[0][0] - gram[1][1], 2 * gram[0][1])) / 2
    return ([(gram[1][1] * right[0] - gram[0][1] * right[1]) / determinant,
             (gram[0][0] * right[1] - gram[0][1] * right[0]) / determinant], largest / math.sqrt(determinant))


class Problem:
    """What is asked for, as data; `text` writes it and `steps` follows it."""

    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.networks = rng.choice([[], ["n"], ["n", "m"]])
        # The parameters as they follow each other, those of a network by layers, weights before biases.
        self.blocks = {**{name: 4 * HIDDEN[name] + 1 for name in self.networks}, **VARIABLES}
        self.inits = {name: [round(rng.uniform(-1, 1), 3) for _ in range(size)] for name, size in self.blocks.items()}
        self.sets = {f"s{i}": [(round(rng.uniform(-1, 1), 3), round(rng.uniform(-1, 1), 3))
                               for _ in range(rng.choice([1, 2, 3, 5]))] for i in range(rng.choice([1, 2]))}
        self.functions, self.objectives, self.constraints = {}, [], []
        for i in range(rng.choice([1, 2, 3])):
            loss = rng.choice(["square", "square", "huber", "identity"])
            self.objectives.append({
                "name": f"o{i}", "set": rng.choice(list(self.sets)), "loss": loss,
                "f": self.function(1 if loss == "identity" else rng.choice([1, 2]), convex=loss == "identity"),
                "delta": 0.7, "target": rng.choice([0.0, 0.5]) if loss != "identity" else 0.0,
                "weight": rng.choice([1.0, 0.3]), "sum": rng.random() < 0.3})
        self.flows = {mode: {"gain": rng.choice([1.0, 2.5]), "at_least": rng.random() < 0.4,
                             "reduce": rng.choice(["square", "huber"]), "delta": 0.9} for mode in ("reduction", "per_sample")}
        for i in range(rng.choice([1, 2, 3, 4])):
            strategy = rng.choice(["monitor", "penalty", "reduction", "per_sample"])
            aggregate = rng.choice([None, "mean", "sum"]) if strategy != "per_sample" else None
            self.constraints.append({
                "name": f"c{i}", "set": rng.choice(list(self.sets)), "strategy": strategy, "aggregate": aggregate,
                "f": self.function(1 if strategy in ("reduction", "per_sample") else rng.choice([1, 2])),
                "relation": rng.choice(["==", "<=", ">="]) if strategy in ("monitor", "penalty") else "==",
                "bound": rng.choice([0.0, 0.4]), "kind": rng.choice(["square", "huber"]), "delta": 0.6,
                "weight": rng.choice([2.0, 0.5])})
        self.way = WAYS[seed % len(WAYS)]
        # One multiplier for all would couple what is there twice.
        self.flows["reduction"]["at_least"] &= self.way != "twice"
        # No more multipliers in one system than there are parameters to move.
        for mode, limit in (("reduction", 2), ("per_sample", 2)):
            for extra in [c for c in self.constraints if c["strategy"] == mode][limit:]:
                extra["strategy"] = "penalty"
        self.optimizer = rng.choice([
            ("euler", {"dt": 0.05}), ("gradient_descent", {"lr": 0.04}), ("sgd", {"lr": 0.03, "momentum": 0.8}),
            ("nesterov", {"lr": 0.03, "momentum": 0.7}), ("adam", {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6}),
            ("adamw", {"lr": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-6, "decay": 0.1})])
        self.schedule = rng.choice(["constant", "constant", "step", "exponential", "cosine", "piecewise", "warmup"])
        # What the other way of writing is about must be there: penalties that can be halved, a set that can be cut.
        if self.way == "halves":
            self.constraints.append(self.penalty("halved", rng.choice(list(self.sets))))
        elif self.way == "parts":
            self.sets["cut"] = [(round(rng.uniform(-1, 1), 3), round(rng.uniform(-1, 1), 3)) for _ in range(rng.choice([2, 3, 5]))]
            self.objectives.append({
                "name": "over_cut", "set": "cut", "loss": "square", "f": self.function(2), "delta": 0.7, "target": 0.5,
                "weight": 0.3, "sum": rng.random() < 0.5})
            if rng.random() < 0.7:
                self.constraints.append(self.penalty("penalized", "cut"))

    def penalty(self, name, over):
        return {"name": name, "set": over, "strategy": "penalty", "aggregate": None, "f": self.function(2),
                "relation": self.rng.choice(["==", "<=", ">="]), "bound": 0.4, "kind": self.rng.choice(["square", "huber"]),
                "delta": 0.6, "weight": self.rng.choice([2.0, 0.5])}

    def function(self, components, convex=False):
        """A polynomial of the parameters and the point for each component: coefficients of products."""
        name = f"f{len(self.functions)}"
        # Not every function knows of everything.
        sources = self.rng.choice([["w", "v"], ["w"], ["w", "v"] + self.networks, ["v"] + self.networks[:1], ["w"] + self.networks[1:]])
        places = [(source, i) for source in sources for i in range(VARIABLES.get(source, 1))]
        rows = []
        for _ in range(components):
            terms = [(round(self.rng.uniform(-1, 1), 3), [place]) for place in self.rng.sample(places, min(3, len(places)))]
            terms += [(round(self.rng.uniform(0.1, 1), 3), [place, place]) for place in places] if convex else [
                (round(self.rng.uniform(-1, 1), 3), [self.rng.choice(places), self.rng.choice(places), ("x", 0)])]
            terms += [(round(self.rng.uniform(-1, 1), 3), [self.rng.choice(places), ("x", 1)])]
            rows.append(terms)
        self.functions[name] = rows
        return name

    # What is written.

    def text(self, data, order=None, rename=None, extra=False, halves=False, parts=False, twice=False):
        rng = order or random.Random(0)
        new = (lambda name: rename[0] + name + rename[1]) if rename else (lambda name: name)
        definitions, sets, asked = self.statements(data, new, extra, halves, parts)
        if twice:
            for list_, more in zip((definitions, sets, asked), self.statements(data, lambda name: name + AGAIN)):
                list_ += more
        kind, numbers = self.optimizer
        schedule = {"constant": "", "step": "schedule #costate.step<every = 2, factor = 0.5>", "exponential": "schedule #costate.exponential<rate = 0.9>",
                    "cosine": "schedule #costate.cosine<steps = 3, final = 0.25>",
                    "piecewise": "schedule #costate.piecewise<boundaries = [1, 3], factors = [1.0, 0.5, 2.0]>",
                    "warmup": "schedule #costate.warmup<steps = 3, then = #costate.exponential<rate = 0.8>>"}[self.schedule]
        asked.append(f"  costate.train by #costate.{kind}<{', '.join(f'{k} = {written(v)}' for k, v in numbers.items())}> {schedule} steps {STEPS}")
        if order:
            for list_ in (definitions, sets, asked):
                rng.shuffle(list_)
            inside = sets + asked if rng.random() < 0.5 else asked + sets
            problem = f"costate.problem @{new('random')} {{\n" + "\n".join(inside) + "\n}"
            at = rng.randrange(len(definitions) + 1)
            return "\n".join(definitions[:at] + [problem] + definitions[at:]) + "\n"
        return "\n".join(definitions) + f"\ncostate.problem @{new('random')} {{\n" + "\n".join(sets + asked) + "\n}\n"

    def statements(self, data, new, extra=False, halves=False, parts=False):
        """What is defined, the sets, and what is asked for; writes the points."""
        quoted = lambda name: json.dumps(new(name))
        definitions, sets, asked = [], [], []
        for name in self.networks:
            definitions.append(self.network_text(new, name))
        for name, size in VARIABLES.items():
            values = ", ".join(map(repr, self.inits[name]))
            definitions.append(f"costate.variable @{new(name)} init [{values}] : tensor<{size}xf64>")
        for name, rows in self.functions.items():
            definitions.append(self.function_text(new, name, rows))
        for name, points in self.sets.items():
            pieces = self.pieces(name, points) if parts else {name: points}
            for piece, rows in pieces.items():
                sets.append(f"  costate.data @{new(piece)} (x: tensor<2xf64>)")
                with open(os.path.join(data, new(piece) + ".csv"), "w") as file:
                    file.write("x[0],x[1]\n" + "".join(f"{a!r},{b!r}\n" for a, b in rows))
        for o in self.objectives:
            call = f"@{new(o['f'])}(x)"
            difference = call + (f" - {o['target']!r}" if o["target"] else "")
            loss = {"identity": call, "square": f"square({difference})", "huber": f"huber<{o['delta']}>({difference})"}[o["loss"]]
            pieces = self.pieces(o["set"], self.sets[o["set"]]) if parts else {o["set"]: self.sets[o["set"]]}
            for k, (piece, rows) in enumerate(pieces.items()):
                share = 1.0 if o["sum"] else len(rows) / len(self.sets[o["set"]])
                for half in range(2 if halves else 1):
                    name = o["name"] + ("" if half == 0 and k == 0 else f"_{k}_{half}")
                    weight = o["weight"] * share / (2 if halves else 1)
                    asked.append(f"  costate.minimize {quoted(name)} {'sum ' if o['sum'] else ''}{loss} over @{new(piece)} weight {weight!r}")
        if extra:
            o = self.objectives[0]
            asked.append(f"  costate.minimize {quoted('nothing')} square(@{new(o['f'])}(x)) over @{new(o['set'])} weight 0.0")
        for c in self.constraints:
            twice = halves and c["strategy"] == "penalty"
            pieces = self.pieces(c["set"], self.sets[c["set"]]) if parts else {c["set"]: self.sets[c["set"]]}
            for k, (piece, rows) in enumerate(pieces.items()):
                share = len(rows) / len(self.sets[c["set"]]) / (2 if twice else 1)
                for half in range(2 if twice else 1):
                    name = c["name"] + ("" if half == 0 and k == 0 else f"_{k}_{half}")
                    asked.append(f"  costate.subject_to {quoted(name)} {c['aggregate'] + ' ' if c['aggregate'] else ''}@{new(c['f'])}(x) "
                                 f"{c['relation']} {c['bound']!r} over @{new(piece)} by {self.strategy_text(c, share)}")
        return definitions, sets, asked

    def pieces(self, name, points):
        """In two parts, a set over which nothing but means and sums of points are asked for: no system and no aggregate."""
        if len(points) < 2 or any(c["set"] == name and (c["aggregate"] or c["strategy"] not in ("monitor", "penalty"))
                                  for c in self.constraints):
            return {name: points}
        return {name: points[:1], name + "_rest": points[1:]}

    def rejoined(self, row):
        """The figures of a step that was taken over parts, as they are over the whole sets."""
        row = dict(row)
        for asked in self.objectives + self.constraints:
            points, name = self.sets[asked["set"]], asked["name"]
            pieces = list(self.pieces(asked["set"], points).values())
            names = [name if k == 0 else f"{name}_{k}_0" for k in range(len(pieces))]
            shares = [1.0 if asked.get("sum") else len(rows) / len(points) for rows in pieces]
            if len(pieces) == 1:
                continue
            figures = [row.pop(n) for n in names]
            if asked in self.constraints:
                row[name] = math.sqrt(math.fsum(share * f * f for share, f in zip(shares, figures)))
                row[name + ".max"] = max([row.pop(n + ".max") for n in names])
            else:
                row[name] = dot(shares, figures)
        return row

    def strategy_text(self, c, share):
        if c["strategy"] == "monitor":
            return "#costate.monitor"
        if c["strategy"] == "penalty":
            return f"#costate.penalty<kind = {c['kind']}, delta = {c['delta']}, weight = {c['weight'] * share!r}>"
        flow = self.flows[c["strategy"]]
        rest = f", reduce = {flow['reduce']}, delta = {flow['delta']}" if c["strategy"] == "reduction" else ""
        return (f"#costate.tanabe<mode = {c['strategy']}{rest}, decay = {'at_least' if flow['at_least'] else 'exact'}, "
                f"gain = {flow['gain']}>")

    def layers(self, name, values=None):
        """The parameters of a network by name, from what it has begun with or other numbers."""
        values, h = self.inits[name] if values is None else values, HIDDEN[name]
        return {"layer0.weight": values[:2 * h], "layer0.bias": values[2 * h:3 * h], "layer1.weight": values[3 * h:4 * h],
                "layer1.bias": values[4 * h:]}

    def network_text(self, new, name):
        h, layers = HIDDEN[name], self.layers(name)
        begin = lambda layer: f"init({layers[layer + '.weight']}) bias({layers[layer + '.bias']})"
        return (f"costate.network @{new(name)}(%x: tensor<2xf64>) -> tensor<1xf64> {{\n"
                f"  %h = costate.dense %x -> {h} {begin('layer0')} activation(tanh) : tensor<2xf64> -> tensor<{h}xf64>\n"
                f"  %u = costate.dense %h -> 1 {begin('layer1')} : tensor<{h}xf64> -> tensor<1xf64>\n"
                "  costate.yield %u : tensor<1xf64>\n}")

    @staticmethod
    def function_text(new, name, rows):
        lines = [f"costate.residual @{new(name)}(%x: tensor<2xf64>) -> tensor<{len(rows)}xf64> {{"]
        size_of = lambda source: VARIABLES.get(source, 2 if source == "x" else 1)
        for source in sorted({source for terms in rows for _, factors in terms for source, _ in factors} - {"x"}):
            if source in HIDDEN:
                lines.append(f"  %{source} = costate.call @{new(source)}(%x) : (tensor<2xf64>) -> tensor<1xf64>")
            else:
                lines.append(f"  %{source} = costate.read @{new(source)} : tensor<{size_of(source)}xf64>")
        for i in range(3):
            lines.append(f"  %i{i} = arith.constant {i} : index")
        values = []
        for r, terms in enumerate(rows):
            total = None
            for t, (coefficient, factors) in enumerate(terms):
                at = f"%v{r}_{t}"
                lines.append(f"  {at} = arith.constant {coefficient!r} : f64")
                for k, (variable, i) in enumerate(factors):
                    lines.append(f"  {at}_e{k} = tensor.extract %{variable}[%i{i}] : tensor<{size_of(variable)}xf64>")
                    lines.append(f"  {at}_p{k} = arith.mulf {at}{f'_p{k - 1}' if k else ''}, {at}_e{k} : f64")
                term = f"{at}_p{len(factors) - 1}"
                if total:
                    lines.append(f"  {at}_s = arith.addf {total}, {term} : f64")
                total = f"{at}_s" if total else term
            values.append(total)
        lines.append(f"  %r = tensor.from_elements {', '.join(values)} : tensor<{len(rows)}xf64>")
        return "\n".join(lines + [f"  costate.yield %r : tensor<{len(rows)}xf64>", "}"])

    # What must come out.

    def at(self, theta, name, x):
        """The components of a function at a point, with their gradients."""
        n = len(theta)
        point = [number(x[0], n), number(x[1], n)]
        places, result, first = {("x", 0): point[0], ("x", 1): point[1]}, [], 0
        for block, size in self.blocks.items():
            own = [Dual(theta[k], [float(k == j) for j in range(n)]) for k in range(first, first + size)]
            first += size
            if block in VARIABLES:
                places.update({(block, i): value for i, value in enumerate(own)})
                continue
            layers, value = self.layers(block, own), None
            for j in range(HIDDEN[block]):
                w = layers["layer0.weight"][2 * j:2 * j + 2]
                hidden = (w[0] * point[0] + w[1] * point[1] + layers["layer0.bias"][j]).tanh() * layers["layer1.weight"][j]
                value = hidden if value is None else value + hidden
            places[block, 0] = value + layers["layer1.bias"][0]
        for terms in self.functions[name]:
            total = number(0.0, n)
            for coefficient, factors in terms:
                product = number(coefficient, n)
                for factor in factors:
                    product = product * places[factor]
                total = total + product
            result.append(total)
        return result

    @staticmethod
    def rho(kind, delta, r):
        """ρ(r), as a dual number."""
        if kind == "identity":
            return r
        if kind == "square":
            return r * r
        if abs(r.value) <= delta:
            return (r * r).scaled(0.5)
        sign = math.copysign(1.0, r.value)
        return r.scaled(delta * sign) + number(-delta * delta / 2, len(r.slope))

    def constraint_at(self, theta, c, x):
        """value − bound, the violated side positive, for every component."""
        n = len(theta)
        factor = len(self.sets[c["set"]]) if c["aggregate"] == "sum" else 1
        sign = -1.0 if c["relation"] == ">=" else 1.0
        return [(g.scaled(factor) + number(-c["bound"], n)).scaled(sign) for g in self.at(theta, c["f"], x)]

    @staticmethod
    def violated(c, g):
        return g if c["relation"] == "==" or g.value > 0 else number(0.0, len(g.slope))

    def step(self, theta):
        """The direction and the figures at θ."""
        n = len(theta)
        figures, loss, direction = {}, 0.0, [0.0] * n
        add = lambda target, factor, slope: [a + factor * b for a, b in zip(target, slope)]
        for s, points in self.sets.items():
            weight = 1.0 / len(points)
            system = [c for c in self.constraints if c["set"] == s and c["strategy"] == "per_sample"]
            squares = {c["name"]: 0.0 for c in system}
            for x in points:
                lagrangian = number(0.0, n)
                for o in self.objectives:
                    if o["set"] != s:
                        continue
                    value = number(0.0, n)
                    for u in self.at(theta, o["f"], x):
                        value = value + self.rho(o["loss"], o["delta"], u + number(-o["target"], n))
                    value = value.scaled(len(points) if o["sum"] else 1.0)
                    figures[o["name"]] = figures.get(o["name"], 0.0) + weight * value.value
                    lagrangian = lagrangian + value.scaled(o["weight"])
                for c in self.constraints:
                    if c["set"] != s or c["aggregate"]:
                        continue
                    v = [self.violated(c, g) for g in self.constraint_at(theta, c, x)]
                    figures[c["name"]] = figures.get(c["name"], 0.0) + weight * math.fsum(a.value**2 for a in v) / len(v)
                    figures[c["name"] + ".max"] = max([figures.get(c["name"] + ".max", 0.0)] + [abs(a.value) for a in v])
                    if c["strategy"] == "penalty":
                        for a in v:
                            lagrangian = lagrangian + self.rho(c["kind"], c["delta"], a).scaled(c["weight"])
                loss += weight * lagrangian.value
                slope = lagrangian.slope
                if system:
                    rows = [(c["name"], g) for c in system for g in self.constraint_at(theta, c, x)]
                    slope, multipliers, condition = self.held(self.flows["per_sample"], slope, [g for _, g in rows])
                    for (name, _), m in zip(rows, multipliers):
                        squares[name] += weight * m * m
                        self.measure(figures, name, condition)
                direction = add(direction, weight, slope)
            for name, square in squares.items():
                figures[name + ".lambda"] = math.sqrt(square)
        totals = {}
        for c in self.constraints:
            if not c["aggregate"]:
                figures[c["name"]] = math.sqrt(figures[c["name"]])
            points = self.sets[c["set"]]
            if not c["aggregate"] and c["strategy"] != "reduction":
                continue
            flow = self.flows["reduction"]
            h = None
            for x in points:
                g = self.constraint_at(theta, c, x)
                g = [a.scaled(1.0 / len(points)) for a in g] if c["aggregate"] else [
                    self.rho(flow["reduce"], flow["delta"], a).scaled(1.0 / len(points)) for a in g]
                h = g if h is None else [a + b for a, b in zip(h, g)]
            totals[c["name"]] = h
            if c["aggregate"]:
                figures[c["name"]] = math.sqrt(math.fsum(self.violated(c, a).value**2 for a in h))
        for c in self.constraints:
            if c["aggregate"] and c["strategy"] == "penalty":
                for a in totals[c["name"]]:
                    term = self.rho(c["kind"], c["delta"], self.violated(c, a)).scaled(c["weight"])
                    loss += term.value
                    direction = add(direction, 1.0, term.slope)
        rows = [(c["name"], a) for c in self.constraints if c["strategy"] == "reduction" for a in totals[c["name"]]]
        if rows:
            direction, multipliers, condition = self.held(self.flows["reduction"], direction, [a for _, a in rows])
            for (name, _), m in zip(rows, multipliers):
                self.measure(figures, name, condition)
                figures[name + ".lambda"] = math.hypot(figures.get(name + ".lambda", 0.0), m)
        figures["loss"] = loss
        return direction, figures

    @staticmethod
    def measure(figures, name, condition):
        """The worst of all points; where rows are parallel it depends on the cut whether a direction is missing."""
        figures[name + ".condition"] = max(condition, figures.get(name + ".condition", 0.0))
        if math.isinf(figures[name + ".condition"]):
            figures.update({name + ".condition": math.nan, name + ".rank_deficient": math.nan})
        elif not math.isnan(figures[name + ".condition"]):
            figures[name + ".rank_deficient"] = 0.0

    @staticmethod
    def held(flow, slope, rows):
        """∇f + Jᵀλ, λ, and the conditioning of the system."""
        condition = 1.0
        if flow["at_least"]:
            v = [math.fsum(g.value * g.slope[k] for g in rows) for k in range(len(slope))]
            mu = max(0.0, flow["gain"] * math.fsum(g.value**2 for g in rows) - dot(v, slope)) / dot(v, v)
            multipliers = [mu * g.value for g in rows]
        else:
            multipliers, condition = solved([g.slope for g in rows], [flow["gain"] * g.value - dot(g.slope, slope) for g in rows])
        for m, g in zip(multipliers, rows):
            slope = [a + m * b for a, b in zip(slope, g.slope)]
        return slope, multipliers, condition

    def factor(self, step):
        """Of the step size, at a step that counts from 0."""
        cosine = 0.25 + 0.75 * (1 + math.cos(math.pi * min(step, 3) / 3)) / 2
        return {"constant": 1.0, "step": 0.5**(step // 2), "exponential": 0.9**step, "cosine": cosine,
                "piecewise": 1.0 if step < 1 else 0.5 if step < 3 else 2.0,
                "warmup": (step + 1) / 3 if step < 3 else 0.8**(step - 3)}[self.schedule]

    def steps(self):
        """Figures of every step, parameters and states after the last."""
        theta = [value for values in self.inits.values() for value in values]
        kind, numbers = self.optimizer
        states = {name: [0.0] * len(theta) for name in {"sgd": ["velocity"], "nesterov": ["velocity"], "adam": ["m", "v"],
                                                        "adamw": ["m", "v"]}.get(kind, [])}
        table = []
        for k in range(STEPS):
            d, figures = self.step(theta)
            table.append(figures)
            eta = numbers.get("lr", numbers.get("dt")) * self.factor(k)
            if kind in ("euler", "gradient_descent"):
                theta = [t - eta * a for t, a in zip(theta, d)]
            elif kind in ("sgd", "nesterov"):
                mu = numbers["momentum"]
                states["velocity"] = v = [mu * a + b for a, b in zip(states["velocity"], d)]
                theta = [t - eta * (b + mu * a if kind == "nesterov" else a) for t, a, b in zip(theta, v, d)]
            else:
                b1, b2 = numbers["beta1"], numbers["beta2"]
                states["m"] = [b1 * m + (1 - b1) * a for m, a in zip(states["m"], d)]
                states["v"] = [b2 * v + (1 - b2) * a * a for v, a in zip(states["v"], d)]
                theta = [t - eta * (m / (1 - b1**(k + 1))) / (math.sqrt(v / (1 - b2**(k + 1))) + numbers["eps"])
                         - eta * numbers.get("decay", 0.0) * t for t, m, v in zip(theta, states["m"], states["v"])]
        return table, self.by_name(theta, kind, states)

    def by_name(self, theta, kind, states):
        """The tensors of a checkpoint, with the part of each network and variable in the states."""
        tensors, first = {}, 0
        for block, size in self.blocks.items():
            own = theta[first:first + size]
            tensors.update({block: own} if block in VARIABLES else {f"{block}.{k}": v for k, v in self.layers(block, own).items()})
            tensors.update({f"state/{kind}.{name}/{block}": values[first:first + size] for name, values in states.items()})
            first += size
        return tensors


def taken_apart(text, tensors):
    """Vectors of all parameters by networks and variables, which follow each other as in the module, the networks first."""
    names = re.findall(r"costate\.network @(\w+)", text) + re.findall(r"costate\.variable @(\w+)", text)
    found = {name: values for name, values in tensors.items() if not name.startswith("state/")}
    for state in tensors.keys() - found.keys():
        first = 0
        for name in names:
            size = sum(len(v) for k, v in tensors.items() if k == name or k.startswith(name + "."))
            found[f"{state}/{name}"] = tensors[state][first:first + size]
            first += size
        assert first == len(tensors[state]), (first, names)
    return found


def run(folder, text, sets):
    """The rows of the log and the tensors of the last checkpoint."""
    path, out = os.path.join(folder, "problem.mlir"), os.path.join(folder, "run")
    with open(path, "w") as file:
        file.write(text)
    shutil.rmtree(out, ignore_errors=True)
    command = ["costate-run", path, "train", "--quiet", "--threads", "1", "--log-every", "1", "--run-dir", out]
    for name in sets:
        command += ["--data", f"{name}={os.path.join(folder, name)}.csv"]
    done = subprocess.run(command, capture_output=True, text=True)
    # Whether so few steps come to rest somewhere is no question here.
    assert done.returncode in (0, 5), f"{' '.join(command)}\n{done.stderr}"
    with open(f"{out}/metrics.csv") as file:
        rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]
    with open(f"{out}/checkpoints/step-{STEPS:08}.safetensors", "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header, data = json.loads(file.read(size)), file.read()
    header.pop("__metadata__", None)
    tensors = {name: list(struct.unpack(f"<{(e - b) // 8}d", data[b:e]))
               for name, tensor in header.items() for b, e in [tensor["data_offsets"]]}
    return rows, taken_apart(text, tensors)


def close(found, expected, tolerance, what):
    if found == expected:
        return
    error = abs(found - expected) / (1 + abs(expected))
    if what.endswith(".condition"):
        tolerance += 1e-15 * expected**2  # by the squares of singular values
    assert error <= tolerance, f"{what} is {found!r}, expected {expected!r}"


def compare(found, expected, tolerance, what):
    """Whatever both know, and that they know the same of what is asked for."""
    (rows, tensors), (other_rows, other_tensors) = found, expected
    assert len(rows) == len(other_rows) == STEPS
    for k, (row, other) in enumerate(zip(rows, other_rows)):
        for name in row.keys() & other.keys() - {"step", "epoch", "seconds"}:
            if not math.isnan(other[name]):
                close(row[name], other[name], tolerance, f"{what}: step {k + 1}: {name}")
    for name in tensors.keys() & other_tensors.keys():
        for i, (a, b) in enumerate(zip(tensors[name], other_tensors[name], strict=True)):
            close(a, b, tolerance, f"{what}: {name}[{i}]")


def halved(row, again):
    """The figures of one of two copies that know nothing of each other, except for what they share."""
    own = {name.replace(AGAIN, ""): value for name, value in row.items()
           if (AGAIN in name) == again and name not in ("step", "epoch", "seconds", "loss")}
    return {**own, "loss": row["loss"] / 2}


def check(seed, folder):
    problem = Problem(seed)
    rows, tensors = problem.steps()
    found = run(folder, problem.text(folder), problem.sets)
    for row in rows:
        assert row.keys() <= found[0][0].keys(), sorted(row.keys() - found[0][0].keys())
    assert tensors.keys() <= found[1].keys(), sorted(found[1])
    compare(found, (rows, tensors), 1e-9, f"seed {seed}")

    # The other ways.
    rng = random.Random(seed)
    way = problem.way
    if way == "order":
        compare(run(folder, problem.text(folder, order=rng), problem.sets), found, 1e-12, f"seed {seed}, another order")
    elif way == "names":
        prefix, suffix = rng.choice(["z", "a_", "B"]), rng.choice(["", "9", "_x"])
        named = run(folder, problem.text(folder, rename=(prefix, suffix)), [prefix + s + suffix for s in problem.sets])
        back = lambda name: (name.replace(prefix, "", 1) if name.startswith(prefix) else name)
        plain = lambda name: "/".join(back(part).replace(suffix, "", 1) if suffix else back(part) for part in name.split("/"))
        rows = [{(plain(k) if plain(k) in found[0][0] else k): v for k, v in row.items()} for row in named[0]]
        tensors = {(plain(k) if plain(k) in found[1] else k): v for k, v in named[1].items()}
        assert rows[0].keys() == found[0][0].keys() and tensors.keys() == found[1].keys(), sorted(rows[0]) + sorted(tensors)
        compare((rows, tensors), found, 0.0, f"seed {seed}, other names")
    elif way == "nothing":
        compare(run(folder, problem.text(folder, extra=True), problem.sets), found, 1e-12, f"seed {seed}, a term of weight zero")
    elif way == "halves":
        compare(run(folder, problem.text(folder, halves=True), problem.sets), found, 1e-12, f"seed {seed}, halves")
    elif way == "twice":
        figures = rows[0].keys()
        rows, tensors = run(folder, problem.text(folder, twice=True), list(problem.sets) + [s + AGAIN for s in problem.sets])
        for again in (False, True):
            half = [halved(row, again) for row in rows]
            assert half[0].keys() >= figures, sorted(figures - half[0].keys())
            own = {name.replace(AGAIN, ""): values for name, values in tensors.items() if (AGAIN in name) == again}
            assert own.keys() == found[1].keys(), sorted(own)
            compare((half, own), found, 1e-10, f"seed {seed}, twice")
    else:
        sets = [piece for s, points in problem.sets.items() for piece in problem.pieces(s, points)]
        rows, tensors = run(folder, problem.text(folder, parts=True), sets)
        assert len(sets) > len(problem.sets), f"seed {seed}: no set in parts"
        rows = [problem.rejoined(row) for row in rows]
        assert rows[0].keys() >= found[0][0].keys(), sorted(found[0][0].keys() - rows[0].keys())
        compare((rows, tensors), found, 1e-12, f"seed {seed}, a set in parts")
    kinds = {problem.optimizer[0], problem.schedule} | {o["loss"] for o in problem.objectives}
    for c in problem.constraints:
        flow = problem.flows.get(c["strategy"])
        kinds.add(f"{c['strategy']} of {c['aggregate'] or 'points'} " + (
            c["relation"] if flow is None else "at least" if flow["at_least"] else "exact"))
    kinds.add(f"{len(problem.networks)} networks")
    return way, kinds


def main(first, count):
    folder = os.path.abspath("oracle")
    os.makedirs(folder, exist_ok=True)
    ways, kinds, failures = {}, set(), 0
    for seed in range(first, first + count):
        try:
            way, found = check(seed, folder)
            ways[way] = ways.get(way, 0) + 1
            kinds |= found
        except AssertionError as error:
            failures += 1
            print(error, flush=True)
    print(f"{count - failures} of {count} problems agree:", *(f"{ways[way]} {way}" for way in sorted(ways)))
    print(f"of {len(kinds)} kinds:", *sorted(kinds), sep="\n  ")
    sys.exit(bool(failures))


main(int(sys.argv[1]), int(sys.argv[2]))
