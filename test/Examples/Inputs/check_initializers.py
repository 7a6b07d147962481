#===- check_initializers.py - Moments of the parameters that a run began with ----------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""check_initializers.py CHECKPOINT: mean, variance, fourth moment and bounds within five standard errors, layers uncorrelated."""
import json
import math
import struct
import sys

IN, OUT = 100, 60
# name: (kind, mean, standard deviation)
EXPECTED = {
    "glorot_uniform.weight": ("uniform", 0, math.sqrt(2 / (IN + OUT))),
    "glorot_normal.weight": ("normal", 0, math.sqrt(2 / (IN + OUT))),
    "he_uniform.weight": ("uniform", 0, math.sqrt(2 / IN)),
    "he_normal.weight": ("normal", 0, math.sqrt(2 / IN)),
    "another.weight": ("normal", 0, math.sqrt(2 / IN)),
    "lecun_normal.weight": ("normal", 0, math.sqrt(1 / IN)),
    "normal.weight": ("normal", 1.5, 0.5),
    "uniform.weight": ("uniform", 1, 4 / math.sqrt(12)),
    "frequencies": ("normal", 0, 2.0),
}


def parameters(path):
    content = open(path, "rb").read()
    length = struct.unpack("<Q", content[:8])[0]
    for name, tensor in json.loads(content[8:8 + length]).items():
        if name != "__metadata__" and not name.startswith("state/"):
            begin, end = tensor["data_offsets"]
            yield name.removeprefix("n."), struct.unpack(f"<{(end - begin) // 8}d", content[8 + length:][begin:end])


def main():
    found = dict(parameters(sys.argv[1]))
    wrong, checked = [], 0

    def require(name, what, value, wanted, error):
        if not abs(value - wanted) <= error:
            wrong.append(f"{name}: {what} is {value}, not {wanted} up to {error}")

    standard = {}
    for name, (kind, mean, deviation) in EXPECTED.items():
        values = [(value - mean) / deviation for value in found.pop(name)]
        n = len(values)
        # The variances of x, x² and x⁴ for a standardised x.
        fourth, second, last = (3, 2, 96) if kind == "normal" else (1.8, 0.8, 9 - 1.8**2)
        require(name, "the mean", sum(values) / n, 0, 5 / math.sqrt(n))
        require(name, "the variance", sum(v * v for v in values) / n, 1, 5 * math.sqrt(second / n))
        require(name, "the fourth moment", sum(v**4 for v in values) / n, fourth, 5 * math.sqrt(last / n))
        if kind == "uniform":
            require(name, "the largest", max(map(abs, values)), math.sqrt(3) * (1 - 5 / n), math.sqrt(3) * 5 / n)
        standard[name] = values
        checked += 1
    for a in standard:
        for b in standard:
            if a < b:
                pairs = list(zip(standard[a], standard[b]))
                require(f"{a}, {b}", "the correlation", sum(x * y for x, y in pairs) / len(pairs), 0, 5 / math.sqrt(len(pairs)))
    for name, values in (("glorot_uniform.bias", (0.25,) * OUT), ("given", (1.0, -2.0, 3.5))):
        if found.pop(name) != values:
            wrong.append(f"{name} is not as given")
        checked += 1
    wrong += [f"{name} is not expected" for name in found]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{checked} parameters as their initialisers say, {len(wrong)} otherwise")
    print(sum(sum(values) for values in standard.values()))


if __name__ == "__main__":
    main()
