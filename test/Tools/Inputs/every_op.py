#===- every_op.py - Every op of arith and math, compiled and compared with Python ----------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===---------------------------------------------------------------------------------------------------------===#
"""Writes a function on scalars and one on tensors for each op of arith and math and each type that it takes (`write`), and
compares what the library computes with Python's own arithmetic (`check`). An op of the dialects that is not in the table is an
error."""
import argparse
import ctypes
import math
import random
import re
import shutil
import sys
from pathlib import Path

N = 37  # no multiple of a vector's lanes
FLOATS, INTEGERS = ["f32", "f64"], ["i8", "i16", "i32", "i64", "index"]
CTYPES = {"f32": ctypes.c_float, "f64": ctypes.c_double, "i1": ctypes.c_bool, "i8": ctypes.c_int8,
          "i16": ctypes.c_int16, "i32": ctypes.c_int32, "i64": ctypes.c_int64, "index": ctypes.c_int64}
BITS = {"i1": 1, "i8": 8, "i16": 16, "i32": 32, "i64": 64, "index": 64}
TINIEST = {"f32": 2.0 ** -126, "f64": 2.0 ** -1022}
EPSILON = {"f32": 2.0 ** -23, "f64": 2.0 ** -52}
inf, nan = math.inf, math.nan
random.seed(7)


def unsigned(value, bits):
    return value & ((1 << bits) - 1)


def signed(value, bits):
    value = unsigned(value, bits)
    return value - (1 << bits) if bits > 1 and value >> (bits - 1) else value


# Arguments: functions of a type.
def between(low, high):
    return lambda t: [CTYPES[t](random.uniform(low, high)).value for _ in range(N)]


def special(low, high):
    some = [0.0, -0.0, inf, -inf, nan, 1.5, -2.5, 1e-310, 1e-40, 3.5, 0.5, -0.5]
    return lambda t: [CTYPES[t](x).value for x in some] + between(low, high)(t)[len(some):]


def whole(low, high):
    return lambda t: [random.randint(low, high) if t != "i1" else random.random() < 0.5 for _ in range(N)]


def nonzero(t):
    return [random.choice([1, -1]) * random.randint(1, 40) for _ in range(N)]


def shift(t):
    return [random.randrange(BITS[t]) for _ in range(N)]


def of(t, arguments):
    return lambda _: arguments(t)


# What is computed: functions of the type and the arguments, whose result is rounded to the result's type.
def quotient(x, y):
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


def power(x, n):
    if n < 0:
        return 1 if x == 1 or (x == -1 and n % 2 == 0) else -1 if x == -1 else 0
    return x ** n


def leading(x, bits):
    return bits - unsigned(x, bits).bit_length()


def trailing(x, bits):
    return bits if x == 0 else (x & -x).bit_length() - 1


def away(x):
    return math.copysign(math.floor(abs(x) + 0.5), x) if math.isfinite(x) else x


def kept(f):
    """Of an integer, with the sign of zero; infinities and NaN stay."""
    return lambda t, x: math.copysign(f(x), x) if math.isfinite(x) else x


def ordered(f, either):
    return lambda t, x, y: either if math.isnan(x) or math.isnan(y) else f(x, y)


def extreme(f):
    return lambda t, x, y: nan if math.isnan(x) or math.isnan(y) else f(x, y)


def known(f):
    return lambda t, x, y: y if math.isnan(x) else x if math.isnan(y) else f(x, y)


table = []  # op, type, arguments, types of the results, assembly with {types}, function


def add(op, types, arguments, function, form=None, results=None):
    names = ["%a", "%b", "%c"][:len(arguments)]
    for t in types:
        table.append((op, t, arguments, results or [t], form or f"{op} {', '.join(names)} : {{T}}", function))


