#===- check_lorenz96.py - Checks the numbers and the times of lorenz96.mlir -------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Reads what lorenz96.mlir prints. The values of the function are the same bits, the gradients agree, and with a difference
too; the times relate as promised: gradient / simulation at most 3 with everything recorded, and 4 with the square root of
the steps. The least of many runs counts; a machine that does other things at the same time is allowed a third more."""
import struct
import sys

SLACK = 4 / 3


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
    for name, ratio, limit in (("everything recorded", ratios[0], 3), ("blocks", ratios[1], 4)):
        if not ratio <= limit * SLACK:
            failures.append(f"with {name} the gradient takes {ratio:.2f} times as long as the simulation")
    print("\n".join(failures))
    sys.exit(1 if failures else 0)


main()
