#===- check_arrows.py - Who includes whom, against the architecture -------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Every include must follow an arrow of the architecture.

tools -> Pipelines -> {Conversion, Batching, Constraints, Dialect/Transforms} -> Solvers -> Differentiation
Constraints, Conversion, Batching, Dialect/Transforms -> Dialect/IR
Conversion -> Runtime/ABI.h <- Runtime, which knows nothing of the compiler, MLIR or LLVM
Runtime -> Methods, which knows nothing of ours; Eigen is its own affair
"""
import re

import tree

MIDDLE = {"Conversion", "Batching", "Constraints", "Dialect/Transforms"}
BELOW = {"Solvers", "Differentiation", "Dialect/IR"}
ALLOWED = {
    "Methods": set(),
    "Runtime": {"Methods"},
    "Differentiation": set(),
    "Dialect/IR": set(),
    "Solvers": {"Differentiation"},
    "Constraints": set(BELOW),
    "Batching": set(BELOW),
    "Dialect/Transforms": set(BELOW),
    "Conversion": BELOW | {"Runtime/ABI.h"},
    "Pipelines": MIDDLE | BELOW | {"Runtime/ABI.h"},
    "tools": MIDDLE | BELOW | {"Pipelines", "Runtime", "Runtime/ABI.h"},
}
# What knows MLIR includes it freely; these may not.
WITHOUT_LLVM = {"Methods", "Runtime"}
LLVM_FOLDERS = ("mlir", "llvm", "clang", "mlir-c", "llvm-c")

INCLUDE = re.compile(r'^\s*#?\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


def component(path):
    """The part of the architecture that a path below include/costate/ or lib/ belongs to."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "Dialect" and len(parts) > 2 else parts[0]


def owner(name):
    if name.startswith("tools/"):
        return "tools"
    below = name.removeprefix("include/costate/").removeprefix("lib/")
    return component(below) if "/" in below else None


def target(include, name, names):
    """The component that an include reaches; None if it is upstream's, the system's or beside the file."""
    if include.startswith("costate/"):
        below = include.removeprefix("costate/")
        return "Runtime/ABI.h" if below == "Runtime/ABI.h" else component(below)
    if ".." in include.split("/"):
        return "a parent folder"
    for candidate in ("lib/" + include, "include/" + include):
        if candidate in names:
            return owner(candidate)
    return None


def main():
    arguments = tree.parser(__doc__).parse_args()
    names = tree.files(arguments.root, (".h", ".cpp", ".td", ".def", ".c"), ("include/", "lib/", "tools/"))
    known = set(names)
    findings, checked = [], 0
    for name in names:
        source = owner(name)
        if source is None:
            continue
        if source not in ALLOWED:
            findings.append(f"{name}: {source} has no place in the architecture")
            continue
        text = tree.read(arguments.root, name)
        for match in INCLUDE.finditer(text):
            include = match.group(1)
            where = f"{name}:{text.count(chr(10), 0, match.start(1)) + 1}"
            checked += 1
            if source in WITHOUT_LLVM and include.split("/")[0] in LLVM_FOLDERS:
                findings.append(f"{where}: {source} must not know LLVM or MLIR, but includes {include}")
                continue
            reached = target(include, name, known)
            if reached is None or reached == source or reached.startswith(source + "/"):
                continue
            if reached not in ALLOWED[source]:
                findings.append(f"{where}: {source} must not know {reached}, but includes {include}")
    tree.finish(findings, checked)


if __name__ == "__main__":
    main()
