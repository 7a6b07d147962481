#===- check_rules.py - Every derivative rule has an oracle test ------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Each op with a rule in lib/Differentiation/Rules/<Dialect>Rules.td must occur under test/Differentiation/Oracle/."""
import re

import tree

RULE = re.compile(r"^\s*def\s*\w*\s*:\s*\w*Rule<(?:\w+_)?(\w+?)Op\b", re.MULTILINE)
FILE = re.compile(r"lib/Differentiation/Rules/(\w+)Rules\.td$")


def plain(name):
    """Ops are named in two ways, `ExtractSlice` by TableGen and `extract_slice` in the IR."""
    return name.replace("_", "").lower()


def main():
    arguments = tree.parser(__doc__).parse_args()
    tested = set()
    for name in tree.files(arguments.root, under=("test/Differentiation/Oracle/",)):
        for dialect, op in re.findall(r"\b([a-z]+)\.([a-z_0-9]+)", tree.read(arguments.root, name)):
            tested.add((dialect, plain(op)))
    findings, checked = [], 0
    for name in tree.files(arguments.root, (".td",), ("lib/Differentiation/Rules/",)):
        file = FILE.match(name)
        if not file:
            continue
        text = tree.read(arguments.root, name)
        for rule in RULE.finditer(text):
            checked += 1
            dialect, op = file.group(1).lower(), plain(rule.group(1))
            if (dialect, op) not in tested:
                line = text.count("\n", 0, rule.start(1)) + 1
                findings.append(f"{name}:{line}: no oracle test holds {dialect}.{op}")
    tree.finish(findings, checked)


if __name__ == "__main__":
    main()
