#===- check_mnemonics.py - Every op, attribute, enumerant and pass has a test and its place in the docs -===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""What the TableGen files under include/costate/ define and users write must occur in a test and in docs/*.md or README.md
between backquotes: ops as `costate.NAME` (in the docs also as `NAME`), attributes as `#costate.NAME` or by their keyword,
enumerants by their keyword, passes by their command-line name. Ops, attributes and enumerants must stand in what a test has
the compiler read: comments and what is expected do not count, for enumerants nor do files of other languages and keywords
that are the same word."""
import json
import re
import subprocess
from pathlib import Path

import tree

# What is written with signs instead of a keyword: `==`, and losses by the name of a function.
WITHOUT_KEYWORD = {"Costate_Relation": ("equal", "at_most", "at_least"), "Costate_LossKind": ("custom",)}
DEFINES = re.compile(r"^(def|defm|class)\b", re.MULTILINE)
# In a .test file directives need no comment: `CHECK-NEXT: …`.
DIRECTIVE = re.compile(r"^\s*[A-Z][\w-]*:.*$", re.MULTILINE)
LOOP = re.compile(r"^.*\bscf\.\w+.*$", re.MULTILINE)  # has keywords of its own
COMMENT = re.compile(r"^\s*(?://|#)(?!\s*(?:RUN|DEFINE|REDEFINE):).*$", re.MULTILINE)


def definitions(tblgen, root, include, name):
    """(kind, mnemonic, record) of what one file and what it includes define."""
    command = [tblgen, "--dump-json", "-I", str(root / "include"), "-I", include, str(root / name)]
    records = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    of = records["!instanceof"]
    for record in of.get("Op", []):
        yield "op", records[record]["opName"], record
    for record in of.get("AttrDef", []):
        if records[record]["dialect"]["def"].startswith("Costate") and records[record].get("mnemonic"):
            yield "attribute", records[record]["mnemonic"], record
    for record in of.get("EnumInfo", []):
        if records[record]["cppNamespace"] == "::costate":
            for case in records[record]["enumerants"]:
                keyword = records[case["def"]]["str"]
                if keyword not in WITHOUT_KEYWORD.get(record, ()):
                    yield "enumerant", keyword, record
    for record in of.get("PassBase", []):
        yield "pass", records[record]["argument"], record


def is_tested(kind, mnemonic, tests):
    """`tests`: the texts in which a kind is looked for."""
    word = re.escape(mnemonic)
    # No name, and no keyword or key before a value: `count 100`, `step = 2`.
    plain = rf"(?<![\w@%\"#.!-]){word}(?![\w-]|\s*=|\s+\d)(?!(?<!\({word}) \[)"
    forms = {"op": rf"\bcostate\.{word}\b", "attribute": rf"#costate(\.{word}\b|<{word} )|\b{word}<",
             "enumerant": plain, "pass": rf"(?<!\w)(?<!\w-){word}(?![\w-])"}
    return re.search(forms[kind], tests[kind]) is not None


def is_documented(kind, mnemonic, quoted):
    word = re.escape(mnemonic)
    # A word of a quotation: `costate.dense`, `#costate.adam<lr = …>`, `-costate-bufferize`, `by sobol`.
    return re.search(rf"(?<!\w)(?<!\w-){word}(?![\w-])", quoted) is not None


def main():
    parser = tree.parser(__doc__)
    parser.add_argument("--tblgen", required=True, help="llvm-tblgen")
    parser.add_argument("--include", required=True, help="where MLIR's TableGen files are")
    arguments = parser.parse_args()
    root = Path(arguments.root)
    names = [name for name in tree.files(root, under=("test/",)) if not name.startswith("test/Repository/")]
    commands = {name: COMMENT.sub("", tree.read(root, name)) for name in names}
    # The runs of passes are directives; what is read is not.
    read = {name: DIRECTIVE.sub("", text) for name, text in commands.items()}
    everything = "\n".join(read.values())
    ir = LOOP.sub("", "\n".join(text for name, text in read.items() if name.endswith((".mlir", ".test"))))
    tests = {"op": everything, "attribute": everything, "enumerant": ir, "pass": "\n".join(commands.values())}
    documents = [tree.read(root, name) for name in tree.files(root, (".md",), ("README.md", "docs/"))]
    quoted = "\n".join("\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL)) for text in documents)

    found = {}
    for name in tree.files(root, (".td",), ("include/costate/",)):
        if not DEFINES.search(tree.read(root, name)):
            continue
        for kind, mnemonic, record in definitions(arguments.tblgen, root, arguments.include, name):
            found.setdefault((kind, mnemonic), (name, record))
    findings = []
    for (kind, mnemonic), (name, record) in sorted(found.items()):
        if not is_tested(kind, mnemonic, tests):
            findings.append(f"{name}: {kind} {mnemonic} ({record}) is in no test")
        if not is_documented(kind, mnemonic, quoted):
            findings.append(f"{name}: {kind} {mnemonic} ({record}) is in no document")
    tree.finish(findings, len(found))


if __name__ == "__main__":
    main()
