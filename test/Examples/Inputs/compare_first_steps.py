# ===- compare_first_steps.py - Runs of one problem under several strategies ------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# ===-----------------------------------------------------------------------------------------------------===#
"""compare_first_steps.py RUN...: the first rows have the same figures of what is asked for, the last ones differ; every loss is
its terms."""
import csv
import itertools
import math
import sys

runs = {}
for run in sorted(sys.argv[1:]):
    with open(f"{run}/metrics.csv") as file:
        runs[run] = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    assert len(runs[run]) == 10 and all(math.isfinite(value) for row in runs[run] for value in row.values()), run
    for row in runs[run]:
        terms = row["data"] + (1e-4 * row["helmholtz"]**2 if run == "penalty" else 0)
        assert abs(row["loss"] / terms - 1) < 1e-12, (run, row)
for a, b in itertools.combinations(runs, 2):
    for name in ("data", "helmholtz", "helmholtz.max"):
        assert abs(runs[a][0][name] / runs[b][0][name] - 1) < 1e-12, (a, b, name)
        assert abs(runs[a][9][name] / runs[b][9][name] - 1) > 1e-6, (a, b, name)
print("the first step agrees, the tenth does not:", *runs)
