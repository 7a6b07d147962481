#===- real_inputs.py - Programs that others wrote, through every pass and costatec ---------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Takes MLIR files, such as the tests of Linalg, Tensor, SCF, Math and Arith of the MLIR that this is built on. No pass may crash,
hang, make invalid IR or fail without a message; what costatec compiles gives the values that the stock passes give, and is
refused with a message at a place otherwise. Derivatives of what is compiled: <w, J v> forward and backward."""
import argparse
import collections
import ctypes
import math
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import stock
from functions import Function, files, functions, signature

CTYPES = {"f64": ctypes.c_double, "f32": ctypes.c_float, "i1": ctypes.c_bool, "i8": ctypes.c_int8, "i16": ctypes.c_int16,
          "i32": ctypes.c_int32, "i64": ctypes.c_int64, "index": ctypes.c_int64}
# An element of a result may be off so many units in the last place of the largest: sums in another order, other elementary functions.
ULPS = 64
# Derivatives of functions of tensors with more elements are not compared.
LARGEST = 100_000


def passes(tool):
    text = subprocess.run([tool, "--help"], capture_output=True, text=True, check=True).stdout
    return re.findall(r"^ +--(costate-[\w-]+)", text, re.MULTILINE)


class Report:
    def __init__(self, folder):
        self.folder, self.counts, self.refusals, self.found = Path(folder), collections.Counter(), collections.Counter(), []
        self.folder.mkdir(parents=True, exist_ok=True)

    def finding(self, kind, function, what, text=None):
        path = self.folder / f"{len(self.found)}.mlir"
        path.write_text("".join(f"// {line}\n" for line in [f"{kind}: {function.place}", *what.split("\n")[:12]]) + (text or function.text))
        self.found.append(kind)
        print(f"{kind}: {function.place}: {what.splitlines()[0] if what else ''}, see {path}", flush=True)


def run(arguments, text, seconds=60):
    """The exit code, negative where it died, and what it said."""
    try:
        result = subprocess.run(arguments, input=text, capture_output=True, text=True, errors="replace", timeout=seconds)
    except subprocess.TimeoutExpired:
        return -99, f"not done after {seconds} s"
    return result.returncode, result.stderr


def check_pass(name, group, report, opt):
    """One pass over many functions; where something is wrong, over each."""
    text = "// -----\n".join(function.text for function in group)
    code, said = run([opt, "--split-input-file", f"--{name}", "-o", os.devnull, "-"], text)
    report.counts["passes over functions"] += len(group)
    if code == 0:
        return
    errors = said.count(" error: ")
    unverified, loose = run([opt, "--split-input-file", f"--{name}", "--verify-each=0", "-o", os.devnull, "-"], text)
    if code == 1 and errors and unverified == 1 and loose.count(" error: ") == errors:
        report.counts["refused by a pass"] += 1
        return
    if len(group) > 1:
        half = len(group) // 2
        check_pass(name, group[:half], report, opt)
        check_pass(name, group[half:], report, opt)
        report.counts["passes over functions"] -= len(group)
        return
    kind = "hang" if code == -99 else "crash" if code != 1 else "no message" if not errors else "invalid IR"
    report.finding(kind, group[0], f"--{name}\n{said}")


def numbers(type_, generator):
    sizes, element = stock.shape(type_)
    count = math.prod(sizes) if sizes else 1
    if element in ("f64", "f32"):
        return [generator.randint(-8, 8) / 4 for _ in range(count)]
    # What is divided by is not zero; an index may be a place in what has two elements.
    lowest, highest = (0, 1) if element in ("i1", "index") else (1, 3)
    return [generator.randint(lowest, highest) for _ in range(count)]


def call(path, types, results, inputs):
    """Calls @f in a process of its own: it may die. None if it does."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        status = 1
        try:
            function = ctypes.CDLL(path).f
            arguments = []
            for type_, values in zip(types, inputs):
                sizes, element = stock.shape(type_)
                c = CTYPES[element]
                arguments.append(c(values[0]) if sizes is None else (c * max(1, len(values)))(*values))
            buffers = [(CTYPES[stock.shape(t)[1]] * max(1, math.prod(stock.shape(t)[0] or [])))() for t in results]
            function(*arguments, *buffers)
            with os.fdopen(write, "w") as file:
                for type_, buffer in zip(results, buffers):
                    size = math.prod(stock.shape(type_)[0] or [])
                    file.write(" ".join(repr(float(v)) if isinstance(v, float) else str(int(v)) for v in list(buffer)[:size]) + "\n")
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read) as file:
        lines = file.read().split("\n")
    _, status = os.waitpid(child, 0)
    return None if status else [[float(v) for v in line.split()] for line in lines[:len(results)]]


# Ops whose zeros may have either sign, since the order of a sum is open or since they choose either zero.
EITHER_ZERO = r'reduc|dot|matmul|matvec|vecmat|mmt4d|conv|pooling|contract|maxnum|minnum|vector\.|accumulate'


