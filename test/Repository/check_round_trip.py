#===- check_round_trip.py - All test IR survives printing and parsing -----------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Every valid .mlir file under test/ must come back from costate-opt as it went in.

The custom form printed once, parsed and printed again is the same text; the generic form parses to that text; and
bytecode holds the same (costate-opt's own --verify-roundtrip). Files of negative tests are left out, as is IR that
is only ever read by another tool.
"""
import concurrent.futures
import os
import subprocess

import tree

NEGATIVE = ("-verify-diagnostics", "expected-error", "not costate-opt", "not %costate", "ROUND-TRIP: no")


class Lost(Exception):
    pass


def reprint(tool, source, *options):
    run = subprocess.run([tool, "--split-input-file", *options, "-"], input=source, capture_output=True, text=True)
    if run.returncode:
        raise Lost(" ".join(run.stderr.split("\n")[:2]) or f"exit status {run.returncode}")
    return run.stdout


def first_difference(left, right):
    for number, (one, other) in enumerate(zip(left.split("\n"), right.split("\n")), 1):
        if one != other:
            return f"line {number}: `{one.strip()}` became `{other.strip()}`"
    return "one is longer than the other"


def check(tool, root, name):
    try:
        custom = reprint(tool, tree.read(root, name), "--verify-roundtrip")
        again = reprint(tool, custom)
        if again != custom:
            raise Lost(f"the custom form changed, {first_difference(custom, again)}")
        generic = reprint(tool, custom, "--mlir-print-op-generic")
        back = reprint(tool, generic)
        if back != custom:
            raise Lost(f"the generic form means something else, {first_difference(custom, back)}")
    except Lost as lost:
        return f"{name}: {lost}"
    return None


def main():
    parser = tree.parser(__doc__)
    parser.add_argument("--tool", required=True, help="path of costate-opt")
    arguments = parser.parse_args()
    names = [name for name in tree.files(arguments.root, (".mlir",), ("test/",))
             if f"/{tree.SAMPLES}/" not in name
             and not any(mark in tree.read(arguments.root, name) for mark in NEGATIVE)]
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as workers:
        outcomes = workers.map(lambda name: check(arguments.tool, arguments.root, name), names)
        tree.finish([outcome for outcome in outcomes if outcome], len(names))


if __name__ == "__main__":
    main()
