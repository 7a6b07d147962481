#===- library.py - Programs compiled as libraries, and called ------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""The routes from MLIR to a function that ctypes can call, and the call with guarded memory."""
import ctypes
import os
import pickle
import re
import resource
import signal
import subprocess
import sys
from typing import NamedTuple

GUARD = 12345.0
SECONDS = 240


class Route(NamedTuple):
    emit: str  # lib, shared or obj
    cpu: str
    level: int  # of optimization
    float: str
    precision: str = ""  # of --precision, where the text says f64

    @property
    def format(self):
        return self.precision or self.float

    def options(self):
        options = [f"--emit={self.emit}", f"--target-cpu={self.cpu}", f"-O{self.level}"]
        return options + ([f"--precision={self.precision}"] if self.precision else [])

    def __str__(self):
        return " ".join(self.options()) + f" ({self.float})"


def processors():
    """The levels of x86-64 that this machine has, and its own name."""
    with open("/proc/cpuinfo", encoding="ascii") as file:
        flags = next((set(line.split()) for line in file if line.startswith("flags")), set())
    levels = ["x86-64", "native"]
    if {"sse4_2", "ssse3", "popcnt"} <= flags:
        levels.append("x86-64-v2")
    if {"avx2", "fma", "bmi2"} <= flags:
        levels.append("x86-64-v3")
    if {"avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"} <= flags:
        levels.append("x86-64-v4")
    return levels


class Failure(Exception):
    """`kind` is compile, crash, hang or wrong; `signature` is what reduction must keep."""

    def __init__(self, kind, message, signature=""):
        super().__init__(message)
        self.kind, self.signature = kind, signature or kind


def limit_memory():
    # The address sanitizer takes more addresses than any limit leaves.
    if "ASAN_OPTIONS" not in os.environ:
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def command(arguments, what="compile"):
    try:
        result = subprocess.run(arguments, capture_output=True, text=True, errors="replace", timeout=SECONDS,
                                preexec_fn=limit_memory)
    except subprocess.TimeoutExpired:
        raise Failure("hang", f"{' '.join(arguments)}: not done after {SECONDS} s") from None
    if result.returncode:
        errors = result.stderr.splitlines()
        first = next((line for line in errors if "error:" in line or "Assertion" in line or "LLVM ERROR" in line), "")
        signature = re.sub(r"\d+", "#", re.sub(r"^.*?error:|<[^>]*>|'%[^']*'", "", first))
        raise Failure(what, f"{' '.join(arguments)}: exit code {result.returncode}\n" + "\n".join(errors[:8]),
                      f"{what} {'crash' if result.returncode not in (1, 2) else ''} {signature}")
    return result


def compile_library(text, route, folder, name, tools):
    """The path of a shared library, by way of what the route says."""
    source, product = os.path.join(folder, name + ".mlir"), os.path.join(folder, name + ".so")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    if route.emit == "shared":
        command([tools.costatec, source, *route.options(), "-o", product])
        return product
    middle = os.path.join(folder, f"lib{name}.{'a' if route.emit == 'lib' else 'o'}")
    command([tools.costatec, source, *route.options(), "-o", middle])
    parts = [middle]
    if route.emit == "lib":
        parts = ["-Wl,--whole-archive", middle, "-Wl,--no-whole-archive"]
        command([tools.cxx, "-x", "c++", "-fsyntax-only", "-Wall", "-Werror", "-Wno-pragma-once-outside-header",
                 os.path.join(folder, f"lib{name}.h")], "header")
    command([tools.cxx, "-shared", "-o", product, *parts, "-lm"], "link")
    return product


def ctype(type_, format_):
    return {"index": ctypes.c_int64, "i1": ctypes.c_bool,
            "f": ctypes.c_double if format_ == "f64" else ctypes.c_float}[type_.element]


class Buffer:
    """Elements between guards, at an address that is aligned to an element and no further."""

    def __init__(self, type_, format_, values=None):
        self.size, self.c = max(1, type_.size), ctype(type_, format_)
        self.guard = self.c(GUARD if type_.element == "f" else True).value
        self.memory = (self.c * (self.size + 18))(*[self.guard] * (self.size + 18))
        if values is not None:
            self.memory[9:9 + self.size] = values
        self.before = bytes(self.memory)

    def pointer(self):
        return ctypes.byref(self.memory, 9 * ctypes.sizeof(self.c))

    def elements(self):
        return list(self.memory[9:9 + self.size])

    def whole(self):
        """Whether nothing was written beside the elements."""
        return all(v == self.guard for v in self.memory[:9]) and all(v == self.guard for v in self.memory[9 + self.size:])


def call(function, program, format_):
    """What each result holds after two calls with the same arguments."""
    main, arguments, inputs = program.main, [], []
    for value, given in zip(main.arguments, program.inputs):
        if value.type.shape is None:
            arguments.append(ctype(value.type, format_)(given))
        else:
            inputs.append(Buffer(value.type, format_, given))
            arguments.append(inputs[-1].pointer())
    found = []
    for _ in range(2):
        results = [Buffer(v.type, format_) for v in main.returns]
        function(*arguments, *[r.pointer() for r in results])
        found.append([r.elements() for r in results])
        if any(bytes(i.memory) != i.before for i in inputs):
            raise Failure("wrong", "an argument was written to", "argument")
        if not all(r.whole() for r in results):
            raise Failure("wrong", "memory beside a result was written to", "beside")
    if repr(found[0]) != repr(found[1]):
        raise Failure("wrong", f"two calls differ: {found[0]} and {found[1]}", "twice")
    return found[0]


def call_all(path, programs, format_):
    """Calls each program's function, in a process of its own, which may die. A list of results or failures."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        try:
            signal.alarm(120)
            limit_memory()
            library = ctypes.CDLL(path, mode=os.RTLD_NOW | os.RTLD_LOCAL)
            with os.fdopen(write, "wb") as file:
                for program in programs:
                    function = getattr(library, program.main.name)
                    function.restype = None
                    try:
                        pickle.dump(call(function, program, format_), file)
                    except Failure as failure:
                        pickle.dump((failure.kind, str(failure), failure.signature), file)
                    file.flush()
        except BaseException as error:
            print(f"{path}: {error}", file=sys.stderr)
            os._exit(1)
        os._exit(0)
    os.close(write)
    found = []
    with os.fdopen(read, "rb") as file:
        while True:
            try:
                found.append(pickle.load(file))
            except (EOFError, pickle.UnpicklingError):
                break
    _, status = os.waitpid(child, 0)
    found = [Failure(*f) if isinstance(f, tuple) else f for f in found]
    if len(found) < len(programs):
        # The one that it was at; the others have not been called.
        how = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"exit code {os.WEXITSTATUS(status)}"
        kind = "hang" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM else "crash"
        found.append(Failure(kind, f"the call ended with {how}"))
        if len(found) < len(programs):
            found += call_all(path, programs[len(found):], format_)
    return found
