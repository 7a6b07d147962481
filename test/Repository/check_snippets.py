#===- check_snippets.py - Every snippet of the documentation is part of a test --------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Fenced blocks of README.md and docs/*.md must be tested.

```mlir and ```toml: the lines stand together in one file under test/, but for common indentation, empty lines and
the RUN and CHECK lines of the test. ```console: each `$ command` stands in a RUN line (which may go into a folder
first, with `cd FOLDER &&`), or is `bash tools/NAME` with a script of that name. ```sh: commands that are too long for a
test; each script must be there, and know the flags. Files of the repository that a document names must be there, too.
"""
import re
import textwrap
from pathlib import Path

import tree

FENCE = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```\s*$", re.MULTILINE | re.DOTALL)
DIRECTIVE = re.compile(r"^\s*(//|#)\s*([A-Z0-9_-]*CHECK[A-Z0-9_-]*|[A-Z0-9]+(-[A-Z]+)?|expected-\w+)\s*(@[^:]*)?:")
EXPECTED = re.compile(r"^\s*//\s*expected-")
FILE = re.compile(r"(?<![\w/.-])(?:test|tools|lib|include|docs)/[\w./*{},-]*\w")
RUN = re.compile(r"^\s*(?://|#|;)?\s*RUN:\s*(.*)$", re.MULTILINE)


def plain(text):
    """Lines without directives of lit and FileCheck, without empty ones and without space at the end."""
    return [line.rstrip() for line in text.split("\n")
            if line.strip() and not DIRECTIVE.match(line) and not EXPECTED.match(line)]


def dedented(lines):
    return textwrap.dedent("\n".join(lines))


def contains(lines, snippet):
    wanted = dedented(snippet)
    first = snippet[0].strip()
    return any(line.strip() == first and dedented(lines[i:i + len(snippet)]) == wanted
               for i, line in enumerate(lines))


def commands(text):
    """Commands of RUN lines, continued lines joined, without the `cd` before and without `2>&1 | FileCheck` behind."""
    joined, pending = [], ""
    for line in RUN.findall(text):
        pending += line.rstrip()
        if pending.endswith("\\"):
            pending = pending[:-1].rstrip() + " "
            continue
        joined.append(pending)
        pending = ""
    found = set()
    for line in joined:
        for part in line.split("&&"):
            part = re.sub(r"^\s*(not\s+)?", "", part)
            found.add(re.split(r"\s(?:2>&1\s+)?(?:\||>)\s", part)[0].strip())
    return found


def faults(command, root, names):
    """What is wrong with a command that no test runs."""
    words = command.split("#")[0].split()
    scripts = [word for word in words if word.endswith((".py", ".sh"))]
    for script in scripts:
        known = [name for name in names if name == script or name.endswith("/" + script.split("/")[-1])]
        if not known:
            yield f"there is no {script}"
            continue
        texts = [tree.read(root, name) for name in known]
        for flag in [word.split("=")[0] for word in words if word.startswith("--")]:
            if not any(f'"{flag}"' in text for text in texts):
                yield f"{script} does not know {flag}"


def main():
    arguments = tree.parser(__doc__).parse_args()
    root = Path(arguments.root)
    documents = tree.files(root, (".md",), ("README.md", "docs/"))
    tests = [name for name in tree.files(root, (".mlir", ".toml", ".test", ".td"), ("test/",))]
    texts = {name: tree.read(root, name) for name in tests}
    lines = {name: plain(text) for name, text in texts.items()}
    runs = set().union(*(commands(text) for text in texts.values())) if texts else set()

    names = tree.files(root)
    findings, checked = [], 0
    for document in documents:
        text = tree.read(root, document)
        for match in FILE.finditer(text):
            if not any(root.glob(match.group())):
                findings.append(f"{document}:{text.count(chr(10), 0, match.start()) + 1}: there is no {match.group()}")
        for match in FENCE.finditer(text):
            language, body = match.group(2), match.group(3)
            where = f"{document}:{text.count(chr(10), 0, match.start()) + 1}"
            if language in ("mlir", "toml"):
                checked += 1
                snippet = plain(body)
                if not snippet or not any(contains(file, snippet) for file in lines.values()):
                    findings.append(f"{where}: this {language} snippet is no part of a file under test/")
            elif language == "sh":
                for command in body.replace("\\\n", " ").split("\n"):
                    checked += bool(command.strip())
                    findings += [f"{where}: {fault}: {command.strip()}" for fault in faults(command, root, names)]
            elif language == "console":
                for line in body.replace("\\\n", " ").split("\n"):
                    command = line.strip().removeprefix("$ ").strip()
                    if not line.strip().startswith("$ "):
                        continue
                    checked += 1
                    command = re.sub(r"\s+", " ", command)
                    script = re.match(r"bash (tools/[\w-]+)", command)
                    if command not in runs and not (script and (root / script.group(1)).is_file()):
                        findings.append(f"{where}: no RUN line under test/ holds the command: {command}")
    for finding in findings:
        print(finding)
    print(f"{len(documents)} documents, {checked} snippets, {len(findings)} findings")
    raise SystemExit(1 if findings or not documents else 0)


if __name__ == "__main__":
    main()
