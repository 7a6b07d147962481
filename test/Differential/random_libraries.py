#===- random_libraries.py - Compares random programs with what they compute ----------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Random functions are compiled as libraries by one of the routes, many in a module, called, and compared with what an
evaluator that knows nothing of the compiler makes of the same program. What fails is reduced and written to a file."""
import argparse
import os
import random
import shutil
import sys
import tempfile
import time

from comparison import Counts, compare, reference
from generator import make_program
from library import Failure, Route, call_all, compile_library, processors
from reduction import reduce_program


class Tools:
    def __init__(self, arguments):
        self.costatec, self.cxx = arguments.costatec, arguments.cxx


# Programs in one module. A block of seeds has one route, so that a seed always stands for the same.
BLOCK = 25


def choose_route(block, cpus):
    """A route, and how many functions a program calls: without any the module starts at level 4, else at level 3."""
    generator = random.Random(f"route {block}")
    emit, float_ = generator.choice(["shared", "shared", "lib", "obj"]), generator.choice(["f64", "f64", "f32"])
    precision = generator.choice(["", "", "f32"]) if float_ == "f64" else ""
    level = generator.choice([2, 2, 2, 0, 1, 3])
    return Route(emit, generator.choice(cpus), level, float_, precision), generator.choice([0, 2, 2])


class Checker:
    """Compiles, calls and compares."""

    def __init__(self, tools, folder):
        self.tools, self.folder, self.counts, self.compiled = tools, folder, Counts(), 0

    def run(self, programs, route):
        """Failures by the index of the program. A module that does not compile is halved until it is known why."""
        text = "\n".join(p.text() for p in programs) + "\n"
        self.compiled += 1
        name = f"m{self.compiled}"
        try:
            path = compile_library(text, route, self.folder, name, self.tools)
        except Failure as failure:
            if len(programs) == 1:
                return {0: failure}
            half, found = len(programs) // 2, {}
            for start, part in ((0, programs[:half]), (half, programs[half:])):
                found.update({start + i: f for i, f in self.run(part, route).items()})
            # Each compiles alone, together they do not.
            return found or {0: Failure(failure.kind, "only together with the others of its module: " + str(failure),
                                        "together")}
        found = {}
        for i, (program, results) in enumerate(zip(programs, call_all(path, programs, route.format))):
            try:
                if isinstance(results, Failure):
                    raise results
                wanted = reference(program, route.format)
                if wanted is None:
                    self.counts.programs += 1
                else:
                    compare(results, wanted, self.counts)
            except Failure as failure:
                found[i] = failure
        os.remove(path)
        return found

    def failure(self, program, route):
        return self.run([program], route).get(0)


def report(checker, program, seed, route, failure, folder, reduce):
    """Writes what fails to a file, as small as it can be made."""
    first = failure
    alone = checker.failure(program, route)
    if alone is None:
        failure = Failure(failure.kind, f"only in its module: {failure}")
    elif reduce:
        program, failure = reduce_program(program, alone, lambda p: checker.failure(p, route))
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"seed{seed}.mlir")
    with open(path, "w", encoding="utf-8") as file:
        lines = [f"seed {seed}: costatec {route}", f"{first.kind}: {first}", f"reduced: {failure}",
                     f"called with {program.inputs}"[:2000]]
        file.write("".join(f"// {line}\n" for text in lines for line in text.split("\n")))
        file.write(program.text() + "\n")
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--costatec", default="costatec")
    parser.add_argument("--cxx", default="c++")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", default="1", help="the first seed; 'clock' for one that nobody chose")
    parser.add_argument("--failures", default="failures", help="the folder for what fails")
    parser.add_argument("--helpers", type=int, default=2, help="at most so many functions that a program calls")
    parser.add_argument("--no-reduce", action="store_true")
    arguments = parser.parse_args()
    first = time.time_ns() % 10**9 if arguments.seed == "clock" else int(arguments.seed)
    print(f"seed {first}", flush=True)
    folder = tempfile.mkdtemp(prefix="costate-random-")
    checker, cpus, failures = Checker(Tools(arguments), folder), processors(), []
    start, last = first, first + arguments.count
    while start < last:
        block = start // BLOCK
        seeds = range(start, min((block + 1) * BLOCK, last))
        start = seeds.stop
        route, helpers = choose_route(block, cpus)
        programs = [make_program(f"p{seed}", seed, route.float, min(helpers, arguments.helpers)) for seed in seeds]
        for i, failure in sorted(checker.run(programs, route).items()):
            path = report(checker, programs[i], seeds[i], route, failure, arguments.failures, not arguments.no_reduce)
            failures.append(seeds[i])
            print(f"seed {seeds[i]}: {failure.kind} ({route}), see {path}\n  {str(failure)[:600]}", flush=True)
    shutil.rmtree(folder)
    counts = checker.counts
    print(f"{counts.exact} values bit for bit, {counts.bounded} within bounds, {counts.unknown} undecided, "
          f"{counts.programs} programs undecided")
    print(f"{arguments.count} programs, {len(failures)} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
