#===- random_problems.py - Compares random problems with their losses and gradients ------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------------===#
"""Random residuals over data sets are compiled as programs and trained for a step, or an epoch of batches: by one thread and
two, and by costate-run, with equal bits; some as kernels, too. Losses and gradient are as forward derivatives give them."""
import argparse
import os
import random
import shutil
import sys
import tempfile
import time

from comparison import Counts
from library import Failure, processors
from pointwise import Problem, make_problem
from reduction import reduce_program
from training import Trainer


def choose_options(seed, cpus):
    """Options of costatec, the type in the text, the precision it is compiled in, and further routes."""
    g = random.Random(f"options {seed}")
    float_ = g.choice(["f64", "f64", "f32"])
    precision = g.choice(["f64", "f64", "f32"]) if float_ == "f64" else "f32"
    options = [f"--target-cpu={g.choice(cpus)}", f"-O{g.choice([2, 2, 2, 0, 1, 3])}"]
    return options + ([f"--precision={precision}"] if precision != float_ else []), float_, precision, \
        ["costate-run"] if g.random() < 0.3 else []


def report(trainer, problem, failure, check, folder, seed, options, reduce):
    """Writes the problem to a file, with one term if that suffices, which then is made smaller."""
    for term in problem.terms:
        alone = Problem([term], problem.batch, problem.tile)
        found = check(alone)
        if found is None or found.kind != failure.kind:
            continue
        failure, problem = found, alone
        if reduce:
            def check_program(program):
                saved, term.program = term.program, program
                found = check(alone)
                term.program = saved
                return found
            term.program, failure = reduce_program(term.program, failure, check_program, arguments=False)
        break
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"problem{seed}.mlir")
    with open(path, "w", encoding="utf-8") as file:
        file.write("".join(f"// {line}\n" for line in f"seed {seed}: {' '.join(options)}\n{failure}".split("\n")))
        file.write(problem.text())
    for term in problem.terms:
        data = f"{trainer.path}.s{term.number}.npz"
        if os.path.exists(data):
            shutil.copy(data, os.path.join(folder, f"problem{seed}.s{term.number}.npz"))
    return path, failure


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--costatec", default="costatec")
    parser.add_argument("--costate-run", default="costate-run")
    parser.add_argument("--fake-cuda", help="the folder of a driver that interprets kernels")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", default="1", help="the first seed; 'clock' for one that nobody chose")
    parser.add_argument("--failures", default="failures", help="the folder for what fails")
    parser.add_argument("--no-reduce", action="store_true")
    arguments = parser.parse_args()
    first = time.time_ns() % 10**9 if arguments.seed == "clock" else int(arguments.seed)
    print(f"seed {first}", flush=True)
    folder, counts = tempfile.mkdtemp(prefix="costate-random-"), Counts()
    cpus, terms, failures = processors(), 0, 0
    for seed in range(first, first + arguments.count):
        options, float_, precision, also = choose_options(seed, cpus)
        also += ["gpu"] if arguments.fake_cuda else []
        problem = make_problem(seed, float_)
        terms += len(problem.terms)
        trainer = Trainer(arguments, folder, counts)

        def check(some):
            shutil.rmtree(folder)
            os.makedirs(folder)
            try:
                trainer.check(some, options, precision, also)
            except Failure as failure:
                return failure
            return None
        failure = check(problem)
        if failure:
            failures += 1
            path, failure = report(trainer, problem, failure, check, arguments.failures, seed, options, not arguments.no_reduce)
            print(f"seed {seed}: {failure.kind}, see {path}\n  {str(failure)[:600]}", flush=True)
    shutil.rmtree(folder)
    print(f"{counts.bounded} losses and elements of gradients within bounds, {counts.unknown} undecided")
    if arguments.fake_cuda:
        print(f"{counts.kernels} run as kernels, {counts.refused} refused or beyond the interpreter")
    print(f"{arguments.count} problems of {terms} terms, {failures} failed")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
