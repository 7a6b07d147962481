#===- main.py - Costate's programs beside their peers: checks, times, tables ------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""Run by `costate-bench --peers`. Every contestant runs in a process of its own (worker.py) on the same processors, by turns;
a form whose f64 gradient is not Costate's is not timed. Results are appended to a file of JSON lines and printed as tables."""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import problems
import report

HERE = os.path.dirname(os.path.abspath(__file__))
FAMILIES = ["jax", "torch"]
AGREEMENT = 1e-10
CHECK_POINTS = 100
SLICE = 0.05  # seconds that a round gives to each


class Failure(Exception):
    pass


def run(words, **keywords):
    start = time.perf_counter()
    done = subprocess.run(words, stderr=subprocess.PIPE, text=True, **keywords)
    if done.returncode:
        raise Failure(f"{words[0]} failed:\n{done.stderr[-2000:]}")
    return time.perf_counter() - start


def compile_program(options, benchmark, precision, folder):
    """Seconds that costatec takes, from the problem file to object code."""
    with open(os.path.join(options.problems, (benchmark.file or benchmark.equation) + ".mlir")) as file:
        text = file.read()
    stem = os.path.join(folder, f"{benchmark.name}-{precision}")
    with open(stem + ".mlir", "w") as file:
        file.write(problems.source(text, benchmark) if benchmark.kind == "residual" else text)
    seconds = run([options.costatec, stem + ".mlir", "--precision=" + precision, "--emit=obj", "-o", stem + ".o"])
    run([options.cxx, "-shared", stem + ".o", options.runtime, "-Wl,-u,costate_rt_set_threads", "-o", stem + ".so", "-lz",
         "-lpthread", "-ldl", "-lm"])
    return seconds


# The long simulation is plain func and scf; these are the passes of its own test.
SIMULATION = [
    "-costate-expand-transforms -inline -canonicalize -cse -symbol-dce -costate-fuse-elementwise -canonicalize -cse "
    "-costate-bufferize -buffer-hoisting -buffer-loop-hoisting -canonicalize -cse",
    "-buffer-deallocation-pipeline -canonicalize -cse -costate-vectorize-tiles -loop-invariant-code-motion -canonicalize -cse "
    "-convert-vector-to-scf -convert-math-to-llvm -convert-linalg-to-loops -expand-strided-metadata -lower-affine "
    "-convert-scf-to-cf -convert-math-to-libm -convert-vector-to-llvm -convert-to-llvm -reconcile-unrealized-casts",
]


def compile_simulation(options, benchmark, folder):
    stem = os.path.join(folder, f"{benchmark.name}-f64")
    source = os.path.join(options.problems, os.pardir, "Differentiation", "lorenz96.mlir")
    tool = os.path.join(os.path.dirname(options.costatec), "costate-opt")
    seconds = run([tool, source, *SIMULATION[0].split(), "-o", stem + ".1.mlir"])
    seconds += run([tool, stem + ".1.mlir", *SIMULATION[1].split(), "-o", stem + ".2.mlir"])
    seconds += run([os.path.join(options.llvm, "bin", "mlir-translate"), "--mlir-to-llvmir", stem + ".2.mlir", "-o", stem + ".ll"])
    # Its main, and what that prints with, stay out.
    with open(stem + ".map", "w") as file:
        file.write("{ global: all; local: *; };\n")
    seconds += run([os.path.join(options.llvm, "bin", "clang"), "-O3", "-march=native", "-shared", "-fPIC", "-ffunction-sections",
                    "-Wno-override-module", stem + ".ll", "-Wl,--gc-sections,--version-script=" + stem + ".map", "-lm", "-o",
                    stem + ".so"])
    return seconds


