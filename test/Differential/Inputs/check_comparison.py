#===- check_comparison.py - What the comparison of random programs tells apart -----------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Says of pairs of what was found and what should be whether the comparison takes one for the other."""
import math
import os
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bounded import Arithmetic, Format, Number
from comparison import Counts, compare
from library import Failure
from real_inputs import differs


def same(found, number):
    try:
        compare([[found]], [[number]], Counts())
        return True
    except Failure:
        return False


n = Arithmetic(Format("f64"))
zero, minus, one = n.constant(0.0), n.constant(-0.0), n.constant(1.0)
for what, number, yes, no in [
        ("a zero", zero, 0.0, -0.0), ("its opposite", n.negate(zero), -0.0, 0.0), ("a sum of both", n.add(zero, minus), 0.0, -0.0),
        ("a sum of negative ones", n.total([minus, minus]), -0.0, 0.0), ("what cancels", n.total([minus, one, n.negate(one)]), 0.0, -0.0),
        ("a product", n.multiply(minus, one), -0.0, 0.0), ("the greater", n.maximum(minus, zero), 0.0, -0.0),
        ("the less", n.minimum(zero, minus), -0.0, 0.0), ("rounded up", n.function("ceil", n.constant(-0.5)), -0.0, 0.0),
        ("a root", n.function("sqrt", minus), -0.0, 0.0), ("the sign of a zero", n.function("copysign", one, minus), -1.0, 1.0),
        ("a rounded number", n.single(n.constant(1.1)), 1.100000023841858, 1.1),
        ("no number", one, 1.0, math.nan), ("a bounded number", Number(0.5, 1e-9), 0.5 + 1e-10, math.nan)]:
    print(f"{what}: {same(yes, number)} {same(no, number)}")
print("either zero:", same(0.0, n.maxnum(minus, zero)), same(-0.0, n.maxnum(minus, zero)))
print("either zero within a bound:", same(0.0, Number(0.0, 1e-300)), same(-0.0, Number(0.0, 1e-300)))
nan = math.nan
for found, wanted in [(nan, nan), (nan, 1.0), (1.0, nan), (math.inf, nan), (math.inf, math.inf), (math.inf, -math.inf), (0.0, -0.0), (-0.0, -0.0)]:
    print(f"{found} for {wanted}:", not differs([[found]], [[wanted]], ["f64"]))
