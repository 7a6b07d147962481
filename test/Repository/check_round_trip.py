#===- check_round_trip.py - All test IR survives printing and parsing -----------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Every valid .mlir file under test/ must come back from costate-opt as it went in.

The custom form printed once, parsed and printed again is the same text; the generic form parses to that text; and
bytecode holds the same (costate-opt's own --verify-roundtrip). Left out are parts of a file that expect an error, files
whose reading is expected to fail, and IR that is only ever read by another tool.
"""
import concurrent.futures
import os
import re
import subprocess

import tree

NEGATIVE = re.compile(r"not costate-opt (%s|%t\S*)( 2>&1)? \||ROUND-TRIP: no")
PART = re.compile(r"^// -----.*\n", re.MULTILINE)


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


def valid(text):
    """The parts of a file that expect no error."""
    return "// -----\n".join(part for part in PART.split(text) if "expected-error" not in part)


def check(tool, root, name):
    try:
        custom = reprint(tool, valid(tree.read(root, name)), "--verify-roundtrip")
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
             and not NEGATIVE.search(tree.read(arguments.root, name)) and valid(tree.read(arguments.root, name))]
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as workers:
        outcomes = workers.map(lambda name: check(arguments.tool, arguments.root, name), names)
        tree.finish([outcome for outcome in outcomes if outcome], len(names))


if __name__ == "__main__":
    main()
