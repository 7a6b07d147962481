#===- costate_family.py - What costatec made of the benchmarks, called through its C interface ------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""The compiled program is a shared object with the entries and the descriptor of docs/Runtime.md; this file passes arrays
to an entry as the runtime does."""
import ctypes
import json
import os

import numpy

FORMS = ["compiled"]
LIBRARIES = os.environ.get("COSTATE_BENCH_LIBRARIES", ".")


def forms(benchmark):
    return FORMS


def version(form):
    return "Costate"


def path(benchmark, precision):
    return os.path.join(LIBRARIES, f"{benchmark.name}-{precision}.so")


def _aligned(count, real):
    """Zeros that vectors may load from."""
    bytes_needed = int(count) * numpy.dtype(real).itemsize
    memory = numpy.zeros(bytes_needed + 64, numpy.uint8)
    start = -memory.ctypes.data % 64
    return memory[start:start + bytes_needed].view(real)


class _Entry(ctypes.Structure):
    _fields_ = [("name", ctypes.c_char_p), ("function", ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p))]


def _entry(library, name):
    table = ctypes.cast(ctypes.addressof(_Entry.in_dll(library, "costate_entries")), ctypes.POINTER(_Entry))
    row = 0
    while table[row].name != name.encode():
        if table[row].name is None:
            raise RuntimeError(f"the compiled problem has no entry '{name}'")
        row += 1
    return table[row].function


def _columns(program, samples, real):
    """{(set, column): array}: points last, rows past the end repeat the last one; and how many there are room for."""
    count = samples.shape[0]
    capacity = -(-count // 64) * 64
    columns, at = {}, 0
    for described in program["sets"]:
        for column in described["columns"]:
            size = int(numpy.prod(column["shape"]))
            rows = _aligned(size * capacity, real).reshape(size, capacity)
            rows[:, :count] = samples[:, at:at + size].T
            rows[:, count:] = samples[-1, at:at + size, None]
            columns[described["name"], column["name"]] = rows
            at += size
    return columns, capacity


class _Program:
    def __init__(self, benchmark, entry, precision, parameters, samples):
        self.library = library = ctypes.CDLL(path(benchmark, precision))
        library.costate_rt_set_threads.argtypes = [ctypes.c_int64]
        library.costate_rt_set_threads(len(os.sched_getaffinity(0)))
        text = ctypes.cast(ctypes.addressof(ctypes.c_char.in_dll(library, "costate_program")), ctypes.c_char_p).value
        program = json.loads(text)
        real = numpy.float64 if precision == "f64" else numpy.float32
        self.theta = _aligned(program["parameter_count"], real)
        at = 0
        for described, array in zip(program["parameters"], [array for layer in parameters for array in layer], strict=True):
            if tuple(described["shape"]) != array.shape or described["offset"] != at:
                raise RuntimeError(f"parameter {described['name']} is not where the benchmark expects it")
            self.theta[at:at + array.size] = array.ravel()
            at += array.size
        self.gradient = _aligned(at, real)
        self.metrics = _aligned(len(program["metrics"]), real)
        self.total = [metric["kind"] for metric in program["metrics"]].index("total")
        self.step = _aligned(1, real)
        workers = library.costate_rt_threads()
        workspace = _aligned(program["host_workspace_bytes"] + workers * program["workspace_bytes_per_worker"] + 64, numpy.uint8)
        self.keep = [workspace]
        columns, capacity = _columns(program, samples, real)
        arguments, capacities = [], []
        for argument in next(e for e in program["entries"] if e["name"] == entry)["args"]:
            role = argument["role"]
            if role == "column":
                capacities.append(numpy.array([capacity], numpy.int64))
                array = columns[argument["set"], argument["column"]]
            elif role in ("count", "total"):
                array = numpy.array([samples.shape[0]], numpy.int64)
            elif role == "state":
                described = next(s for s in program["states"] if s["name"] == argument["name"])
                array = _aligned(numpy.prod(described["shape"]), real)
                array[:] = described["init"]
            elif role == "hyper":
                name = argument["name"]
                array = self.step if name == "step" else numpy.array(
                    [next(h["default"] for h in program["hypers"] if h["name"] == name)], real)
            else:
                array = {"theta": self.theta, "grad": self.gradient, "metrics": self.metrics}[role]
            arguments.append(array)
        self.keep += [columns] + arguments + capacities
        pointers = [array.ctypes.data for array in arguments + capacities]
        self.pointers = (ctypes.c_void_p * len(pointers))(*pointers)
        self.function, self.workspace = _entry(library, entry), workspace.ctypes.data

    def run(self):
        self.function(self.pointers, self.workspace)

    def step_once(self):
        self.step[0] += 1
        self.function(self.pointers, self.workspace)


def _simulation(benchmark, precision, start):
    function = getattr(ctypes.CDLL(path(benchmark, precision)), "all")
    function.restype = ctypes.c_double
    x, g = _aligned(start.size, numpy.float64), _aligned(start.size, numpy.float64)
    x[:] = start
    memref = lambda array: [ctypes.c_void_p(array.ctypes.data)] * 2 + [ctypes.c_int64(k) for k in (0, array.size, 1)]
    arguments = memref(x) + memref(g)
    return lambda: function(*arguments), lambda result: (result, g.copy())


def make(benchmark, form, precision, parameters, samples):
    if benchmark.kind == "simulation":
        return _simulation(benchmark, precision, samples[0])
    if benchmark.kind == "minibatch":
        program = _Program(benchmark, "step", precision, parameters, samples)
        return program.step_once, lambda _: (0.0, program.theta.astype(float))
    program = _Program(benchmark, "gradient", precision, parameters, samples)
    return program.run, lambda _: (float(program.metrics[program.total]), program.gradient.astype(float))