def differs(found, wanted, results, signs=True):
    """The first element that is not what it should be; `signs`: whether the sign of a zero counts."""
    for i, (type_, a, b) in enumerate(zip(results, found, wanted)):
        element = stock.shape(type_)[1]
        unit = {"f64": 2**-53, "f32": 2**-24}.get(element, 0)
        largest = max([abs(v) for v in b if math.isfinite(v)], default=0)
        for j, (x, y) in enumerate(zip(a, b)):
            if x == y:
                same = x != 0 or not signs or math.copysign(1, x) == math.copysign(1, y)
            else:
                near = math.isfinite(x) and math.isfinite(y) and abs(x - y) <= ULPS * unit * max(largest, abs(y))
                same = near or (x != x and y != y)
            if not same:
                return f"result {i}, element {j}: {x!r}, but by the stock passes {y!r}"
    return ""


def static(text):
    """Sizes in the place of those that are not known, where a C function has none."""
    return re.sub(r"(tensor<)([^>]*\?[^>]*)>", lambda m: m.group(1) + m.group(2).replace("?", "4") + ">", text)


def check_library(function, report, tools, folder):
    """Compiles @f and calls it with small whole numbers and quarters."""
    source, product = folder / "f.mlir", folder / "f.so"
    source.write_text(function.text)
    product.unlink(missing_ok=True)
    code, said = run([tools.costatec, "--emit=shared", str(source), "-o", str(product)], None, 120)
    if code != 0:
        message = re.search(r"error: (.*)", said)
        if code != 1 or not message:
            report.finding("hang" if code == -99 else "crash" if code != 1 else "no message", function, f"costatec\n{said}")
            return
        if product.exists():
            report.finding("a file of what is refused", function, said)
        report.counts["refused by costatec"] += 1
        report.refusals[re.sub(r"\d+", "N", re.sub(r"(tensor|memref|vector)<.*?>|#map\d*", r"\1", message.group(1)))[:150]] += 1
        return
    report.counts["compiled"] += 1
    types = signature(function.text)
    if not types or any(stock.shape(t)[1] not in CTYPES for t in types[0] + types[1]):
        return
    arguments, results = types
    generator = random.Random(function.place)
    inputs = [numbers(t, generator) for t in arguments]
    wanted = stock.call(function.text, arguments, results, inputs, tools)
    if wanted is None:
        report.counts["not run by the stock passes"] += 1
        return
    if repr(stock.call(function.text, arguments, results, inputs, tools, filled=170)) != repr(wanted):
        report.counts["undefined, by what memory holds"] += 1
        return
    found = call(str(product), arguments, results, inputs)
    if found is None:
        report.finding("crash", function, f"the call with {inputs}")
        return
    report.counts["values compared"] += sum(map(len, wanted))
    report.counts["functions compared"] += 1
    wrong = differs(found, wanted, results, not re.search(EITHER_ZERO, function.text))
    if wrong:
        report.finding("wrong", function, f"{wrong}\ncalled with {inputs}")


def with_derivatives(function):
    """A module with @f: (x…, v…, w…) -> <w, J v> forward, <Jᵀ w, v> backward, where all types are of one float."""
    types = signature(function.text)
    if not types or not types[0] or not types[1]:
        return None
    arguments, results = types
    elements = {stock.shape(t)[1] for t in arguments + results}
    # The sum of millions of terms in f32 says nothing.
    if any(math.prod(stock.shape(t)[0] or []) > LARGEST for t in arguments + results if stock.shape(t)[1]):
        return None
    active = [i for i, t in enumerate(arguments) if stock.shape(t)[1] in ("f64", "f32")]
    if not active or len(elements & {"f64", "f32"}) != 1 or not all(stock.shape(t)[1] in ("f64", "f32") for t in results):
        return None
    float_ = (elements & {"f64", "f32"}).pop()
    inner = re.sub(r"@f(?![\w$.-])", "@f0", function.text).replace("func.func @f0(", "func.func private @f0(", 1)
    tangents = [arguments[i] for i in active]
    lines = []

    def dot(pairs):
        lines.append(f"%s0 = arith.constant 0.0 : {float_}" if not any("%s0 =" in line for line in lines) else "")
        total = "%s0"
        for a, b, type_ in pairs:
            n, sizes = len(lines), stock.shape(type_)[0]
            if sizes is None:
                lines.append(f"%p{n} = arith.mulf {a}, {b} : {type_}\n%q{n} = arith.addf {total}, %p{n} : {float_}")
            else:
                dimensions = ", ".join(map(str, range(len(sizes))))
                lines.append(f"%p{n} = arith.mulf {a}, {b} : {type_}\n%i{n} = tensor.from_elements {total} : tensor<{float_}>\n"
                             f"%r{n} = linalg.reduce {{ arith.addf }} ins(%p{n} : {type_}) outs(%i{n} : tensor<{float_}>) "
                             f"dimensions = [{dimensions}]\n%q{n} = tensor.extract %r{n}[] : tensor<{float_}>")
            total = f"%q{n}"
        return total

    x = [f"%x{i}" for i in range(len(arguments))]
    v, w = [f"%v{i}" for i in active], [f"%w{i}" for i in range(len(results))]
    all_types = arguments + tangents + results
    lines.append(f"%j:{2 * len(results)} = costate.call @f0_jvp({', '.join(x + v)}) : ({', '.join(arguments + tangents)}) -> "
                 f"({', '.join(results * 2)})")
    lines.append(f"%b:{len(results) + len(active)} = costate.call @f0_vjp({', '.join(x + w)}) : ({', '.join(arguments + results)}) -> "
                 f"({', '.join(results + tangents)})")
    m = len(results)
    forward = dot([(w[i], f"%j#{m + i}", t) for i, t in enumerate(results)])
    backward = dot([(v[i], f"%b#{m + i}", t) for i, t in enumerate(tangents)])
    names = ", ".join(f"{n}: {t}" for n, t in zip(x + v + w, all_types))
    wrt = "[" + ", ".join(map(str, active)) + "]"
    text = inner + f"costate.derive @f0_jvp = jvp @f0 wrt {wrt}\ncostate.derive @f0_vjp = vjp @f0 wrt {wrt}\n" \
        f"func.func @f({names}) -> ({float_}, {float_}) {{\n" + "\n".join(lines) + f"\nreturn {forward}, {backward} : {float_}, {float_}\n}}\n"
    return Function(function.place + "'", text), all_types, float_


