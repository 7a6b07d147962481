# ===- rate.py - The rate at which a metric decays -------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# ===-----------------------------------------------------------------------------------------------------===#
"""rate.py RUN METRIC DT: the rate r of METRIC ~ (1 - r DT)^k, that of the flow whose explicit Euler steps these are."""
import csv
import sys

run, name, dt = sys.argv[1:]
with open(f"{run}/metrics.csv") as file:
    values = [float(row[name]) for row in csv.DictReader(file)]
assert len(values) == 100, len(values)
rates = [(1 - b / a) / float(dt) for a, b in zip(values, values[1:])]
assert max(rates) - min(rates) < 0.02 * rates[0], rates
print(f"rate {rates[0]:.2f}")
