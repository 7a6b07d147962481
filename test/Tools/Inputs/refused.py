#===- refused.py - Inputs that costatec must refuse, and what it must say ------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===---------------------------------------------------------------------------------------------------------===#
"""Runs costatec on each input of the table: exit code 1, the message, and no file left behind."""
import subprocess
import sys
from pathlib import Path

RESIDUAL = b"""costate.variable @w init 0.5 : tensor<1xf64>
costate.residual @r(%x: tensor<1xf64>) -> tensor<1xf64> {
  %w = costate.read @w : tensor<1xf64>
  costate.yield %w : tensor<1xf64>
}
"""
SAMPLE = b"costate.sample @s (x: tensor<1xf64>) in box<[0.0], [1.0]> by uniform count 4\n"
TERM = b'costate.minimize "m" square(@r(x) - 1.0) over @s\n'
TRAIN = b"costate.train by #costate.sgd<lr = 0.1> steps 2\n"


def problem(*lines, name=b"@p", before=RESIDUAL):
    return before + b"costate.problem " + name + b" {\n" + b"".join(lines) + b"}\n"


def function(name, argument=b"f64", body=b""):
    return b"func.func @" + name + b"(%x: " + argument + b") -> (" + argument + b") {\n" + body + b"return %x : " + argument + b"\n}\n"


table = [  # name, text, --emit, message
    ("nothing", b"", "exe", "has no costate.problem to make a program of"),
    ("nothing to export", b"", "shared", "has no public function to make a library of"),
    ("only private", b"func.func private @f(%x: f64) -> f64 { return %x : f64 }\n", "lib",
     "has no public function to make a library of"),
    ("blanks", b" \n\t\n", "exe", "has no costate.problem to make a program of"),
    ("a comment", b"// nothing\n", "exe", "has no costate.problem to make a program of"),
    ("bytes", bytes(range(256)), "exe", "error:"),
    ("zeros", b"\0" * 100, "exe", "error:"),
    ("bytecode that ends", b"ML\xefR\x0d", "exe", "error:"),
    ("bytecode of nothing", b"ML\xefR" + bytes(range(200)), "exe", "error:"),
    ("an object", b"\x7fELF" + b"\0" * 60, "exe", "error:"),
    ("a module in a module", b"module { module { " + function(b"f") + b"} }\n", "shared",
     "'builtin.module' op is no part of a program"),
    ("a problem in a module in a module", b"module { module { " + problem(SAMPLE, TERM, TRAIN) + b"} }\n", "exe",
     "'builtin.module' op is no part of a program"),
    ("not closed", problem(SAMPLE)[:-2], "exe", "error: "),
    ("two problems", problem(SAMPLE, TERM, TRAIN) + problem(SAMPLE, TERM, TRAIN, name=b"@q", before=b""), "exe",
     "is the second problem of this module"),
    ("no set", problem(TRAIN), "exe", "has no set of points"),
    ("no statement", problem(), "exe", "does not say how to train"),
    ("no term", problem(SAMPLE, TRAIN), "exe", "asks for nothing"),
    ("no point", problem(SAMPLE.replace(b"count 4", b"count 0"), TERM, TRAIN), "exe", "has count 0, but needs at least one point"),
    ("fewer points", problem(SAMPLE.replace(b"count 4", b"count -4"), TERM, TRAIN), "exe", "has count -4"),
    ("no training", problem(SAMPLE, TERM), "exe", "does not say how to train"),
    ("two trainings", problem(SAMPLE, TERM, TRAIN, TRAIN), "exe", "is the second of this problem"),
    ("no step", problem(SAMPLE, TERM, TRAIN.replace(b"steps 2", b"steps 0")), "exe", "has steps 0"),
    ("steps past 64 bits", problem(SAMPLE, TERM, TRAIN.replace(b"steps 2", b"steps 10000000000000000000")), "exe",
     "this number does not fit 64 bits with a sign"),
    ("more points than there can be", problem(SAMPLE.replace(b"count 4", b"count 10000000000000000"), TERM, TRAIN), "exe",
     "has more points than can be addressed"),
    ("a name that is no text", problem(SAMPLE, TERM.replace(b'"m"', b'"a\\FFb"'), TRAIN), "exe", 'is named "a\\FFb"'),
    ("a name that leaves the folder", problem(SAMPLE, TERM, TRAIN, name=b'@"../../evil"'), "exe", 'is named "../../evil"'),
    ("a name of the compiler's", b"func.func private @costate_min_norm_solve_1xf64(%x: f64) -> f64 { return %x : f64 }\n"
     + problem(SAMPLE, TERM, TRAIN), "exe", "names that begin with 'costate_' are the compiler's"),
    ("a function of LLVM beside a problem", problem(SAMPLE, TERM, TRAIN) + b"llvm.func @g(%x: f64) -> f64 {\n"
     b"llvm.return %x : f64\n}\n", "exe", "'llvm.func' op is no part of a program"),
    ("half precision in a problem", problem(SAMPLE, TERM, TRAIN, before=RESIDUAL.replace(
        b"  costate.yield", b"  %h = arith.truncf %w : tensor<1xf64> to tensor<1xf16>\n  costate.yield")), "exe",
     "'arith.truncf' op has result 0 of type 'tensor<1xf16>', but a program computes with"),
    ("a network of two results in a term", problem(SAMPLE, TERM, TRAIN, before=RESIDUAL.replace(
        b"-> tensor<1xf64> {", b"-> (tensor<1xf64>, tensor<1xf64>) {").replace(
            b"yield %w : tensor<1xf64>", b"yield %w, %w : tensor<1xf64>, tensor<1xf64>")), "exe",
     "applies @r, which has 2 results, but must have one"),
    ("more than one block", function(b"f", body=b"cf.br ^next\n^next:\n"), "shared", "has more than one block"),
]
for name in [b"double", b"class", b"int32_t"]:
    table.append((f"a function named {name.decode()}", function(name), "lib",
                  f"is named @{name.decode()}, a keyword, as which no header can declare it"))
