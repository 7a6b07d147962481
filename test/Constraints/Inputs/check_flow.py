# ===- check_flow.py - What a run's metrics and parameters must be ---------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# ===-----------------------------------------------------------------------------------------------------===#
"""check_flow.py decay RUN POWER DT, agree RUN RUN, or variables RUN NUMBER... [NAME...]"""
import csv
import glob
import json
import math
import struct
import sys
from fractions import Fraction


def rows(run):
    with open(f"{run}/metrics.csv") as file:
        return list(csv.DictReader(file))


def decay(run, power, dt):
    """The violation to the power decays like exp(-t)."""
    values = [float(row["slope"]) ** int(power) for row in rows(run)]
    assert len(values) == 200, len(values)
    for k in range(20, 200):
        found, expected = math.log(values[k] / values[0]), -k * float(dt)
        assert abs(found / expected - 1) < 0.02, f"step {k}: {found}, expected {expected}"
    print(f"decays by {values[0] / values[-1]:.1f}")


def agree(first, second):
    """Every figure that both runs have is the same in every step."""
    a, b = rows(first), rows(second)
    names = sorted(a[0].keys() & b[0].keys() - {"step", "epoch", "seconds"})
    assert len(a) == len(b) and float(a[0]["data"]) != float(a[-1]["data"])
    for x, y in zip(a, b):
        for name in names:
            p, q = float(x[name]), float(y[name])
            assert abs(p - q) <= 1e-9 * (1 + abs(p)), f"step {x['step']}: {name} is {p} and {q}"
    print("agree:", *names)


def variables(run, *expected):
    """The variables of the last checkpoint: w, or those whose names follow the numbers, one behind the other."""
    names = [word for word in expected if word.isidentifier()] or ["w"]
    numbers = [word for word in expected if not word.isidentifier()]
    found = []
    with open(max(glob.glob(f"{run}/checkpoints/step-*.safetensors")), "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        for name in names:
            begin, end = header[name]["data_offsets"]
            file.seek(8 + size + begin)
            found += struct.unpack(f"<{(end - begin) // 8}d", file.read(end - begin))
    error = max(abs(a - float(Fraction(b))) for a, b in zip(found, numbers, strict=True))
    print("right" if error < 1e-6 else f"wrong: {found}")


{"decay": decay, "agree": agree, "variables": variables}[sys.argv[1]](*sys.argv[2:])
