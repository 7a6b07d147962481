#===- problems.py - What is timed: networks, points and parameters ---------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""The benchmarks. Each one's mathematics stands in its problem file under test/Benchmarks; here is what every contestant
needs beside it: the shape of the network, the region, the number of points. All start from the same numbers, in f64."""
import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Benchmark:
    name: str
    title: str
    equation: str  # names the residual in the peers' files
    inputs: int
    depth: int
    width: int
    outputs: int
    points: int
    lower: tuple
    upper: tuple
    channels: int  # of the jet, with what is linear merged
    kind: str = "residual"
    file: str = ""  # of the problem, where it is not named like the equation

    @property
    def shapes(self):
        """Of the weights, layer by layer: (units, inputs)."""
        widths = [self.inputs] + [self.width] * self.depth + [self.outputs]
        return list(zip(widths[1:], widths))

    def flops(self, points):
        """Of the products of matrices in a loss and its gradient: forward, adjoint of the data, gradient of the weights."""
        layers = 6 * self.channels * (self.depth - 1) * self.width**2 + 6 * self.channels * self.width * self.outputs
        return points * (layers + 4 * self.inputs * self.width)

    def parameters(self):
        """[(weight, bias)], Glorot's weights and small biases."""
        import numpy
        random = numpy.random.default_rng(5)
        draw = []
        for units, inputs in self.shapes:
            bound = (6 / (units + inputs))**0.5
            draw.append((random.uniform(-bound, bound, (units, inputs)), random.uniform(-0.1, 0.1, units)))
        return draw

    def samples(self, count):
        import numpy
        random = numpy.random.default_rng(6)
        return random.uniform(self.lower, self.upper, (count, len(self.lower)))


def _plane(name, title, equation, depth, width, channels, lower=(0, -1), outputs=1, points=10000):
    return Benchmark(name, title, equation, 2, depth, width, outputs, points, lower, (1, 1), channels)


def _poisson(dimensions, points):
    return Benchmark(f"poisson-{dimensions}", f"5 Poisson, d = {dimensions}, 4x64", "poisson", dimensions, 4, 64, 1, points,
                     (0,) * dimensions, (1,) * dimensions, dimensions + 2, file=f"poisson_{dimensions}")


BENCHMARKS = {benchmark.name: benchmark for benchmark in [
    _plane("helmholtz-100", "1 Helmholtz 3x16, N = 100", "helmholtz", 3, 16, 4, (-1, -1), points=100),
    _plane("helmholtz", "1 Helmholtz 3x16", "helmholtz", 3, 16, 4, (-1, -1)),
    _plane("burgers-8x20", "2 Burgers 8x20", "burgers", 8, 20, 3),
    _plane("burgers-4x64", "3 Burgers 4x64", "burgers", 4, 64, 3),
    _plane("cavity-5x64", "4 cavity Navier-Stokes 5x64", "cavity", 5, 64, 4, (0, 0), outputs=3),
    _plane("cavity-5x128", "4 cavity Navier-Stokes 5x128", "cavity", 5, 128, 4, (0, 0), outputs=3),
    _poisson(10, 10000),
    _poisson(100, 1000),
    _plane("kuramoto-sivashinsky", "6 Kuramoto-Sivashinsky 4x64", "kuramoto_sivashinsky", 4, 64, 5),
    _plane("plate", "7 plate 4x64", "plate", 4, 64, 9, (0, 0)),
    Benchmark("minibatch", "Step of a batch of 100, 601 parameters", "minibatch", 4, 1, 100, 1, 100,
              (0, 0, 1, 0, -1), (1, 1, 3, 6, 1), 3, kind="minibatch"),
    Benchmark("lorenz96", "Lorenz 96, 500 Runge-Kutta steps", "lorenz96", 40, 0, 0, 0, 1, (-5,) * 40, (10,) * 40, 1,
              kind="simulation"),
]}

# Networks beside the benchmarks, by which a cliff at some width would show, and one that is long to compile.
WIDTHS = {f"4x{width}": _plane(f"burgers-4x{width}", f"Burgers 4x{width}", "burgers", 4, width, 3)
          for width in (16, 17, 20, 25, 31, 32, 33, 40, 48, 50, 63, 64, 65, 80, 96, 100, 101, 127, 128)}
DEEP = _plane("burgers-20x256", "Burgers 20x256", "burgers", 20, 256, 3)


def source(text, benchmark):
    """A problem file with its network replaced by the benchmark's."""
    found = re.search(r"costate\.network @\w+\(%(\w+): tensor<\d+xf64>\) -> tensor<\d+xf64> \{\n(.*?)\n\}", text, re.DOTALL)
    below, lines = "%" + found.group(1), []
    for layer, (units, inputs) in enumerate(benchmark.shapes):
        last = layer == benchmark.depth
        name = "%y" if last else f"%h{layer}"
        activation = "" if last else " activation(tanh)"
        lines.append(f"  {name} = costate.dense {below} -> {units}{activation} : tensor<{inputs}xf64> -> tensor<{units}xf64>")
        below = name
    lines.append(f"  costate.yield %y : tensor<{benchmark.outputs}xf64>")
    return text[:found.start(2)] + "\n".join(lines) + text[found.end(2):]


def flatten(parameters):
    """The order in which gradients are compared: layer by layer, weight before bias."""
    import numpy
    return numpy.concatenate([numpy.asarray(array, dtype=numpy.float64).ravel() for layer in parameters for array in layer])
