#===- check_lorenz96.py - Checks the numbers of lorenz96.mlir and prints its times ------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Reads what lorenz96.mlir prints. The values of the function are the same bits, the gradients agree, and with a difference
too. The times, of which the least of many runs counts, are printed in relation to the simulation; they decide nothing."""
import struct
import sys


def main():
    numbers = [struct.unpack(">d", struct.pack(">q", int(line)))[0] for line in sys.stdin]
    values, slope, gradients, times = numbers[:4], numbers[4], numbers[5:125], numbers[125:]
    everything, blocks, snapshots = (gradients[i::3] for i in range(3))
    forward, *backward = times
    failures = []
    if len(set(values)) != 1:
        failures.append(f"the values differ: {values}")
    size = max(map(abs, everything))
    for name, gradient in (("blocks", blocks), ("snapshots", snapshots)):
        error = max(abs(a - b) for a, b in zip(everything, gradient)) / size
        if not error <= 1e-10:
            failures.append(f"the gradient by {name} differs by {error:.2g}")
    along = sum(g * (-1)**i for i, g in enumerate(everything))
    if not abs(along - slope) <= 1e-7 * sum(map(abs, everything)):
        failures.append(f"the gradient gives {along}, the difference {slope}; the size is {sum(map(abs, everything))}")
    ratios = [time / forward for time in backward]
    print(f"simulation {forward * 1e6:.0f} us; gradient / simulation: everything {ratios[0]:.2f}, blocks {ratios[1]:.2f}, "
          f"snapshots {ratios[2]:.2f}")
    print("\n".join(failures))
    sys.exit(1 if failures else 0)


main()
