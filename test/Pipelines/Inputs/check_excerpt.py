# ===- check_excerpt.py - An excerpt of IR stands in an output -------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
# ===-----------------------------------------------------------------------------------------------------===#
"""check_excerpt.py OUTPUT EXCERPT: the excerpt occurs in the output but for white space and the names of values, which
are replaced one for one; `...` stands for anything."""
import re
import sys
from pathlib import Path

TOKEN = re.compile(r"%[\w$-]+|\.\.\.|\w+|\S")


def pattern(excerpt):
    parts, groups = [], {}
    for token in TOKEN.findall(excerpt):
        if token == "...":
            parts.append(".*?")
        elif token.startswith("%") and token in groups:
            parts.append(rf"(?P={groups[token]})(?![\w$-])")
        elif token.startswith("%"):
            # Another value has another name.
            others = "".join(rf"(?!(?P={group})(?![\w$-]))" for group in groups.values())
            groups[token] = f"v{len(groups)}"
            parts.append(rf"{others}(?P<{groups[token]}>%[\w$-]+)")
        else:
            parts.append(re.escape(token))
    return re.compile(r"\s*".join(parts), re.DOTALL)


output, excerpt = (Path(name).read_text() for name in sys.argv[1:])
if not pattern(excerpt).search(output):
    sys.exit(f"{sys.argv[1]} does not hold:\n{excerpt}")
