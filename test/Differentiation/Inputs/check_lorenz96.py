#===- check_lorenz96.py - Checks the numbers of lorenz96.mlir and prints its times ------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Reads what lorenz96.mlir prints. The values of the function are the same bits, the gradients agree, and with a difference
too. The times, of which the least of many runs counts, are printed in relation to the simulation; they decide nothing. The
buffers of each gradient are those of the file."""
import math
import re
import struct
import sys


def buffer_bytes(text, function):
    """All that a function allocates."""
    body = re.search(r"func\.func private @%s\(.*?\n  }\n" % function, text, re.S).group()
    size = {"f64": 8, "index": 8, "i64": 8, "i1": 1}
    return sum(math.prod(map(int, shape.split("x")[:-1])) * size[element]
               for shape, element in re.findall(r"memref\.alloc\(\).* : memref<((?:[0-9]+x)*)([a-z0-9]+)>", body))


def main():
    numbers = [struct.unpack(">d", struct.pack(">q", int(line)))[0] for line in sys.stdin]
    values, slope, gradients, times = numbers[:5], numbers[5], numbers[6:166], numbers[166:]
    everything, blocks, snapshots, limited = (gradients[i::4] for i in range(4))
    forward, *backward = times
    failures = []
    if len(set(values)) != 1:
        failures.append(f"the values differ: {values}")
    size = max(map(abs, everything))
    for name, gradient in (("blocks", blocks), ("snapshots", snapshots), ("the limit", limited)):
        error = max(abs(a - b) for a, b in zip(everything, gradient)) / size
        if not error <= 1e-10:
            failures.append(f"the gradient by {name} differs by {error:.2g}")
    along = sum(g * (-1)**i for i, g in enumerate(everything))
    if not abs(along - slope) <= 1e-7 * sum(map(abs, everything)):
        failures.append(f"the gradient gives {along}, the difference {slope}; the size is {sum(map(abs, everything))}")
    ratios = [time / forward for time in backward]
    print(f"simulation {forward * 1e6:.0f} us; gradient / simulation: everything {ratios[0]:.2f}, blocks {ratios[1]:.2f}, "
          f"snapshots {ratios[2]:.2f}, limit {ratios[3]:.2f}")
    with open(sys.argv[1]) as file:
        text = file.read()
    memory = {name: buffer_bytes(text, name) for name in ("all", "blocks", "snapshots", "limited")}
    print("bytes:", ", ".join(f"{name} {count}" for name, count in memory.items()))
    # The limit is for what is recorded; the gradient that records everything computes with so much besides its tapes.
    besides = memory["all"] - 640000
    if not 28800 <= memory["limited"] - besides <= 35000:
        failures.append(f"the limit is not kept: {memory['limited']} bytes, of which {besides} are no tapes")
    print("\n".join(failures))
    sys.exit(1 if failures else 0)


main()
