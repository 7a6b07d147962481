#===- library.py - MLIR text to functions that Python calls -----------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Compiles modules of plain functions with costatec and calls them through ctypes. The sizes of a problem are
written into the text of its module; what is compiled once is kept."""
import array
import ctypes
import hashlib
import os
import platform
import string
import subprocess
import tempfile

INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Inputs")

OPTIONS = ["-O3"] + ["--flush-denormals"] * (platform.machine() == "x86_64")


class CompilationError(Exception):
    pass


def fill(name, **values):
    """The text of Inputs/NAME.mlir with its $VARIABLES replaced."""
    with open(os.path.join(INPUTS, name + ".mlir")) as file:
        return string.Template(file.read()).substitute(values)


def real(value):
    """A number as MLIR spells it, with all its bits."""
    bits = int.from_bytes(array.array("d", [value]).tobytes(), "little")
    return f"0x{bits:016X}"


def doubles(values):
    """Numbers, nested as deep as may be, one after another."""
    flat = array.array("d")

    def append(part):
        if part and isinstance(part[0], (list, tuple)):
            for inner in part:
                append(inner)
        else:
            flat.extend(part)

    append(values)
    return flat


def rows(flat, length):
    """The inverse of `doubles` for a matrix."""
    return [list(flat[i:i + length]) for i in range(0, len(flat), length)] if length else []


class Call:
    """A compiled function with its arguments and places for its results."""

    def __init__(self, function, arguments, results):
        self.function = function
        # A number of doubles, or a type of elements and their number.
        kinds = [("d", count) if isinstance(count, int) else count for count in results]
        self.results = [array.array(kind, bytes(array.array(kind).itemsize * count)) for kind, count in kinds]
        self.keep, self.arguments = [], []
        for argument in list(arguments) + self.results:
            if isinstance(argument, int):
                self.arguments.append(ctypes.c_int64(argument))
            elif isinstance(argument, float):
                self.arguments.append(ctypes.c_double(argument))
            else:
                self.keep.append(argument)
                self.arguments.append(ctypes.c_void_p(argument.buffer_info()[0]))

    def __call__(self):
        self.function(*self.arguments)


class Compiler:
    """Compiles texts to shared libraries, each once."""

    def __init__(self, costatec="costatec", folder=None, options=OPTIONS):
        self.costatec, self.options = costatec, list(options)
        self.temporary = None if folder else tempfile.TemporaryDirectory()
        self.folder = folder or self.temporary.name
        self.libraries = {}

    def library(self, text):
        key = hashlib.sha256("\0".join([text, *self.options]).encode()).hexdigest()[:24]
        if key not in self.libraries:
            path = os.path.join(os.path.abspath(self.folder), key + ".so")
            if not os.path.exists(path):
                source = path[:-3] + ".mlir"
                with open(source, "w") as file:
                    file.write(text)
                done = subprocess.run([self.costatec, source, "--emit=shared", "-o", path, *self.options],
                                      capture_output=True, text=True)
                if done.returncode:
                    raise CompilationError(done.stderr)
            self.libraries[key] = ctypes.CDLL(path)
        return self.libraries[key]

    def call(self, text, function, arguments, results):
        """The call of a function; `results` are the numbers of elements of its results."""
        compiled = getattr(self.library(text), function)
        compiled.restype = None
        return Call(compiled, arguments, results)
