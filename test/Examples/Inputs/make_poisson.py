#!/usr/bin/env python3
#===- make_poisson.py - The solution of the Poisson example -----------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Writes the manufactured solution of poisson.mlir at random points of [0, 1]^10 as an npz file of columns x and u.

u(x) = sin(s) with s = (x_1 + ... + x_10) / 2, whose Laplacian is -2.5 sin(s). Standard library only.

usage: make_poisson.py OUT.npz [--points 2000] [--seed 7]
"""
import argparse
import array
import math
import random
import zipfile


def npy(values, columns):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({len(values) // columns}, {columns}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + array.array("d", values).tobytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--points", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    points = [[generator.random() for _ in range(10)] for _ in range(arguments.points)]
    with zipfile.ZipFile(arguments.out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("x.npy", npy([number for point in points for number in point], 10))
        archive.writestr("u.npy", npy([math.sin(0.5 * sum(point)) for point in points], 1))


if __name__ == "__main__":
    main()
