#===- library.py - Calls the functions of a library ----------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
import ctypes


def call(function, arguments, sizes):
    """The results of a function, each a list; a list argument is a tensor, a bool, an int or a float a scalar. Results hold
    other numbers before, and arguments must be the same afterwards."""
    passed = []
    for argument in arguments:
        if isinstance(argument, bool):
            passed.append(ctypes.c_bool(argument))
        elif isinstance(argument, int):
            passed.append(ctypes.c_int64(argument))
        elif isinstance(argument, float):
            passed.append(ctypes.c_double(argument))
        else:
            passed.append((ctypes.c_double * len(argument))(*argument))
    results = [(ctypes.c_double * size)(*[77.0] * size) for size in sizes]
    function.restype = None
    function(*passed, *results)
    for argument, buffer in zip(arguments, passed):
        if isinstance(argument, list) and list(buffer) != argument:
            raise AssertionError("an argument was written to")
    return [list(result) for result in results]


def differ(results, expected, bound=1e-14):
    return any(not abs(x - y) <= bound * max(1, abs(y)) for r, e in zip(results, expected) for x, y in zip(r, e))
