#!/usr/bin/env python3
#===- make_waves.py - The data of the sine waves experiment -----------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Writes the sine waves of Jergensen 2019 as npz files: u(x; A, k, phi) = A sin(kx + phi).

Training: ten equally spaced values each of A in [0.2, 5], k in [0.4 pi, 10 pi] and phi in [-0.5, 0.5], and POINTS
values of x, uniform in [-1, 1], for each of the 1000 waves. Test: the wave A = 1, k = 2 pi, phi = 0 at 500 equally
spaced points. Standard library only.

usage: make_waves.py TRAIN.npz TEST.npz [--points 50] [--precision f32|f64] [--seed 1]
"""
import argparse
import array
import math
import random
import zipfile


def npy(values, columns, code):
    rows = len(values) // columns
    kind = {"f": "<f4", "d": "<f8"}[code]
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + array.array(code, values).tobytes()


def write(path, samples, code):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, columns in (("x", 1), ("style", 3), ("y", 1)):
            values = []
            for x, amplitude, k, phase in samples:
                if name == "x":
                    values.append(x)
                elif name == "style":
                    values += [amplitude, k, phase]
                else:
                    values.append(amplitude * math.sin(k * x + phase))
            archive.writestr(name + ".npy", npy(values, columns, code))


def spaced(low, high, count):
    return [low + (high - low) * i / (count - 1) for i in range(count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train")
    parser.add_argument("test")
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--precision", choices=["f32", "f64"], default="f32")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    code = {"f32": "f", "f64": "d"}[arguments.precision]
    generator = random.Random(arguments.seed)
    train = [(generator.uniform(-1.0, 1.0), amplitude, k, phase)
             for amplitude in spaced(0.2, 5.0, 10)
             for k in spaced(0.4 * math.pi, 10 * math.pi, 10)
             for phase in spaced(-0.5, 0.5, 10)
             for _ in range(arguments.points)]
    write(arguments.train, train, code)
    write(arguments.test, [(x, 1.0, 2 * math.pi, 0.0) for x in spaced(-1.0, 1.0, 500)], code)


if __name__ == "__main__":
    main()
