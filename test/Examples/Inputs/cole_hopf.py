#!/usr/bin/env python3
#===- cole_hopf.py - The solution of the Burgers examples -------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Writes the solution of u_t + u u_x - nu u_xx = 0, u(0, x) = -sin(pi x), u(t, +-1) = 0, nu = 0.01/pi, as an npz file.

Columns p = (x, t), on a grid over [-1, 1] x [0, 1], and u. The transform of Cole and Hopf gives u as a quotient of two
integrals; the integrands are entire and decay like a Gaussian, so that the trapezoidal rule converges exponentially.
Before it writes, the script compares each 37th value with a rule of half the step. Standard library only.

usage: cole_hopf.py OUT.npz [--columns 40] [--rows 40]
"""
import argparse
import array
import math
import zipfile

NU = 0.01 / math.pi


def npy(values, columns):
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({len(values) // columns}, {columns}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + array.array("d", values).tobytes()


def solution(x, t, step=0.05):
    """u(x, t), by the substitution eta = 2 sqrt(nu t) z; all exponents are at most 0, and some are close to it."""
    if t == 0.0:
        return -math.sin(math.pi * x)
    scale, half = 2.0 * math.sqrt(NU * t), math.ceil(13.0 / step)
    nodes = []
    for i in range(-half, half + 1):
        z = i * step
        angle = math.pi * (x - scale * z)
        nodes.append((-z * z - math.cos(angle) / (2.0 * math.pi * NU), math.sin(angle)))
    largest = max(exponent for exponent, _ in nodes)
    above = below = 0.0
    for exponent, sine in nodes:
        weight = math.exp(exponent - largest)
        above += sine * weight
        below += weight
    return -above / below


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--columns", type=int, default=40)
    parser.add_argument("--rows", type=int, default=40)
    arguments = parser.parse_args()
    points, values = [], []
    for row in range(arguments.rows):
        for column in range(arguments.columns):
            points.append((-1.0 + 2.0 * column / (arguments.columns - 1), row / (arguments.rows - 1)))
            values.append(solution(*points[-1]))
    wrong = max(abs(u - solution(*p, step=0.025)) for p, u in list(zip(points, values))[::37])
    if wrong > 1e-10:
        raise SystemExit(f"the quadrature is off by {wrong}")
    with zipfile.ZipFile(arguments.out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("p.npy", npy([number for point in points for number in point], 2))
        archive.writestr("u.npy", npy(values, 1))


if __name__ == "__main__":
    main()