def environment(folder, threads):
    count = str(threads)
    cpus = sorted(os.sched_getaffinity(0))[-threads:]
    return os.environ | {
        "COSTATE_BENCH_LIBRARIES": folder, "COSTATE_BENCH_CPUS": ",".join(map(str, cpus)), "OMP_NUM_THREADS": count,
        "MKL_NUM_THREADS": count, "TORCHINDUCTOR_CACHE_DIR": os.path.join(folder, "inductor"),
        "XLA_FLAGS": os.environ.get("XLA_FLAGS", "") + (" --xla_cpu_multi_thread_eigen=false" if threads == 1 else ""),
        # The runtime's arrays are recorded in memory that malloc has; otherwise the first touch is what is timed.
        "MALLOC_TRIM_THRESHOLD_": "1000000000", "MALLOC_MMAP_THRESHOLD_": "1000000000",
    } if threads else os.environ | {"COSTATE_BENCH_LIBRARIES": folder}


class Worker:
    """A contestant that waits for its turn."""

    def __init__(self, folder, threads, family, benchmark, form, precision, points, log):
        words = [sys.executable, os.path.join(HERE, "worker.py"), "serve", family, benchmark.name, form, precision, str(points)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                                        env=environment(folder, threads))
        ready = self._answer()
        if "refused" in ready:
            raise Failure(ready["refused"])
        self.first = ready["first"]

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failure("ended without an answer")
        return json.loads(line)

    def ask(self, command):
        print(command, file=self.process.stdin, flush=True)
        return self._answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def check(options, benchmark, family, folder, log):
    """[{form, version, error or refused}] of a family; one row that says so where it cannot be loaded."""
    done = subprocess.run([sys.executable, os.path.join(HERE, "worker.py"), "check", family, benchmark.name, folder,
                           str(min(CHECK_POINTS, benchmark.points))],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(folder, 2))
    log.write(done.stderr)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        rows.append({"form": "the others" if rows else "all forms", "version": family, "refused": last})
    return rows


