#===- stock.py - A function by the passes of MLIR alone ------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Calls @f with given values through mlir-opt and mlir-runner, with no pass of Costate."""
import os
import re
import struct
import subprocess

LOWER = ["-linalg-generalize-named-ops", "-convert-elementwise-to-linalg", "-convert-tensor-to-linalg", "-eliminate-empty-tensors",
         "-empty-tensor-to-alloc-tensor",
         "-one-shot-bufferize=bufferize-function-boundaries=1 allow-return-allocs-from-loops=1 "
         "function-boundary-type-conversion=identity-layout-map",
         "-buffer-deallocation-pipeline", "-convert-bufferization-to-memref", "-convert-linalg-to-loops", "-convert-scf-to-cf", "-expand-strided-metadata", "-lower-affine", "-arith-expand",
         "-convert-math-to-llvm", "-convert-math-to-libm", "-convert-complex-to-llvm", "-convert-vector-to-llvm", "-finalize-memref-to-llvm",
         "-convert-arith-to-llvm", "-convert-cf-to-llvm", "-convert-func-to-llvm", "-convert-index-to-llvm", "-convert-ub-to-llvm",
         "-reconcile-unrealized-casts"]


def shape(type_):
    """Sizes and element of a type; a scalar has no sizes."""
    match = re.fullmatch(r"tensor<((?:\d+x)*)([a-z]\w*)>", type_)
    if match:
        return [int(n) for n in match.group(1).split("x")[:-1]], match.group(2)
    return (None, type_) if re.fullmatch(r"[a-z]\w*", type_) else (None, None)


def constant(type_, values):
    sizes, element = shape(type_)
    def number(value):
        if element in ("f64", "f32"):
            size, code = (8, "d") if element == "f64" else (4, "f")
            return f"0x{struct.pack('>' + code, value).hex().upper()}"
        return str(int(value)) if element != "i1" else ("true" if value else "false")
    if sizes is None:
        return f"arith.constant {number(values[0])} : {type_}" if element != "i1" else f"arith.constant {number(values[0])}"
    if not values:
        return f"arith.constant dense<> : {type_}" if 0 in sizes else f"tensor.empty() : {type_}"
    def nested(sizes, values):
        if not sizes:
            return number(values[0])
        step = len(values) // sizes[0]
        return "[" + ", ".join(nested(sizes[1:], values[i * step:(i + 1) * step]) for i in range(sizes[0])) + "]"
    return f"arith.constant dense<{nested(sizes, values)}> : {type_}"


def as_bits(element):
    """Ops from %e to what is printed, %b."""
    if element in ("f64", "i64"):
        return f"%b = arith.bitcast %e : {element} to i64"
    if element == "f32":
        return "%w = arith.bitcast %e : f32 to i32\n%b = arith.extsi %w : i32 to i64"
    if element == "index":
        return "%b = arith.index_cast %e : index to i64"
    return f"%b = arith.extsi %e : {element} to i64"


def printer(number, type_):
    sizes, element = shape(type_)
    if sizes is None:
        return f"func.func private @print{number}(%e: {type_}) attributes {{no_inline}} {{\n{as_bits(element)}\n" \
               "func.call @printI64(%b) : (i64) -> ()\nfunc.call @printNewline() : () -> ()\nreturn\n}"
    loops = "".join(f"%n{i} = arith.constant {n} : index\nscf.for %i{i} = %c0 to %n{i} step %c1 {{\n" for i, n in enumerate(sizes))
    indices = ", ".join(f"%i{i}" for i in range(len(sizes)))
    return f"""func.func private @print{number}(%t: {type_}) attributes {{no_inline}} {{
%c0 = arith.constant 0 : index
%c1 = arith.constant 1 : index
{loops}%e = tensor.extract %t[{indices}] : {type_}
{as_bits(element)}
func.call @printI64(%b) : (i64) -> ()
func.call @printNewline() : () -> ()
{'}' * len(sizes)}
return
}}"""


def number_of(bits, element):
    if element == "f64":
        return struct.unpack("<d", struct.pack("<q", bits))[0]
    if element == "f32":
        return struct.unpack("<f", struct.pack("<i", bits))[0]
    return bool(bits) if element == "i1" else bits


def call(text, arguments, results, inputs, tools, filled=85):
    """The results of @f, a list of numbers each; None where the stock passes do not compile or run it. `filled`: the byte that
    memory holds before it is written."""
    lines, names = [], []
    for i, (type_, values) in enumerate(zip(arguments, inputs)):
        lines.append(f"%a{i} = {constant(type_, values)}")
        names.append(f"%a{i}")
    left = f"%r:{len(results)} = " if results else ""
    # A call that nothing folds: the constants are moved into the function otherwise.
    lines.append(f"{left}func.call @f({', '.join(names)}) : ({', '.join(arguments)}) -> ({', '.join(results)})")
    lines += [f"func.call @print{i}(%r#{i}) : ({type_}) -> ()" for i, type_ in enumerate(results)]
    module = text.replace("func.func @f(", "func.func private @f(", 1) + "\n".join(printer(i, t) for i, t in enumerate(results)) + \
        "\nfunc.func private @printI64(i64)\nfunc.func private @printNewline()\nfunc.func @main() {\n" + "\n".join(lines) + "\nreturn\n}\n"
    try:
        lowered = subprocess.run([tools.mlir_opt, *LOWER], input=module, capture_output=True, text=True, timeout=120)
        if lowered.returncode:
            return None
        ran = subprocess.run([tools.mlir_runner, "-O1", "-e", "main", "-entry-point-result=void", f"-shared-libs={tools.runner_utils}"],
                             input=lowered.stdout, capture_output=True, text=True, timeout=120,
                             env={**os.environ, "MALLOC_PERTURB_": str(filled)})
    except subprocess.TimeoutExpired:
        return None
    if ran.returncode:
        return None
    bits, found = [int(line) for line in ran.stdout.split()], []
    for type_ in results:
        sizes, element = shape(type_)
        size = 1
        for n in sizes or []:
            size *= n
        found.append([number_of(b, element) for b in bits[:size]])
        bits = bits[size:]
    return found
