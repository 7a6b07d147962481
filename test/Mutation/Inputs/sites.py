#===- sites.py - Where a source file can be mutated ------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Mutants of C++ that clang-format has laid out: binary operators stand between blanks, those of templates do not.
A mutant puts text before and behind a range of the file, or replaces it; mutants nest and never add a line."""
import re
from dataclasses import dataclass

OPERATORS = {"==": "Equal", "!=": "NotEqual", "<": "Less", "<=": "LessEqual", ">": "Greater", ">=": "GreaterEqual",
             "+": "Plus", "-": "Minus", "*": "Times"}
STATEMENT = re.compile(r"(?:\+\+|--)?\*?[A-Za-z_]\w*(?:<[^<>;(){}]*>)?(?:(?:\.|->|::)\w+(?:<[^<>;(){}]*>)?|\[[^\]\n]*\]|\(\))*"
                       r"\s*(?:\(|=(?!=)|[-+*/|&]=|\+\+|--|;)")
KEYWORDS = {"if", "for", "while", "return", "switch", "case", "else", "do", "using", "default", "public", "private",
            "protected", "namespace", "static_assert", "assert", "delete", "goto", "template", "typedef", "void"}


@dataclass(frozen=True)
class Site:
    """One mutant: kind, the range it concerns, and what stands before and behind it (or instead of it)."""
    kind: str
    start: int
    end: int
    before: str
    behind: str
    replaces: bool = False


def blank(text):
    """The text with comments, literals and directives as blanks, so that positions stay."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:\\\n|[^\n])*'
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", lambda c: "@" if m[0][0] in "\"'" else " ", m[0]), text,
                  flags=re.S | re.M)


def brackets(text):
    """The position of each bracket's partner; an angle bracket with no blank before it is one of a template."""
    partner, stack = {}, []
    for i, c in enumerate(text):
        template = text[i - 1] not in " \n-<>=" if c == "<" else text[i - 1] not in " \n-="
        if c in "([{" or (c == "<" and template):
            stack.append(i)
        elif c in ")]}" or (c == ">" and template and stack and text[stack[-1]] == "<"):
            while stack and text[stack[-1]] == "<" and c != ">":
                stack.pop()
            if stack:
                partner[i], partner[stack[-1]] = stack[-1], i
                stack.pop()
    return partner


def operand(text, partner, start, step, stops):
    """Where the operand of an operator ends, going from start by step."""
    i = start
    while 0 <= i < len(text):
        c = text[i]
        if i in partner and (partner[i] > i) == (step > 0):
            i = partner[i] + step
            continue
        if c in "()[]{};,":
            break
        around = text[max(0, i - 1):i + 2]
        if c in "?:" and "::" not in around:
            break
        if c == "=" and not re.search(r"[=!<>]=|==", around):
            break
        if any(text.startswith(stop, i if step > 0 else i - len(stop) + 1) for stop in stops):
            break
        i += step
    span = (start, i) if step > 0 else (i + 1, start + 1)
    word = re.match(r"\s*(?:return\b|co_return\b)?\s*", text[span[0]:span[1]])
    first = span[0] + word.end()
    return first, first + len(text[first:span[1]].rstrip())


def conditions(text, partner):
    for match in re.finditer(r"\b(if|while) \(", text):
        start, end = match.end(), partner[match.end() - 1]
        parts = text[start:end].rfind(";")
        if parts >= 0:
            start += parts + 2
        declared = re.match(r"(?:const )?[\w:<>,]+(?: [*&]*| )(\w+) = ", text[start:end])
        if declared:
            if parts < 0:
                yield "branch never", start, end, "", f"; {declared[1]} && !mutants::on(%)"
            continue
        yield "branch never", start, end, "(!mutants::on(%) && (", "))"
        if match[1] == "if":
            yield "branch always", start, end, "(mutants::on(%) || (", "))"