def quartiles(values):
    values = sorted(values)
    last = len(values) - 1
    return [statistics.median(values), values[last // 4], values[last - last // 4]]


def measure(options, benchmark, precision, points, threads, forms, folder, log):
    """Fills the times of the forms [{family, form}], the first of which is Costate's, against which each is compared within
    its round."""
    workers = []
    for row in forms:
        try:
            workers.append(Worker(folder, threads, row["family"], benchmark, row["form"], precision, points, log))
        except Failure as failure:
            row["refused"] = str(failure)
            workers.append(None)
    ours = workers[0]
    if not ours:
        raise Failure("Costate's own program does not run")
    times, ratios, spent = [[] for _ in forms], [[] for _ in forms], [0.0] * len(forms)
    for turn in range(options.rounds):
        for number, worker in enumerate(workers):
            if not worker or (turn >= 3 and spent[number] > options.patience):
                continue
            start = time.perf_counter()
            reference = ours.ask(f"time {SLICE}")["seconds"]
            seconds = worker.ask(f"time {SLICE}")["seconds"] if number else reference
            times[number].append(seconds)
            ratios[number].append(seconds / reference)
            spent[number] += time.perf_counter() - start
    for number, (row, worker) in enumerate(zip(forms, workers)):
        if worker:
            row |= {"seconds": quartiles(times[number]), "ratio": quartiles(ratios[number]), "first": worker.first,
                    "bytes": worker.ask("memory")["bytes"]}
            worker.close()


def best(rows):
    """Of the forms that were timed the fastest nested one and the two fastest of all."""
    timed = sorted((row for row in rows if "ratio" in row), key=lambda row: row["ratio"][0])
    chosen = [row for row in timed if report.nested(row["form"])][:1]
    return chosen + [row for row in timed if row not in chosen][:2]


def compare(options, benchmark, folder, log):
    simulation = benchmark.kind == "simulation"
    precision = "f64" if simulation else "f32"
    points = min(options.points or benchmark.points, benchmark.points)
    if simulation:
        compile_seconds = compile_simulation(options, benchmark, folder)
    else:
        compile_program(options, benchmark, "f64", folder)
        compile_seconds = compile_program(options, benchmark, precision, folder)
    base = {"benchmark": benchmark.name, "points": points, "precision": precision, "rounds": options.rounds, "clock": options.clock,
            "compile": compile_seconds, "machine": report.machine()}
    ours = check(options, benchmark, "costate", folder, log)[0] | {"family": "costate"}
    if "refused" in ours:
        raise Failure("Costate's own program does not run: " + ours["refused"])
    peers = [row | {"family": family} for family in options.families for row in check(options, benchmark, family, folder, log)]
    for row in peers:
        if "error" in row and not row["error"] <= AGREEMENT:
            row["refused"] = f"its gradient differs by {row['error']:.1e}"
    chosen = peers
    for threads in options.threads:
        forms = [dict(row) for row in [ours] + [row for row in chosen if "refused" not in row]]
        measure(options, benchmark, precision, points, threads, forms, folder, log)
        refused = [row for row in chosen if "refused" in row]
        result = base | {"threads": threads, "ours": forms[0], "peers": forms[1:] + refused}
        if options.results:
            with open(options.results, "a") as file:
                file.write(json.dumps(result) + "\n")
        print(report.table(benchmark, [result]), flush=True)
        # With more threads only those are of interest that were fast with few.
        chosen = [{key: row[key] for key in ("family", "form", "version", "error")} for row in best(forms[1:])]


def widths(options, folder, log):
    """Time against flops along the widths, of Costate alone."""
    rows = []
    for benchmark in problems.WIDTHS.values():
        seconds = compile_program(options, benchmark, "f32", folder)
        forms = [{"family": "costate", "form": "compiled"}]
        points = options.points or benchmark.points
        measure(options, benchmark, "f32", points, options.threads[0], forms, folder, log)
        rows.append({"width": benchmark.width, "compile": seconds, "seconds": forms[0]["seconds"][0],
                     "flops": benchmark.flops(points)})
    result = {"benchmark": "widths", "rows": rows, "threads": options.threads[0], "machine": report.machine(),
              "deep": compile_program(options, problems.DEEP, "f32", folder)}
    if options.results:
        with open(options.results, "a") as file:
            file.write(json.dumps(result) + "\n")
    print(report.widths(result), flush=True)


def main():
    names = [*problems.BENCHMARKS, "widths"]
    parser = argparse.ArgumentParser(prog="costate-bench --peers", description=__doc__)
    parser.add_argument("--costatec")
    parser.add_argument("--runtime", help="libcostate_rt.a")
    parser.add_argument("--problems", help="folder of the problem files")
    parser.add_argument("--llvm", help="where LLVM is installed")
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="BENCHMARK", help=", ".join(names))
    parser.add_argument("--families", nargs="+", default=FAMILIES)
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--patience", type=float, default=6, help="seconds after which a slow form has three rounds only")
    parser.add_argument("--limit", type=int, default=600, help="seconds of a first call, after which a form is given up")
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall",
                        help="processor: the process's own time, for one thread on a machine with other load")
    parser.add_argument("--without", nargs="+", default=[], metavar="FORM", help="leave these forms out")
    parser.add_argument("--points", type=int, help="at most so many points")
    parser.add_argument("--results", help="append the results to this file")
    parser.add_argument("--report", metavar="RESULTS", help="only print the tables of such a file")
    options = parser.parse_args()
    if options.report:
        print(report.document(options.report))
        return 0
    os.environ |= {"COSTATE_BENCH_LIMIT": str(options.limit), "COSTATE_BENCH_WITHOUT": ";".join(options.without),
                   "COSTATE_BENCH_CLOCK": options.clock}
    failures = 0
    with tempfile.TemporaryDirectory(prefix="costate-bench-") as folder, open(os.path.join(folder, "log"), "w+") as log:
        for name in options.only:
            try:
                if name == "widths":
                    widths(options, folder, log)
                else:
                    compare(options, problems.BENCHMARKS[name], folder, log)
            except Failure as failure:
                failures += 1
                print(f"costate-bench: {name}: {failure}", file=sys.stderr, flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
