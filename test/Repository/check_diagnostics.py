#===- check_diagnostics.py - Every diagnostic has a test -------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""What the compiler's libraries say (emitError, emitOpError, emitRemark, emitWarning, attachNote) must be in a test: the
literal parts of a message in their order on one line of a file under test/. Of words between which the message chooses
(`a ? "x" : "y"`), each must be in a test. Where several statements say the same, as many lines of tests must."""
import re
from collections import defaultdict

import tree

LIBRARIES = ("lib/Dialect/", "lib/Constraints/", "lib/Differentiation/", "lib/Solvers/", "lib/Batching/", "lib/Conversion/",
             "lib/Pipelines/")
CALL = re.compile(r"\b(?:emitError|emitOpError|emitRemark|emitWarning|attachNote)\s*\(")
# Text, or what ends a statement, or what else stands between literals.
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|//[^\n]*|\'(?:[^\'\\]|\\.)\'|([;{}?:])|::|(\s+)|.', re.DOTALL)
ESCAPE = {"n": "\n", "t": "\t"}


def literals(text, start, end):
    """The literals of the statement from `start` on, adjacent ones as one, each with whether it is one of several."""
    found, adjacent, choice = [], False, False
    for token in TOKEN.finditer(text, start, end):
        if token.group(1) is not None:
            part = re.sub(r"\\(.)", lambda escape: ESCAPE.get(escape.group(1), escape.group(1)), token.group(1))
            if adjacent:
                found[-1] = (found[-1][0] + part, choice)
            else:
                found.append((part, choice))
            adjacent = True
        elif token.group(2) and token.group(2) in ";{}":
            break
        elif token.group(2):
            choice, adjacent = True, False
        elif not token.group(3) and not token.group().startswith("//"):
            adjacent = False
            if token.group() in "<),":
                choice = False
    return found


def messages(text):
    """(offset, literals in order, words of which one is said)"""
    calls = list(CALL.finditer(text))
    ends = [call.start() for call in calls[1:]] + [len(text)]
    for call, end in zip(calls, ends):
        parts, choices = [], []
        for part, choice in literals(text, call.end(), end):
            if re.search(r"\w", part):
                (choices if choice else parts).append(part.strip())
        yield call.start(), parts, choices


def main():
    arguments = tree.parser(__doc__).parse_args()
    tests = "\n".join(tree.read(arguments.root, name) for name in tree.files(arguments.root, under=("test/",))
                      if not name.startswith("test/Repository/"))
    findings, checked, places = [], 0, defaultdict(list)
    for name in tree.files(arguments.root, (".cpp", ".h"), LIBRARIES):
        text = tree.read(arguments.root, name)
        for offset, parts, choices in messages(text):
            place = f"{name}:{text.count(chr(10), 0, offset) + 1}"
            checked += 1
            said = " … ".join(parts)
            places[tuple(parts)].append(place)
            # A search for the longest part first, so that most lines are never looked at with the expression.
            if parts and (max(parts, key=len) not in tests or
                          not re.search("[^\n]*".join(map(re.escape, parts)), tests)):
                findings.append(f"{place}: no test has \"{said}\"")
            for word in choices:
                if word not in tests:
                    findings.append(f"{place}: no test has \"{word}\" in \"{said}\"")
    for parts, sites in places.items():
        if parts and len(sites) > 1:
            lines = len(re.findall("[^\n]*".join(map(re.escape, parts)), tests))
            if 0 < lines < len(sites):
                findings.append(f"{', '.join(sites)}: only {lines} lines of tests have \"{' … '.join(parts)}\"")
    tree.finish(findings, checked)


if __name__ == "__main__":
    main()
