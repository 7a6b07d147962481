#===- worker.py - One contestant in a process of its own --------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""worker.py check FAMILY BENCHMARK FOLDER POINTS: how far the f64 loss and gradient of every form are from Costate's.
worker.py serve FAMILY BENCHMARK FORM PRECISION POINTS: answers the lines `time SECONDS` and `memory` with JSON."""
import importlib
import json
import os
import signal
import sys
import time
import traceback

# What a library prints is not an answer.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

if os.environ.get("COSTATE_BENCH_CPUS"):
    os.sched_setaffinity(0, [int(cpu) for cpu in os.environ["COSTATE_BENCH_CPUS"].split(",")])

import problems  # noqa: E402, once the processors are chosen


LIMIT = int(os.environ.get("COSTATE_BENCH_LIMIT", "600"))


def benchmark_of(name):
    known = problems.BENCHMARKS | {b.name: b for b in [problems.DEEP, *problems.WIDTHS.values()]}
    return known[name]


def answer(**values):
    print(json.dumps(values), file=answers, flush=True)


def memory(*fields):
    with open("/proc/self/status") as file:
        return sum(int(line.split()[1]) * 1024 for line in file if line.split(":")[0] in fields)


def kept():
    """What belongs to the process, in memory or, where the system takes back what is idle, out of it."""
    return memory("RssAnon", "VmSwap")


def transient(run):
    """What a call needs beyond what is resident before it, at most."""
    run()  # brings back what went while others had their turn
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    before = memory("VmRSS")
    run()
    return memory("VmHWM") - before


class limit:
    """Of seconds for what stands in it; some compilers do not end."""
    expired = False

    def __enter__(self):
        def expire(number, frame):
            limit.expired = True
            raise TimeoutError
        limit.expired = False
        signal.signal(signal.SIGALRM, expire)
        signal.alarm(LIMIT)

    def __exit__(self, *_):
        signal.alarm(0)


def reason(error):
    """Compilers wrap what interrupts them."""
    if limit.expired:
        return f"the first call took more than {LIMIT} s"
    return f"{type(error).__name__}: {error}".split("\n")[0]


def check(family, benchmark, folder, points):
    """The reference is what Costate computed, which is checked first."""
    import numpy
    module = importlib.import_module(family + "_family")
    reference = os.path.join(folder, benchmark.name + ".npz")
    without = os.environ.get("COSTATE_BENCH_WITHOUT", "").split(";")
    for form in module.forms(benchmark):
        if form in without:
            continue
        try:
            with limit():
                run, fetch = module.make(benchmark, form, "f64", benchmark.parameters(), benchmark.samples(points))
                # The first of Adam's steps only knows signs.
                for _ in range(5 if benchmark.kind == "minibatch" else 1):
                    result = run()
            loss, gradient = fetch(result)
            if benchmark.kind == "minibatch":
                gradient = gradient - problems.flatten(benchmark.parameters())
            if family == "costate":
                numpy.savez(reference, loss=loss, gradient=gradient)
            expected = numpy.load(reference)
            error = max(abs(loss - expected["loss"]) / max(abs(loss), 1e-300),
                        numpy.linalg.norm(gradient - expected["gradient"]) / numpy.linalg.norm(gradient))
            answer(form=form, version=module.version(form), error=float(error))
        except Exception as error:
            traceback.print_exc()
            answer(form=form, version=module.version(form), refused=reason(error))


def serve(family, benchmark, form, precision, points):
    clock = {"wall": time.perf_counter, "processor": time.process_time}[os.environ.get("COSTATE_BENCH_CLOCK", "wall")]
    module = importlib.import_module(family + "_family")
    parameters, samples = benchmark.parameters(), benchmark.samples(points)
    before = kept()
    start = time.perf_counter()
    try:
        with limit():
            run, _ = module.make(benchmark, form, precision, parameters, samples)
            run()
    except Exception as error:
        traceback.print_exc()
        return answer(refused=reason(error))
    first = time.perf_counter() - start
    # Before the third call some compilers make up their mind.
    for _ in range(2):
        start = clock()
        run()
        estimate = clock() - start
    answer(first=first)
    for line in sys.stdin:
        command = line.split()
        if command[0] == "time":
            calls = max(1, min(10000, int(float(command[1]) / max(estimate, 1e-6))))
            start = clock()
            for _ in range(calls):
                run()
            estimate = (clock() - start) / calls
            answer(seconds=estimate)
        elif command[0] == "memory":
            answer(bytes=kept() - before + transient(run))


if __name__ == "__main__":
    mode, family, name, *rest = sys.argv[1:]
    if mode == "check":
        check(family, benchmark_of(name), rest[0], int(rest[1]))
    else:
        serve(family, benchmark_of(name), rest[0], rest[1], int(rest[2]))
