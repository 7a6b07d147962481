# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
"""compare_numbers.py A B COUNT TOLERANCE: doubles, printed as 64-bit integers, that agree relative to the largest."""
import struct
import sys


def read(path):
    with open(path) as lines:
        return [struct.unpack("<d", struct.pack("<q", int(line)))[0] for line in lines]


a, b = read(sys.argv[1]), read(sys.argv[2])
if len(a) != int(sys.argv[3]) or len(b) != len(a):
    sys.exit(f"found {len(a)} and {len(b)} numbers, required {sys.argv[3]}")
largest = max(abs(x) for x in a)
error = max(abs(x - y) for x, y in zip(a, b)) / largest
if not error <= float(sys.argv[4]) or not largest > 0:
    sys.exit(f"found a difference of {error}, required at most {sys.argv[4]}")
