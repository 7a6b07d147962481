#!/usr/bin/env python3
#===- sine-waves-table.py - The experiment of Jergensen 2019 under four strategies ---------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------------===#
"""Trains the sine waves problem unconstrained, soft, by the Tanabe reduction and per sample, and prints a table: data
loss and root-mean-square residual over the training set and relative L2 error on the test wave (medians over the seeds,
with the least and the greatest residual), seconds per step, and the ratio to the soft step (the same step with the
residual penalised), timed by turns on one thread."""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROBLEM = os.path.join(ROOT, "test", "Examples", "sine_waves.mlir")
STRATEGIES = [
    ("unconstrained", "#costate.monitor"),
    ("soft", "#costate.penalty<kind = square, weight = 1.0>"),
    ("soft, weight 1e-6", "#costate.penalty<kind = square, weight = 1.0e-6>"),
    ("reduction", "#costate.tanabe<mode = reduction, reduce = huber, delta = 6.0>"),
    ("per sample", "#costate.tanabe<mode = per_sample>"),
    ("reduction, at least",
     "#costate.tanabe<mode = reduction, reduce = huber, delta = 6.0, decay = at_least, gain = 100.0>"),
    ("per sample, at least", "#costate.tanabe<mode = per_sample, decay = at_least>"),
]
PLAIN = "soft"
POINTS = 50000  # of make_waves.py


def run(command):
    """The JSON that a program prints; what it says on standard error is shown if it fails."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode not in (0, 3):
        sys.exit(f"{' '.join(command)}\n{result.stderr}")
    return json.loads(result.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="train all 40 epochs")
    parser.add_argument("--epochs", type=int, default=8, help="epochs of the short form")
    parser.add_argument("--batch", type=int, default=100, help="points of a batch")
    parser.add_argument("--seeds", type=int, default=1, help="trainings of each strategy, with seeds 0, 1, ...")
    parser.add_argument("--cosine", action="store_true", help="let the step size fall to a hundredth by a cosine, in "
                        "place of the published constant one")
    parser.add_argument("--rounds", type=int, default=7, help="rounds of timing")
    parser.add_argument("--dir", default=os.path.join(ROOT, "runs", "sine-waves"), help="where programs and runs go")
    arguments = parser.parse_args()
    epochs = 40 if arguments.full else arguments.epochs

    os.makedirs(arguments.dir, exist_ok=True)
    train, test = (os.path.join(arguments.dir, name) for name in ("train.npz", "test.npz"))
    subprocess.run([sys.executable, os.path.join(ROOT, "test/Examples/Inputs/make_waves.py"), train, test], check=True)
    problem = PROBLEM
    if arguments.cosine:
        with open(PROBLEM) as file:
            text = file.read()
        steps = epochs * -(-POINTS // arguments.batch)
        constant = "by #costate.adam<lr = 1.0e-3>"
        assert constant in text
        problem = os.path.join(arguments.dir, "sine_waves_cosine.mlir")
        with open(problem, "w") as file:
            file.write(text.replace(constant, f"{constant} schedule #costate.cosine<steps = {steps}, final = 0.01>"))
    rows, programs = [], []
    for name, strategy in STRATEGIES:
        slug = name.replace(", ", "-").replace(" ", "-")
        program, folder = os.path.join(arguments.dir, slug), os.path.join(arguments.dir, "run-" + slug)
        subprocess.run([os.path.join(ROOT, "build/bin/costatec"), problem, "--strategy=" + strategy, "-o", program],
                       check=True)
        print(f"training {name}: {epochs} epochs", file=sys.stderr, flush=True)
        results = []
        for seed in range(arguments.seeds):
            here = folder if seed == 0 else f"{folder}-seed{seed}"
            shutil.rmtree(here, ignore_errors=True)
            trained = run([program, "train", "--data", "train=" + train, "--epochs", str(epochs), "--batch",
                           str(arguments.batch), "--seed", str(seed), "--run-dir", here, "--json"])
            if trained["status"] != "done":
                sys.exit(f"{name}, seed {seed}: {trained['stop_reason']}")
            tested = run([program, "eval", "--data", "train=" + test, "--reference", test, "--checkpoint", here, "--json"])
            found = trained["results"]
            results.append({"data": found["data"], "residual": found["helmholtz"], "test": tested["results"]["l2re"],
                            "seconds": trained["seconds"]})
        programs.append(program)
        rows.append((name, folder, results))

    # By turns, so that what else the machine does meets all of them.
    times = [[] for _ in programs]
    for _ in range(arguments.rounds):
        for program, seconds in zip(programs, times):
            timed = run([program, "bench", "--data", "train=" + train, "--batch", str(arguments.batch), "--steps", "200",
                         "--threads", "1", "--json"])
            seconds.append(timed["seconds"])
    medians = [statistics.median(seconds) for seconds in times]
    plain = medians[[name for name, _ in STRATEGIES].index(PLAIN)]

    print(f"{'strategy':21} {'data loss':>10} {'residual':>10} {'(least, greatest)':>20} {'test l2re':>9} {'s/step':>9} "
          f"{'ratio':>5} {'trained in':>10}")
    for (name, _, results), median in zip(rows, medians):
        middle = {key: statistics.median(result[key] for result in results) for key in results[0]}
        residuals = [result["residual"] for result in results]
        extremes = f"({min(residuals):.3g}, {max(residuals):.3g})"
        print(f"{name:21} {middle['data']:10.3g} {middle['residual']:10.3g} {extremes:>20} {middle['test']:9.3g} "
              f"{median:9.2e} {median / plain:5.2f} {middle['seconds']:8.1f} s")
    print(f"batch {arguments.batch}, {epochs} epochs{', cosine' if arguments.cosine else ''}, {arguments.seeds} seed(s); ratio to the soft step, one thread, median of "
          f"{arguments.rounds} rounds by turns")
    for name, folder, _ in rows:
        print(f"report, {name}: {os.path.relpath(os.path.join(folder, 'report.html'), ROOT)}")


if __name__ == "__main__":
    main()
