#!/usr/bin/env python3
#===- make_orbit.py - Positions on an orbit, and the eccentricity that was found --------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Writes 40 positions x = cos E - e, with E - e sin E = M and e = 0.6, found by bisection; or prints the eccentricity
of the last checkpoint of a run.

usage: make_orbit.py FILE.csv | make_orbit.py --eccentricity RUN
"""
import json
import math
import struct
import sys
from pathlib import Path

ECCENTRICITY = 0.6


def anomaly(mean):
    low, high = mean - 1.0, mean + 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if middle - ECCENTRICITY * math.sin(middle) < mean:
            low = middle
        else:
            high = middle
    return middle


if sys.argv[1] == "--eccentricity":
    data = max((Path(sys.argv[2]) / "checkpoints").glob("*.safetensors")).read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    tensors = json.loads(data[8:8 + length])
    begin = next(entry["data_offsets"][0] for name, entry in tensors.items() if name.split(".")[-1] in ("e", "theta"))
    print(f"{struct.unpack('<d', data[8 + length + begin:][:8])[0]:.9f}")
else:
    with open(sys.argv[1], "w") as file:
        file.write("M,x\n")
        for i in range(40):
            mean = 0.05 + 0.15 * i
            file.write(f"{mean!r},{math.cos(anomaly(mean)) - ECCENTRICITY!r}\n")