for name in [b"malloc", b"sin", b"main", b"_f", b'"a-b"', b'"a b"', b'"\\FF"', b"costate_f", b"f.g"]:
    table.append((f"a function named {name.decode()}", function(name), "shared", "but needs a name that is free in C: "))
for type in ["complex<f32>", "tensor<4xcomplex<f64>>", "f16", "tensor<4xf16>", "bf16", "tensor<4xbf16>", "tf32", "f8E4M3FN", "f80",
             "f128", "vector<4xf64>", "vector<[4]xf64>", "none", "tuple<f64, f64>", "i128", "tensor<4xi128>", "i7", "tensor<2xi33>", "si32",
             "ui8", "tensor<*xf64>", "memref<*xf64>", "!llvm.ptr", "memref<4xf16>", "(f64) -> f64", "!async.token",
             "tensor<4xvector<2xf64>>"]:
    table.append((f"an argument of type {type}", function(b"f", type.encode()), "shared",
                  f"has argument 0 of type '{type}', but a program computes with f32, f64, index and i1, i8, i16, i32, i64"))
for type, message in [("tensor<0xf64>", "a tensor has at least one element"), ("tensor<3x0xf64>", "a tensor has at least one element"),
                      ("tensor<9223372036854775807xf64>", "a tensor has no more elements than can be addressed, 2^44"),
                      ("tensor<4294967296x4294967296xf64>", "a tensor has no more elements than can be addressed, 2^44"),
                      ("tensor<4xf64, 1>", "a tensor has no encoding here")]:
    table.append((f"an argument of type {type}", function(b"f", type.encode()), "shared", f"', but {message}"))
table += [
    ("a buffer as an argument", function(b"f", b"memref<4xf64>"), "shared", "error: 'func.func' op has argument 0 of type"),
    ("an op of another dialect", function(b"f", b"tensor<4xf64>",
     b"%y = tosa.tanh %x : (tensor<4xf64>) -> tensor<4xf64>\n"), "shared", "'tosa.tanh' op is of the dialect 'tosa'"),
]

folder, wrong = Path(sys.argv[1]), 0
for name, text, emit, message in table:
    source, output = folder / "in.mlir", folder / "out"
    source.write_bytes(text)
    run = subprocess.run(["costatec", source, "--emit=" + emit, "-o", output], capture_output=True)
    errors = run.stderr.decode(errors="replace")
    if run.returncode != 1 or message not in errors or "Stack dump" in errors or output.exists():
        wrong += 1
        print(f"{name}: exit code {run.returncode}: {errors[:500]}")
        output.unlink(missing_ok=True)
# The other way to run a program passes on what costatec says.
for name, text, emit, message in table[:3] + [row for row in table if row[2] == "exe"][-3:]:
    if emit == "exe":
        source.write_bytes(text)
        run = subprocess.run(["costate-run", source, "train"], capture_output=True)
        if run.returncode != 1 or b"error:" not in run.stderr:
            wrong += 1
            print(f"costate-run, {name}: exit code {run.returncode}: {run.stderr[:500]}")
print(f"{len(table)} inputs, {wrong} wrong")