for name, arguments in {"acos": between(-0.99, 0.99), "acosh": between(1.1, 9), "asin": between(-0.99, 0.99),
                        "asinh": between(-3, 3), "atan": between(-9, 9), "atanh": between(-0.99, 0.99),
                        "cbrt": between(-9, 9), "cos": between(-9, 9), "cosh": between(-3, 3), "erf": between(-3, 3),
                        "erfc": between(-3, 3), "exp": between(-9, 9), "exp2": between(-9, 9),
                        "expm1": between(-3, 3), "log": between(0.1, 9), "log10": between(0.1, 9),
                        "log1p": between(-0.5, 9), "log2": between(0.1, 9), "sin": between(-9, 9),
                        "sinh": between(-3, 3), "sqrt": between(0, 9), "tan": between(-1, 1),
                        "tanh": between(-3, 3)}.items():
    add("math." + name, FLOATS, [arguments], lambda t, x, f=getattr(math, name): f(x))
add("math.rsqrt", FLOATS, [between(0.1, 9)], lambda t, x: 1 / math.sqrt(x))
add("math.absf", FLOATS, [special(-3, 3)], lambda t, x: abs(x))
for name, function in {"ceil": math.ceil, "floor": math.floor, "trunc": math.trunc, "roundeven": round,
                       "round": away}.items():
    add("math." + name, FLOATS, [special(-9, 9)], kept(function))
add("math.atan2", FLOATS, [between(-3, 3)] * 2, lambda t, y, x: math.atan2(y, x))
add("math.copysign", FLOATS, [between(-3, 3), special(-3, 3)], lambda t, x, y: math.copysign(x, y))
add("math.powf", FLOATS, [between(0.1, 9), between(-3, 3)], lambda t, x, y: x ** y)
# Products of two numbers of f32 are exact in f64; those of f64 are not, so their sums stay away from zero.
add("math.fma", FLOATS, [between(1, 3)] * 3, lambda t, x, y, z: x * y + z)
add("math.clampf", FLOATS, [special(-3, 3), between(-2, -1), between(1, 2)],
    lambda t, x, low, high: x if math.isnan(x) else min(max(x, low), high), "math.clampf %a to [%b, %c] : {T}")
add("math.sincos", ["f32"], [between(-9, 9)], lambda t, x: (math.sin(x), math.cos(x)), results=["f32", "f32"])
add("math.sincos", ["f64"], [between(-9, 9)], lambda t, x: (math.sin(x), math.cos(x)), results=["f64", "f64"])
for name in ["isfinite", "isinf", "isnan"]:
    add("math." + name, FLOATS, [special(-3, 3)], lambda t, x, f=getattr(math, name): f(x), results=["i1"])
add("math.isnormal", FLOATS, [special(-3, 3)], lambda t, x: math.isfinite(x) and abs(x) >= TINIEST[t], results=["i1"])
for exponent in ["i8", "i16", "i32", "i64"]:
    add("math.fpowi", FLOATS, [between(-3, 3), of(exponent, whole(-6, 6))], lambda t, x, n: x ** n,
        "math.fpowi %%a, %%b : {T}, {%s}" % exponent)
# The one bit is a sign.
add("math.fpowi", FLOATS, [between(-3, 3), of("i1", whole(0, 1))], lambda t, x, n: x ** -int(n), "math.fpowi %a, %b : {T}, {i1}")
for constant in [-8, -1, 0, 1, 3, 8, 9]:
    add("math.fpowi", FLOATS, [between(-3, 3)], lambda t, x, n=constant: x ** n,
        "math.fpowi %%a, %%n : {T}, {i32} with {%d : i32}" % constant)
add("math.ipowi", INTEGERS, [nonzero, whole(-3, 6)], lambda t, x, n: power(x, n))
add("math.absi", INTEGERS, [whole(-50, 50)], lambda t, x: abs(x))
add("math.ctlz", INTEGERS, [whole(-50, 50)], lambda t, x: leading(x, BITS[t]))
add("math.cttz", INTEGERS, [whole(-50, 50)], lambda t, x: trailing(x, BITS[t]))
add("math.ctpop", INTEGERS, [whole(-50, 50)], lambda t, x: bin(unsigned(x, BITS[t])).count("1"))

