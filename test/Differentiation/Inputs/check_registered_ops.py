#===- check_registered_ops.py - Compares how registered ops are taken with the table ----------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Reads from standard input what differentiation-registered-ops prints. The table lists each op with one word: the kind
of its rule; normalized or inlined, where it is refused as it stands, but rewritten before (a test has to run such an op);
or what the program prints. Every op has to be there, as it is taken, and no other."""
import argparse
import glob
import re
import sys


def pairs(lines):
    return dict(line.split() for line in lines if line.strip() and not line.startswith("#"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("table")
    parser.add_argument("tests", help="the folder of the tests that run what is normalized")
    parser.add_argument("rules", nargs="+", help="lists of rules")
    arguments = parser.parse_args()
    table = pairs(open(arguments.table))
    taken = pairs(sys.stdin)
    rules = {op: kind.lower() for name in arguments.rules for op, kind in pairs(open(name)).items()}
    texts = [open(name).read() for pattern in ("normalize*.mlir", "windows.mlir", "Oracle/*.py")
             for name in glob.glob(f"{arguments.tests}/{pattern}")]
    tested = set(re.findall(r"\b[a-z]+\.[a-z_0-9]+", "\n".join(texts)))
    findings = []
    for op in sorted(set(table) | set(taken)):
        if op not in taken:
            findings.append(f"{op}: in the table, but not registered")
            continue
        expected, found = table.get(op), rules.get(op) if taken[op] == "rule" else taken[op]
        if expected in ("normalized", "inlined") and found == "refused":
            if op not in tested:
                findings.append(f"{op}: {expected}, but in no test")
        elif expected != found:
            findings.append(f"{op}: {found}, but in the table {expected or 'not'}")
    print("\n".join(findings + [f"{len(taken)} ops, {len(findings)} findings"]))
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