def check_derivative(function, report, tools, folder):
    made = with_derivatives(function)
    if not made:
        return
    derived, types, float_ = made
    source, product = folder / "d.mlir", folder / "d.so"
    source.write_text(derived.text)
    code, said = run([tools.costatec, "--emit=shared", str(source), "-o", str(product)], None, 120)
    if code:
        message = re.search(r"error: (.*)", said)
        if code != 1 or not message:
            report.finding("hang" if code == -99 else "crash" if code != 1 else "no message", derived, f"costatec\n{said}")
            return
        report.counts["derivatives refused"] += 1
        report.refusals["derivative: " + re.sub(r"\d+", "N", message.group(1))[:140]] += 1
        return
    generator = random.Random(function.place)
    inputs = [numbers(t, generator) for t in types]
    found = call(str(product), types, [float_, float_], inputs)
    if found is None:
        report.finding("crash", derived, f"the call with {inputs}")
        return
    report.counts["derivatives compared"] += 1
    (a,), (b,) = found
    if a != b and not (a != a and b != b) and not abs(a - b) <= (1e-9 if float_ == "f64" else 1e-4) * max(1, abs(a)):
        report.finding("wrong", derived, f"<w, J v> forward {a!r}, backward {b!r}\ncalled with {inputs}")


def check_file(path, report, tools):
    group = list(functions(path, tools.costate_opt))
    # What differs in sizes that are not known only is the same program to a library.
    fixed = [Function(f.place + ", sizes 4", static(f.text)) for f in group if "?" in f.text]
    report.counts["functions"] += len(group)
    for name in tools.passes:
        check_pass(name, group, report, tools.costate_opt)
    if tools.no_libraries:
        return
    with tempfile.TemporaryDirectory(prefix="costate-real-") as folder:
        for function in group + fixed:
            if function in fixed and run([tools.costate_opt, "-o", os.devnull, "-"], function.text)[0]:
                continue
            before = report.counts["compiled"]
            check_library(function, report, tools, Path(folder))
            if report.counts["compiled"] > before:
                check_derivative(function, report, tools, Path(folder))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--costate-opt", default="costate-opt")
    parser.add_argument("--costatec", default="costatec")
    parser.add_argument("--mlir-opt", default="mlir-opt")
    parser.add_argument("--mlir-runner", default="mlir-runner")
    parser.add_argument("--runner-utils", required=True, help="libmlir_c_runner_utils.so")
    parser.add_argument("--passes", nargs="*", help="only these")
    parser.add_argument("--no-libraries", action="store_true")
    parser.add_argument("--findings", default="findings", help="the folder for what is found")
    tools = parser.parse_args()
    if tools.passes is None:
        tools.passes = passes(tools.costate_opt)
    report = Report(tools.findings)
    for path in files(tools.folders):
        check_file(path, report, tools)
    for message, count in report.refusals.most_common():
        print(f"refused {count}: {message}")
    print(", ".join(f"{count} {what}" for what, count in sorted(report.counts.items())))
    kinds = collections.Counter(report.found)
    print(f"{len(report.found)} findings" + "".join(f", {count} {kind}" for kind, count in sorted(kinds.items())))
    sys.exit(1 if report.found else 0)


if __name__ == "__main__":
    main()
