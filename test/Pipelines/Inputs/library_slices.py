#===- library_slices.py - Tensors put together from many slices, and what they hold ----------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
import ctypes
import sys
from math import cos, exp, sin

ROWS, LENGTH = 32, 5
ROW, WHOLE = f"tensor<{LENGTH}xf64>", f"tensor<{ROWS}x{LENGTH}xf64>"


def take(i):
    return f"%r{i} = tensor.extract_slice %x[{i}, 0] [1, {LENGTH}] [1, 1] : {WHOLE} to {ROW}"


def put(i, row, start):
    return f"%w{i} = tensor.insert_slice {row} into {start}[{i}, 0] [1, {LENGTH}] [1, 1] : {ROW} into {WHOLE}"


def put_all(row, start="%start"):
    return [put(i, row(i), f"%w{i - 1}" if i else start) for i in range(ROWS)]


def function(name, body, results):
    types = ", ".join(WHOLE if r.startswith("%w") else ROW for r in results)
    return "\n  ".join([f"func.func @{name}(%x: {WHOLE}) -> ({types}) {{", f"%start = tensor.empty() : {WHOLE}", *body,
                        f"return {', '.join(results)} : {types}\n}}\n"])


def sines():
    return [line for i in range(ROWS) for line in (take(i), f"%s{i} = math.sin %r{i} : {ROW}")]


def functions():
    last = f"%w{ROWS - 1}"
    yield function("sines", sines() + put_all(lambda i: f"%s{i}"), [last])
    # Rows that are inserted twice, and an argument and constants.
    yield function("shared", sines() + [f"%c = arith.constant dense<2.5> : {ROW}"] +
                   put_all(lambda i: (f"%s{i // 2}", f"%s{i // 2}", f"%r{i}", "%c")[i % 4]), [last])
    # A row that is read after the whole has been changed where it is.
    yield function("read_later", sines() + put_all(lambda i: f"%s{i}") +
                   [f"%we = math.exp {last} : {WHOLE}", f"%d = arith.addf %s3, %s4 : {ROW}"], ["%we", "%d"])
    # A row that is inserted, and then changed where it is.
    yield function("changed_later", sines() + put_all(lambda i: f"%s{i}") +
                   [f"%d = math.cos %s3 : {ROW}", f"%we = math.exp {last} : {WHOLE}"], ["%we", "%d"])
    # What is below does not show through, and the whole is kept beside a change of it.
    yield function("hidden", sines() + put_all(lambda i: f"%s{ROWS - 1 - i}", "%x") +
                   [f"%w = tensor.insert_slice %r0 into {last}[3, 0] [1, {LENGTH}] [1, 1] : {ROW} into {WHOLE}"],
                   [last, "%w"])
    # One value is where two rows begin.
    chain = ["%e = tensor.empty() : " + ROW, "%zero = arith.constant 0.0 : f64",
             f"%f = linalg.fill ins(%zero : f64) outs(%e : {ROW}) -> {ROW}"]
    for i in range(ROWS):
        chain += [take(i), f"%s{i} = linalg.add ins(%r{i}, %r{i} : {ROW}, {ROW}) outs(%f : {ROW}) -> {ROW}",
                  f"%t{i} = linalg.map {{ arith.mulf }} ins(%s{i}, %r{i} : {ROW}, {ROW}) outs(%{'f' if i else 'e'} : {ROW})"]
    yield function("one_start", chain + put_all(lambda i: f"%t{i}" if i % 2 else f"%s{i}"), [last])
    # Rows that are accumulated by a loop.
    loops = ["%c0 = arith.constant 0 : index", "%c1 = arith.constant 1 : index", "%c3 = arith.constant 3 : index",
             "%zero = arith.constant 0.0 : f64", f"%e = tensor.empty() : {ROW}"]
    for i in range(ROWS):
        loops += [take(i), f"%f{i} = linalg.fill ins(%zero : f64) outs(%e : {ROW}) -> {ROW}",
                  f"%s{i} = scf.for %k = %c0 to %c3 step %c1 iter_args(%a = %f{i}) -> ({ROW}) {{",
                  f"  %n = arith.addf %a, %r{i} : {ROW}", f"  scf.yield %n : {ROW}", "}"]
    yield function("loops", loops + put_all(lambda i: f"%s{i}"), [last])
    # Nothing reads the argument.
    yield function("unread", [f"%w = arith.constant dense<3.5> : {WHOLE}"], ["%w"])


def rows(f):
    return [v for i in range(ROWS) for v in f(i)]


def check(path):
    from library import call, differ
    x = [((7 * i) % 23 - 11) / 8 for i in range(ROWS * LENGTH)]
    row = lambda i: x[LENGTH * i:LENGTH * (i + 1)]
    sine = lambda i: [sin(v) for v in row(i)]
    exps = [exp(v) for v in rows(sine)]
    reverse = rows(lambda i: sine(ROWS - 1 - i))
    shared = rows(lambda i: (sine(i // 2), sine(i // 2), row(i), [2.5] * LENGTH)[i % 4])
    expected = {
        "sines": [rows(sine)],
        "shared": [shared],
        "read_later": [exps, [a + b for a, b in zip(sine(3), sine(4))]],
        "changed_later": [exps, [cos(v) for v in sine(3)]],
        "hidden": [reverse, reverse[:3 * LENGTH] + row(0) + reverse[4 * LENGTH:]],
        "one_start": [rows(lambda i: [2 * v * v if i % 2 else 2 * v for v in row(i)])],
        "unread": [[3.5] * (ROWS * LENGTH)],
        "loops": [rows(lambda i: [3 * v for v in row(i)])],
    }
    library = ctypes.CDLL(path)
    wrong = []
    for name, results in expected.items():
        got = call(getattr(library, name), [x], [len(r) for r in results])
        if differ(got, results):
            wrong.append(name)
    print(len(expected), "functions, wrong:", *wrong or ["none"])


if sys.argv[1] == "write":
    print("\n".join(functions()))
else:
    check(sys.argv[2])
