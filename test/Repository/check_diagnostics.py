#===- check_diagnostics.py - Every diagnostic has a test -------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""What the libraries, the runtime and the tools say (CALL, and what is added to a diagnostic later) must be in a test: the
literal parts of a message in their order on one line of a file under test/, which is no comment. Of words between which the
message chooses (`a ? "x" : "y"`), each must be in a test. Where several statements say the same, as many lines of tests must.
What no test can bring about, or none does yet, is listed in untested-messages.txt; what is in there for nothing is a finding."""
import re
from collections import defaultdict
from pathlib import Path

import tree

LIBRARIES = ("lib/Dialect/", "lib/Constraints/", "lib/Differentiation/", "lib/Solvers/", "lib/Batching/", "lib/Conversion/",
             "lib/Methods/", "lib/Pipelines/", "lib/Runtime/", "tools/")
CALL = re.compile(r"\b(?:(?:emitError|emitOpError|emitRemark|emitWarning|emitOptionalError|attachNote|createStringError|reject"
                  r"|fail|refuse|failUsage)\s*\(|throw [\w:]+\(|fprintf\(stderr,|llvm::errs\(\))")
# A diagnostic that has a name may be added to.
NAMED = re.compile(r"\b(?:InFlightDiagnostic|auto|Diagnostic)\s*&?\s*(\w+)\s*=[^;]*\b(?:emit\w*(?:Error|Warning|Remark)|reject)\(")
FORMAT = re.compile(r"%[-+ #0-9.*]*(?:ll|l|z)?[a-zA-Z%]")
LIST = "test/Repository/untested-messages.txt"
DIRECTIVE = re.compile(r"^\s*(?:(?://|#)\s*)?(?:[A-Z][\w-]*(?:\{[^}]*\})?:|expected-)|//\s*expected-")
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
    """(offset, literals in order, words of which one is said), for each line of a message."""
    # The keys of JSON are no text.
    text = re.sub(r'\.at\("\w+"\)', lambda key: " " * len(key.group()), text)
    added = "|".join(set(NAMED.findall(text)))
    calls = list(re.compile(CALL.pattern + (rf"|\b(?:{added})\s*<<" if added else "")).finditer(text))
    ends = [call.start() for call in calls[1:]] + [len(text)]
    for call, end in zip(calls, ends):
        if text[text.rfind("\n", 0, call.start()) + 1:].startswith("#"):
            continue  # a macro
        said = [([], [])]  # by lines of the message
        for literal, choice in literals(text, call.end(), end):
            for number, line in enumerate(literal.split("\n")):
                if number:
                    said.append(([], []))
                for part in FORMAT.split(line) if "fprintf" in call.group() else [line]:
                    if re.search(r"\w", part):
                        said[-1][choice].append(part.strip())
        for parts, choices in said:
            if parts or choices:
                yield call.start(), parts, choices


def told(name, text):
    """The lines of a test that are no comments, nor prose between the directives of a .test file."""
    if name.endswith((".mlir", ".py")):
        comment = re.compile(r"\s*(?://|#)")
        return "\n".join(line for line in text.split("\n") if not comment.match(line) or DIRECTIVE.search(line))
    if name.endswith(".test"):
        head, *files = re.split(r"^(?:# |// )?#---", text, flags=re.MULTILINE)
        head = "\n".join(line for line in head.split("\n") if DIRECTIVE.search(line))
        return "\n".join([head] + files)
    if name.endswith(".cpp"):
        # As it is said: statements in one line, escapes resolved, literals that follow each other as one.
        text = re.sub(r"(?<![;{}])\n\s*", " ", text)
        text = re.sub(r"\\([\"\\])", r"\1", re.sub(r'" "', "", text))
    return text


def main():
    arguments = tree.parser(__doc__).parse_args()
    tests = "\n".join(told(name, tree.read(arguments.root, name)) for name in tree.files(arguments.root, under=("test/",))
                      if not name.startswith("test/Repository/"))
    lines = tree.read(arguments.root, LIST).split("\n") if (Path(arguments.root) / LIST).exists() else []
    listed = {line for line in lines if line and not line.startswith("#")}
    findings, checked, places, needed = [], 0, defaultdict(list), set()
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
                if f"{name}: {said}" in listed:
                    needed.add(f"{name}: {said}")
                else:
                    findings.append(f"{place}: no test has \"{said}\"")
            for word in choices:
                if word not in tests and f"{name}: {word}" in listed:
                    needed.add(f"{name}: {word}")
                elif word not in tests:
                    findings.append(f"{place}: no test has \"{word}\" in \"{said}\"")
    for parts, sites in places.items():
        if parts and len(sites) > 1:
            lines = len(re.findall("[^\n]*".join(map(re.escape, parts)), tests))
            if 0 < lines < len(sites):
                findings.append(f"{', '.join(sites)}: only {lines} lines of tests have \"{' … '.join(parts)}\"")
    findings += [f"{LIST}: this has a test, or is not said: {line}" for line in sorted(listed - needed)]
    tree.finish(findings, checked)


if __name__ == "__main__":
    main()
