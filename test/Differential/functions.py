#===- functions.py - The functions of MLIR files, each as a module of its own --------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Cuts files at `// -----` and what is parsed of them into functions, with the symbols and aliases that each needs."""
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

SYMBOL = re.compile(r'@("(?:[^"\\]|\\.)*"|[\w$.-]+)')
SIGNATURE = re.compile(r"func\.func (?:public |private )?@f\((.*?)\)(?: -> (.*?))?(?: attributes .*)? \{$")


class Function(NamedTuple):
    place: str  # file:piece:name
    text: str  # a module in which the function is @f, and public


def pieces(path):
    return re.split(r"^// -----.*$", path.read_text(encoding="utf-8", errors="replace"), flags=re.MULTILINE)


def printed(tool, text):
    """The text as the parser has it; None where it is no program that the tool knows."""
    result = subprocess.run([tool, "-"], input=text, capture_output=True, text=True, errors="replace", timeout=60)
    return result.stdout if result.returncode == 0 else None


def cut(module):
    """The aliases and the ops on the top level of a printed module."""
    aliases, ops = [], []
    for line in module.split("\n"):
        if line[:1] in "#!" and line:
            aliases.append(line)
        elif re.match(r"  [^ }]", line):
            ops.append([line])
        elif ops and line.startswith("  "):
            ops[-1].append(line)
    return aliases, ["\n".join(lines) for lines in ops]


def functions(path, tool):
    """The functions with a body of a file, as far as it is parsed."""
    for number, piece in enumerate(pieces(path)):
        module = printed(tool, piece) if "func" in piece else None
        if not module:
            continue
        aliases, ops = cut(module)
        named = {SYMBOL.search(op).group(1): op for op in ops if SYMBOL.search(op)}
        for name, op in named.items():
            if not re.match(r"  func\.func (public |private )?@", op) or not op.split("\n")[0].endswith("{"):
                continue
            needed, open_ = {name}, [name]
            while open_:
                more = {s for s in SYMBOL.findall(named[open_.pop()]) if s in named} - needed
                needed |= more
                open_ += more
            texts = []
            for symbol in sorted(needed):
                text = re.sub(r"func\.func (public |private )?@", "func.func private @", named[symbol], count=1)
                text = re.sub(f"@{re.escape(symbol)}(?![\\w$.-])", "@f", text) if symbol == name else text
                texts.append(text.replace("func.func private @f(", "func.func @f(", 1) if symbol == name else
                             re.sub(f"@{re.escape(name)}(?![\\w$.-])", "@f", text))
            yield Function(f"{path.name}:{number}:{name}", "\n".join(aliases + texts) + "\n")


def files(folders):
    return sorted(p for folder in folders for p in ([Path(folder)] if Path(folder).is_file() else Path(folder).rglob("*.mlir")))


def signature(text):
    """The types of arguments and results of @f, or None where they are no scalars and tensors of C."""
    line = next((line.strip() for line in text.split("\n") if re.search(r"func\.func (public )?@f\(", line)), "")
    match = SIGNATURE.match(line)
    if not match:
        return None
    arguments = re.findall(r"%\w+: ((?:tensor|vector|memref)<[^>]*>|\S+?)(?:,|$| \{)", match.group(1))
    results = re.findall(r"(?:tensor|vector|memref)<[^>]*>|[^\s,()]+", match.group(2) or "")
    return (arguments, results) if match.group(1).count("%") == len(arguments) else None
