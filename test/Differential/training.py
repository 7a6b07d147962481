#===- training.py - Problems trained for a step, and what their gradient should be ------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Compiles a problem, runs its program on written data, reads losses and gradients, and compares them with duals."""
import array
import json
import math
import os
import struct
import zipfile

from bounded import Format, Number
from duals import DualArithmetic
from library import Failure, command
from program import Evaluator, Undecided

# A gradient is computed backwards: its formulas and its order are not those of the reference.
FACTOR = 16.0


def write_npz(path, columns, types):
    """Columns by name, f64, rows first."""
    with zipfile.ZipFile(path, "w") as archive:
        for (name, rows), type_ in zip(columns, types):
            shape = (len(rows),) + type_.shape
            header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
            header += " " * (-(len(header) + 11) % 64) + "\n"
            data = array.array("d", [x for row in rows for x in row])
            archive.writestr(name + ".npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
                             + data.tobytes())


def read_safetensors(path):
    with open(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    found = {}
    for name, tensor in header.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            values = array.array("d" if tensor["dtype"] == "F64" else "f")
            values.frombytes(data[begin:end])
            found[name] = list(values)
    return found


class Reference:
    """Loss and gradient of each term over its rows, and of the total."""

    def __init__(self, problem, format_):
        self.problem, self.format = problem, format_
        # The elements of the flat vector: of the shared variable, and of each term's own.
        self.places = [f"shared[{i}]" for i in range(len(problem.terms[0].values[0]))]
        self.losses, self.gradient = {}, [Number(0.0) for _ in self.places]
        a = DualArithmetic(format_, 0).numbers
        for term in problem.terms:
            self.losses[f"t{term.number}"], tangents = self.term(term)
            along = [a.multiply(Number(term.weight), t) for t in tangents]
            shared = len(term.values[0])
            self.gradient[:shared] = [a.add(g, t) for g, t in zip(self.gradient[:shared], along)]
            self.gradient += along[shared:]
            self.places += [f"{n}[{i}]" for n, v in zip(term.names[1:], term.values[1:]) for i in range(len(v))]

    def term(self, term):
        directions = sum(map(len, term.values))
        a = DualArithmetic(self.format, directions)
        main, count, parameters = term.program.main, 0, []
        for values in term.values:
            parameters.append([a.variable(x, count + i) for i, x in enumerate(values)])
            count += len(values)
        parts = []
        for row in range(term.rows):
            columns = [[a.constant(x) for x in column[row]] for column in term.columns]
            try:
                values, = Evaluator(a, term.program.functions).call(main.name, parameters + columns[:-1])
            except Undecided:
                values = [a.unknown()] * len(columns[-1])
            parts += [self.loss(a, term.loss, a.subtract(u, y)) for u, y in zip(values, columns[-1])]
        total = a.total(parts)
        if not term.total:
            total = a.divide(total, a.constant(float(term.rows)))
        return total.number, total.tangents or [Number(0.0)] * directions

    @staticmethod
    def loss(a, kind, difference):
        if kind == "square":
            return a.multiply(difference, difference)
        size = a.function("absf", difference)
        if kind == "absolute":
            return size
        half, delta = a.constant(0.5), a.constant(0.5)
        inside = a.multiply(half, a.multiply(difference, difference))
        beyond = a.multiply(delta, a.subtract(size, a.constant(0.25)))
        return a.select(a.compare("ole", size, delta), inside, beyond)


class Trainer:
    def __init__(self, tools, folder, counts):
        self.tools, self.folder, self.counts, self.built = tools, folder, counts, 0

    def compile(self, problem, options):
        self.built += 1
        self.path = os.path.join(self.folder, f"problem{self.built}")
        with open(self.path + ".mlir", "w", encoding="utf-8") as file:
            file.write(problem.text())
        self.options = options + ([f"--tile={problem.tile}"] if problem.tile else [])
        self.data = []
        for term in problem.terms:
            types = [v.type for v in term.program.main.arguments[term.variables:]] + [term.program.main.returns[0].type]
            data = f"{self.path}.s{term.number}.npz"
            write_npz(data, list(zip(term.column_names(), term.columns)), types)
            self.data += ["--data", f"s{term.number}={data}"]
        command([self.tools.costatec, self.path + ".mlir", *self.options, "-o", self.path])

    def train(self, program, name, threads):
        """What a run writes: figures by step, parameters and states by step, and the bytes of its last checkpoint."""
        folder = f"{self.path}.{name}"
        command([*program, "train", *self.data, "--run-dir", folder, "--threads", str(threads), "--quiet", "--log-every",
                 "1", "--checkpoint-every", "1"], "run")
        with open(os.path.join(folder, "metrics.jsonl"), encoding="utf-8") as file:
            figures = [json.loads(line) for line in file]
        names = sorted(os.listdir(os.path.join(folder, "checkpoints")))
        paths = [os.path.join(folder, "checkpoints", n) for n in names if n.endswith(".safetensors")]
        with open(paths[-1], "rb") as file:
            last = file.read()
        for f in figures:
            f.pop("seconds", None)
        return figures, [read_safetensors(p) for p in paths], last

    def check(self, problem, options, format_, also):
        """Raises a failure where something is not as it should be. `also` names routes beside the program for a CPU."""
        self.compile(problem, options)
        one = self.train([self.path], "one", 1)
        two = self.train([self.path], "two", 2)
        if one[2] != two[2] or one[0] != two[0]:
            raise Failure("wrong", "one thread and two differ", "threads")
        if "costate-run" in also:
            run = self.train([self.tools.costate_run, *self.options, self.path + ".mlir"], "run", 1)
            if run[2] != one[2] or run[0] != one[0]:
                raise Failure("wrong", "the program and costate-run differ", "costate-run")
        self.compare(problem, Format(format_), one[0], one[1])
        if "gpu" in also:
            self.on_device(problem, Format(format_))
        if not problem.batch:
            text = command([self.path, "eval", *self.data, "--json", "--quiet"], "run").stdout
            evaluated = json.loads(text)["results"]
            for name, number in self.reference.losses.items():
                self.one(f"eval of {name}", evaluated[name], number)

    def on_device(self, problem, format_):
        """The kernels, on a driver whose device interprets them. They round as they are written: nothing is contracted."""
        kernels = self.path + ".gpu"
        device = ["env", f"LD_LIBRARY_PATH={self.tools.fake_cuda}", f"FAKE_CUDA_LOG={kernels}.log", kernels]
        try:
            command([self.tools.costatec, self.path + ".mlir", *self.options, "--target=gpu", "-o", kernels])
            figures, states, _ = self.train(device, "device", 1)
        except Failure as failure:
            # Loops that carry buffers are refused for a GPU; the interpreter does not know every instruction.
            if "carries a buffer" not in str(failure) and "CUDA_ERROR_ILLEGAL_INSTRUCTION" not in str(failure):
                raise
            self.counts.refused += 1
            return
        self.counts.kernels += 1
        with open(kernels + ".log", encoding="utf-8") as file:
            if "cuLaunchKernel" not in file.read():
                raise Failure("wrong", "no kernel was launched", "no kernel")
        self.compare(problem, format_, figures, states)

    def compare(self, problem, format_, figures, states):
        self.reference = Reference(problem, format_)
        rows = problem.terms[0].rows
        sizes = [min(problem.batch, rows - start) for start in range(0, rows, problem.batch)] if problem.batch else [1]
        if len(figures) != len(sizes) or len(states) < len(sizes):
            raise Failure("wrong", f"{len(figures)} steps and {len(states)} checkpoints instead of {len(sizes)}", "steps")
        # Over an epoch each row is seen once, and a batch counts by its rows.
        share = [n / sum(sizes) for n in sizes]
        for name, number in self.reference.losses.items():
            self.one(f"loss {name}", math.fsum(s * f[name] for s, f in zip(share, figures)), number)
        total = math.fsum(t.weight * self.reference.losses[f"t{t.number}"].value for t in problem.terms)
        error = math.fsum(t.weight * self.reference.losses[f"t{t.number}"].error for t in problem.terms)
        size = math.fsum(t.weight * abs(self.reference.losses[f"t{t.number}"].value) for t in problem.terms)
        self.one("loss", math.fsum(s * f["loss"] for s, f in zip(share, figures)),
                 Number(total, error + len(problem.terms) * format_.unit * size))
        gradients = [s["state/sgd.velocity"] for s in states[-len(sizes):]]
        for at, (name, number) in enumerate(zip(self.reference.places, self.reference.gradient)):
            self.one(f"gradient by {name}", math.fsum(s * g[at] for s, g in zip(share, gradients)), number)

    def one(self, what, found, number):
        error = number.error * FACTOR
        if not error < 0.01 * (1 + abs(number.value)):
            self.counts.unknown += 1
            return
        self.counts.bounded += 1
        if found is None or not abs(found - number.value) <= error:
            raise Failure("wrong", f"{what} is {found}, should be {number.value!r}, and may be off by {error:.3g}", what.split()[0])