for name, function in {"addf": lambda x, y: x + y, "subf": lambda x, y: x - y, "mulf": lambda x, y: x * y,
                       "divf": lambda x, y: x / y, "remf": math.fmod}.items():
    add("arith." + name, FLOATS, [between(-3, 3), between(0.1, 9)], lambda t, x, y, f=function: f(x, y))
for name, function in {"maximumf": extreme(max), "minimumf": extreme(min), "maxnumf": known(max),
                       "minnumf": known(min)}.items():
    add("arith." + name, FLOATS, [special(-3, 3), between(-3, 3)], function)
add("arith.negf", FLOATS, [special(-3, 3)], lambda t, x: -x)
for name, function in {"addi": lambda x, y: x + y, "subi": lambda x, y: x - y, "muli": lambda x, y: x * y,
                       "andi": lambda x, y: x & y, "ori": lambda x, y: x | y, "xori": lambda x, y: x ^ y,
                       "maxsi": max, "minsi": min}.items():
    add("arith." + name, INTEGERS, [whole(-50, 50)] * 2, lambda t, x, y, f=function: f(x, y))
for name, function in {"divsi": quotient, "remsi": lambda x, y: x - y * quotient(x, y),
                       "ceildivsi": lambda x, y: -(-x // y), "floordivsi": lambda x, y: x // y}.items():
    add("arith." + name, INTEGERS, [whole(-50, 50), nonzero], lambda t, x, y, f=function: f(x, y))
for name, function in {"maxui": max, "minui": min, "divui": lambda x, y: x // y, "remui": lambda x, y: x % y,
                       "ceildivui": lambda x, y: -(-x // y)}.items():
    add("arith." + name, INTEGERS, [whole(-50, 50), nonzero],
        lambda t, x, y, f=function: f(unsigned(x, BITS[t]), unsigned(y, BITS[t])))
add("arith.shli", INTEGERS, [whole(-50, 50), shift], lambda t, x, n: x << n)
add("arith.shrsi", INTEGERS, [whole(-50, 50), shift], lambda t, x, n: x >> n)
add("arith.shrui", INTEGERS, [whole(-50, 50), shift], lambda t, x, n: unsigned(x, BITS[t]) >> n)
for t in INTEGERS[:-1]:
    def parts(value, t=t):
        return value, value >> BITS[t]
    add("arith.addui_extended", [t], [whole(-50, 50)] * 2,
        lambda t, x, y: parts(unsigned(x, BITS[t]) + unsigned(y, BITS[t]), t),
        "arith.addui_extended %a, %b : {T}, {i1}", [t, "i1"])
    add("arith.mulsi_extended", [t], [whole(-50, 50)] * 2, lambda t, x, y: parts(x * y, t), results=[t, t])
    add("arith.mului_extended", [t], [whole(-50, 50)] * 2,
        lambda t, x, y: parts(unsigned(x, BITS[t]) * unsigned(y, BITS[t]), t), results=[t, t])
signs = {"eq": lambda x, y: x == y, "ne": lambda x, y: x != y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y,
         "gt": lambda x, y: x > y, "ge": lambda x, y: x >= y}
for name, function in signs.items():
    for prefix in ["o", "u"]:
        add("arith.cmpf", FLOATS, [special(-3, 3), between(-3, 3)], ordered(function, prefix == "u"),
            f"arith.cmpf {prefix}{name}, %a, %b : {{T}}", ["i1"])
    for prefix in [""] if name in ["eq", "ne"] else ["s", "u"]:
        add("arith.cmpi", INTEGERS, [whole(-3, 3)] * 2,
            lambda t, x, y, f=function, p=prefix: f(unsigned(x, BITS[t]), unsigned(y, BITS[t])) if p == "u" else f(x, y),
            f"arith.cmpi {prefix}{name}, %a, %b : {{T}}", ["i1"])
add("arith.cmpf", FLOATS, [special(-3, 3)] * 2, ordered(lambda x, y: True, False), "arith.cmpf ord, %a, %b : {T}", ["i1"])
add("arith.cmpf", FLOATS, [special(-3, 3)] * 2, ordered(lambda x, y: False, True), "arith.cmpf uno, %a, %b : {T}", ["i1"])
for t in FLOATS + INTEGERS:
    add("arith.select", [t], [of("i1", whole(0, 1))] + [between(-3, 3) if t in FLOATS else whole(-50, 50)] * 2,
        lambda t, c, x, y: x if c else y, "arith.select %a, %b, %c : {i1}, {T}")


def cast(op, pairs, arguments, function):
    for source, target in pairs:
        add(op, [source], [arguments], lambda t, x, r=target: function(x, t, r), op + " %a : {T} to {R}", [target])


def reinterpreted(x, t, r):
    value = CTYPES[t](x)
    return ctypes.cast(ctypes.pointer(value), ctypes.POINTER(CTYPES[r])).contents.value


wider = [(s, t) for s in INTEGERS[:-1] for t in INTEGERS[:-1] if BITS[s] < BITS[t]]
pairs = [(i, f) for i in INTEGERS[:-1] for f in FLOATS]
cast("arith.extsi", wider, whole(-50, 50), lambda x, t, r: x)
cast("arith.extui", wider + [("i1", "i8"), ("i1", "i64")], whole(-50, 50), lambda x, t, r: unsigned(x, BITS[t]))
cast("arith.trunci", [(t, s) for s, t in wider], whole(-100, 100), lambda x, t, r: x)
cast("arith.extf", [("f32", "f64")], special(-3, 3), lambda x, t, r: x)
cast("arith.truncf", [("f64", "f32")], special(-3, 3), lambda x, t, r: x)
cast("arith.sitofp", pairs, whole(-50, 50), lambda x, t, r: x)
cast("arith.uitofp", pairs + [("i1", "f64")], whole(-50, 50), lambda x, t, r: unsigned(x, BITS[t]))
cast("arith.fptosi", [(f, i) for i, f in pairs], between(-100, 100), lambda x, t, r: int(x))
cast("arith.fptoui", [(f, i) for i, f in pairs], between(0, 100), lambda x, t, r: int(x))
cast("arith.index_cast", [("index", "i32"), ("index", "i64"), ("i8", "index"), ("i64", "index")], whole(-50, 50),
     lambda x, t, r: x)
cast("arith.index_castui", [("index", "i32"), ("i8", "index"), ("i32", "index")], whole(-50, 50),
     lambda x, t, r: unsigned(x, BITS[t]))
cast("arith.bitcast", [("f32", "i32"), ("f64", "i64")], special(-3, 3), reinterpreted)
cast("arith.bitcast", [("i32", "f32"), ("i64", "f64")], whole(0, 50), reinterpreted)

# Not among them: what is no computation, and the conversions that are of narrow types alone.
left_out = {"arith.constant", "arith.scaling_extf", "arith.scaling_truncf", "arith.convertf"}


def check_table():
    include = Path(shutil.which("FileCheck")).resolve().parent.parent / "include/mlir/Dialect"
    ops = set()
    for dialect in ["Arith", "Math"]:
        text = (include / dialect / "IR" / f"{dialect}Ops.td").read_text()
        ops.update(f"{dialect.lower()}.{name}" for name in re.findall(rf"^def {dialect}_\w+[^{{]*?<\"(\w+)\"", text, re.M))
        ops.update(f"{dialect.lower()}.{name}" for name in re.findall(rf"^def \w+Op\s*:\s*{dialect}_\w+<\"(\w+)\"", text, re.M))
    assert len(ops) > 90, sorted(ops)
    missing = ops - {row[0] for row in table} - left_out
    assert not missing, f"no row for {sorted(missing)}"


def arguments_of(row):
    op, t, generators, _, form, _ = row
    types = []
    for name in ["%a", "%b", "%c"][:len(generators)]:
        types.append(t)
    given = re.findall(r"\{(\w+)\}", form)
    if op == "math.fpowi" and len(generators) == 2:
        types[1] = given[1]
    if op == "arith.select":
        types = ["i1", t, t]
    return types


def function_text(number, row, tensor):
    op, t, generators, results, form, _ = row
    shaped = (lambda type: f"tensor<{N}x{type}>") if tensor else (lambda type: type)
    types = arguments_of(row)
    constant = ""
    if " with " in form:
        form, value = form.split(" with ")
        value, type = value.strip("{}").split(" : ")
        constant = f"  %n = arith.constant {f'dense<{value}>' if tensor else value} : {shaped(type)}\n"
    body = re.sub(r"\{(\w+)\}", lambda match: shaped({"T": t, "R": results[0]}.get(match[1], match[1])), form)
    arguments = ", ".join(f"%{name}: {shaped(type)}" for name, type in zip("abc", types))
    out = ", ".join(map(shaped, results))
    value, left = ("%r#0, %r#1", "%r:2") if len(results) == 2 else ("%r", "%r")
    return (f"func.func @f{number}_{'tensor' if tensor else 'scalar'}({arguments}) -> ({out}) {{\n{constant}"
            f"  {left} = {body}\n  return {value} : {out}\n}}\n")


# What is rounded once: there is one right answer.
EXACT = {"arith.addf", "arith.subf", "arith.mulf", "arith.divf", "math.sqrt"}


def agrees(found, wanted, type, op):
    if type == "i1":
        return bool(found) == bool(unsigned(int(wanted), 1))
    if type not in FLOATS:
        return found == signed(int(wanted), BITS[type])
    try:
        rounded = CTYPES[type](wanted).value
    except OverflowError:
        rounded = math.copysign(inf, wanted)
    if math.isnan(rounded) or math.isinf(rounded) or rounded == 0:
        return found == rounded and math.copysign(1, found) == math.copysign(1, rounded) or found != found and rounded != rounded
    # The errors that docs/Lowering.md allows, and what the reference is off itself.
    return found == rounded or op not in EXACT and abs(found - wanted) <= 6 * EPSILON[type] * abs(wanted)


def compute(library, number, row, tensor, arguments):
    function = getattr(library, f"f{number}_{'tensor' if tensor else 'scalar'}")
    function.restype = None
    types, results = arguments_of(row), row[3]
    outputs = [(CTYPES[type] * N)() for type in results]
    if tensor:
        function(*[(CTYPES[type] * N)(*values) for type, values in zip(types, arguments)], *outputs)
        return list(zip(*outputs))
    found = []
    for point in zip(*arguments):
        places = [CTYPES[type]() for type in results]
        function(*[CTYPES[type](x) for type, x in zip(types, point)], *[ctypes.byref(place) for place in places])
        found.append(tuple(place.value for place in places))
    return found


parser = argparse.ArgumentParser()
parser.add_argument("verb", choices=["write", "check"])
parser.add_argument("file")
options = parser.parse_args()
check_table()
if options.verb == "write":
    with open(options.file, "w") as file:
        for number, row in enumerate(table):
            file.write(function_text(number, row, False) + function_text(number, row, True))
    sys.exit()
library, wrong = ctypes.CDLL(options.file), 0
for number, row in enumerate(table):
    arguments = [generate(row[1]) for generate in row[2]]
    for tensor in [False, True]:
        for point, found in zip(zip(*arguments), compute(library, number, row, tensor, arguments)):
            wanted = row[5](row[1], *point)
            wanted = wanted if isinstance(wanted, tuple) else (wanted,)
            if not all(agrees(f, w, t, row[0]) for f, w, t in zip(found, wanted, row[3], strict=True)):
                wrong += 1
                print(f"{row[4]} of {row[1]}, {'tensor' if tensor else 'scalar'}, at {point}: found {found}, not {wanted}")
                break
print(f"{len({row[0] for row in table})} ops, {2 * len(table)} functions, {wrong} wrong")
