#===- compare_metrics.py - Two logs hold the same figures up to a relative difference --------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""compare_metrics.py A.csv B.csv TOLERANCE: every figure but the time, relative to the largest of its column."""
import csv
import sys

a, b = ([{k: float(v) for k, v in row.items() if k != "seconds"} for row in csv.DictReader(open(path))]
        for path in sys.argv[1:3])
assert a and len(a) == len(b) and a[0].keys() == b[0].keys(), "the logs have other rows or columns"
for name in a[0]:
    scale = max(abs(row[name]) for row in b)
    worst = max(abs(x[name] - y[name]) for x, y in zip(a, b))
    assert worst <= float(sys.argv[3]) * scale, f"{name} differs by {worst} (largest {scale})"
    # A column in which nothing happens would agree with anything. Without batches there are no epochs.
    assert scale > 0 or name == "epoch" or name.endswith(".rank_deficient"), f"{name} is zero throughout"
