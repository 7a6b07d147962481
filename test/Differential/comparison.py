#===- comparison.py - What a program returns beside what it should -------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""The reference of a program, and the comparison with it."""
import math

from bounded import INFINITE, Arithmetic, Format
from library import Failure
from program import Evaluator, Undecided


class Counts:
    """What was compared: elements with a bound, bit for bit, those that the reference cannot tell, and programs of
    which it can tell nothing; programs run as kernels, and refused."""

    def __init__(self):
        self.bounded = self.exact = self.unknown = self.programs = self.kernels = self.refused = 0


def reference(program, format_):
    """For each result its elements, numbers with bounds or integers; None where a comparison is too close to tell."""
    arithmetic = Arithmetic(Format(format_))
    make = lambda given: arithmetic.constant(given) if isinstance(given, float) else given
    inputs = [[make(x) for x in given] if isinstance(given, list) else make(given) for given in program.inputs]
    try:
        found = Evaluator(arithmetic, program.functions).call(program.main.name, inputs)
    except Undecided:
        return None
    return [r if isinstance(r, list) else [r] for r in found]


def other_zero(element, number):
    return number.value == 0.0 and number.error == 0.0 and number.sure and (
        math.copysign(1.0, element) != math.copysign(1.0, number.value))


def compare(found, wanted, counts):
    """Raises a failure that names the first element that is not what it should be."""
    for i, (elements, numbers) in enumerate(zip(found, wanted)):
        for at, (element, number) in enumerate(zip(elements, numbers)):
            if not hasattr(number, "error"):
                counts.exact += 1
                if element != number:
                    raise Failure("wrong", f"result {i}, element {at} is {element}, should be {number}")
            elif not number.error < 0.01 * (1 + abs(number.value)):
                counts.unknown += 1
            else:
                counts.exact += number.error == 0.0
                counts.bounded += number.error != 0.0
                if not abs(element - number.value) <= number.error or other_zero(element, number):
                    raise Failure("wrong", f"result {i}, element {at} is {element!r}, should be {number.value!r}, and may be "
                                           f"off by {number.error:.3g}; it is by {abs(element - number.value):.3g}"
                                           + (", not a number" if math.isnan(element) else ""))
