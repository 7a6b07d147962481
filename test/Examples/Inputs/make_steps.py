#!/usr/bin/env python3
#===- make_steps.py - Profiles before and after a step in time --------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Writes periodic profiles u (random sums of waves on 32 points) as npz files, with their second difference d and
with v, one explicit step of Burgers' equation later: v = u - u·(u₊ - u₋)/4 + 0.2·d. Standard library only.

usage: make_steps.py TRAIN.npz TEST.npz [--rows 256] [--seed 1]
"""
import argparse
import array
import math
import random
import zipfile

POINTS = 32


def npy(rows):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({len(rows)}, 1, {POINTS}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    values = array.array("d", (value for row in rows for value in row))
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + values.tobytes()


def profile(generator):
    waves = [(generator.gauss(0, 0.5) / math.sqrt(k), k, generator.uniform(0, 2 * math.pi)) for k in (1, 2, 3, 6, 11, 16)]
    return [sum(a * math.sin(2 * math.pi * k * i / POINTS + phase) for a, k, phase in waves) for i in range(POINTS)]


def write(path, rows, generator):
    u = [profile(generator) for _ in range(rows)]
    near = lambda row, i: (row[i - 1], row[i], row[(i + 1) % POINTS])
    d = [[a - 2 * b + c for a, b, c in (near(row, i) for i in range(POINTS))] for row in u]
    v = [[b - b * (c - a) / 4 + 0.2 * e for (a, b, c), e in zip((near(row, i) for i in range(POINTS)), second)]
         for row, second in zip(u, d)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, values in (("u", u), ("d", d), ("v", v)):
            archive.writestr(name + ".npy", npy(values))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--rows", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    write(arguments.train, arguments.rows, generator)
    write(arguments.test, 64, generator)