def operators(text, partner):
    seen = set()
    for match in re.finditer(r"(?<=[ \n])(&&|\|\|)(?=[ \n])", text):
        stops = (" && ", " || ", "&&\n", "||\n") if match[1] == "&&" else (" || ", "||\n")
        for start, end in (operand(text, partner, match.start() - 1, -1, stops),
                           operand(text, partner, match.end(), 1, stops)):
            if (start, end) not in seen and end > start:
                seen.add((start, end))
                drop = "(mutants::on(%) || (" if match[1] == "&&" else "(!mutants::on(%) && ("
                yield f"operand of {match[1]}", start, end, drop, "))"
    for match in re.finditer(r"(?<=[ \n])\?(?=[ \n])", text):
        start, end = operand(text, partner, match.start() - 1, -1, ())
        if end > start:
            yield "choice", start, end, "(mutants::on(%) != static_cast<bool>(", "))"
    for match in re.finditer(r"(?<=[\w)\]] )(==|!=|<=|>=|<|>|\+|-|\*)(?=[ \n])", text):
        if not re.search(r"(?:template|operator) ?$", text[:match.start()][-12:]):
            marker = f"{match[1]} mutants::{OPERATORS[match[1]]}{{%}} {match[1]}"
            yield f"operator {match[1]}", match.start(), match.end(), marker, "replaces"


def literals(text, _partner):
    for match in re.finditer(r"(?<![\w.<@])([01]|true|false)(?![\w.>@])", text):
        before = text[:match.start()]
        if re.search(r"(?:case|[\w>] \w+|\[) ?$", before[-30:]) and not before.rstrip().endswith("return"):
            continue
        if match[1] in "01":
            yield "constant", match.start(), match.end(), f"(mutants::on(%) ? {1 - int(match[1])} : ", ")"
        else:
            yield "constant", match.start(), match.end(), "(mutants::on(%) != ", ")"
    for match in re.finditer(r"\breturn (success\(\));", text):
        yield "returns failure", match.start(1), match.end(1), "llvm::success(!mutants::on(%))", "replaces"


def statements(text, partner):
    for match in re.finditer(r"^ +(?=\S)", text, re.M):
        start = match.end()
        found = STATEMENT.match(text, start)
        word = re.match(r"\w*", text[start:])[0]
        last = text[:start].rstrip()
        if not found or word in KEYWORDS or (word.isupper() and len(word) > 2):
            continue
        if last[-1:] not in ";{})" or (found[0].endswith(";") and word not in ("break", "continue")):
            continue
        end = start
        while end < len(text) and text[end] != ";":
            end = partner.get(end, end) + 1
            if end < len(text) and text[end] in ")}":
                break
        if end < len(text) and text[end] == ";":
            yield "statement", start, end + 1, "if (mutants::on(%)) {} else { ", " }"


def sites(source):
    text = blank(source)
    partner = brackets(text)
    found = []
    for rule in (conditions, operators, literals, statements):
        for kind, start, end, before, behind in rule(text, partner):
            replaces = behind == "replaces"
            found.append(Site(kind, start, end, before, "" if replaces else behind, replaces))
    return sorted(set(found), key=lambda site: (site.start, -site.end, site.kind))


def instrument(source, numbered):
    """The source with the given (number, site) pairs in it."""
    pieces = []
    for number, site in numbered:
        size = site.end - site.start
        before, behind = (text.replace("%", str(number)) for text in (site.before, site.behind))
        if site.replaces:
            pieces.append((site.start, 2, 0, number, before, size))
        else:
            pieces.append((site.start, 1, -size, number, before, 0))
            pieces.append((site.end, 0, size, -number, behind, 0))
    result, at = [], 0
    for position, _, _, _, text, size in sorted(pieces):
        result += [source[at:position], text]
        at = position + size
    return "".join(result) + source[at:]


if __name__ == "__main__":
    # sites.py FILE: the file with every mutant in it.
    import sys
    text = open(sys.argv[1], encoding="utf-8").read()
    print('#include "mutants.h"\n' + instrument(text, list(enumerate(sites(text), 1))), end="")
