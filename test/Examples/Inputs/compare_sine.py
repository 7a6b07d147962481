# ===- compare_sine.py - How far a run's u is from the sine ----------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# ===-----------------------------------------------------------------------------------------------------===#
"""compare_sine.py RUN BOUND: exit code 1 if |u - sin x| exceeds the bound at a point of the run's pred.npz."""
import math
import struct
import sys
import zipfile


def array(archive, name):
    data = archive.read(name + ".npy")
    begin = 10 + int.from_bytes(data[8:10], "little")
    return struct.unpack(f"<{(len(data) - begin) // 8}d", data[begin:])


with zipfile.ZipFile(f"{sys.argv[1]}/pred.npz") as archive:
    points = zip(array(archive, "x"), array(archive, "u"), strict=True)
    error = max(abs(u - math.sin(x)) for x, u in points)
print(f"largest error {error:.3g}")
sys.exit(error > float(sys.argv[2]))
