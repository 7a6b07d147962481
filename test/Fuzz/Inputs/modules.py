#===- modules.py - The modules of the tests and the docs, and the passes that tests run on them ----------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""What fuzzing the compiler starts from: each module with a first line `// passes: a,b{option=1}`, or `// passes: costatec`."""
import hashlib
import re
import shlex
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
LONGEST = 4000
# A problem that is longer takes seconds to compile: only the first of its pipelines runs on it.
LONGEST_COMPILED = 900
# Passes of upstream that ours run between.
AMONG = {"canonicalize", "cse", "inline", "symbol-dce"}
# It runs the assembler of the CUDA toolkit, a process of its own.
LEFT_OUT = {"costate-embed-gpu"}
PIECE = re.compile(r"^// -----.*$|^//--- \S+$", re.MULTILINE)
FENCE = re.compile(r"^```mlir\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def registered():
    """All passes and pipelines of ours with the op that each is for, as text of a pipeline names it."""
    anchors = {"func::FuncOp": "func.func", "gpu::GPUModuleOp": "gpu.module"}
    passes = [(name, anchors.get(op)) for file in sorted((ROOT / "include").rglob("Passes.td"))
              for name, op in re.findall(r'Pass<"(costate-[\w-]+)"(?:, "::mlir::([\w:]+)")?', file.read_text())]
    pipelines = re.findall(r'"(costate-[\w-]+)"', (ROOT / "lib/Pipelines/Registration.cpp").read_text())
    return {name: anchor for name, anchor in passes + [(name, None) for name in pipelines] if name not in LEFT_OUT}


def anchored(name, options, anchor):
    text = name + (f"{{{options}}}" if options else "")
    return f"{anchor}({text})" if anchor else text


def pipelines_of(text, known):
    """What the RUN lines of a test give to costate-opt, as text of a pipeline."""
    found = []
    for command in re.findall(r"RUN:.*?costate-opt ([^|\n]*)", text):
        try:
            words = shlex.split(command, comments=False)
        except ValueError:
            continue
        passes = []
        for word in words:
            name, _, options = word.lstrip("-").partition("=")
            if name == "pass-pipeline":
                passes.append(re.sub(r"^builtin\.module\((.*)\)$", r"\1", options))
            elif word.startswith("-") and (name in known or name in AMONG):
                passes.append(anchored(name, options, known.get(name)))
        if passes and not any(name in passes_text for name in LEFT_OUT for passes_text in passes):
            found.append(",".join(passes))
    return list(dict.fromkeys(found))


def pieces_of(text):
    """The modules of a test, without its comments."""
    for piece in PIECE.split(text):
        lines = [line for line in piece.splitlines() if line.strip() and not line.lstrip().startswith("//")]
        if lines and "\n".join(lines).lstrip().startswith(("func", "module", "costate", "#", "!", "llvm", "gpu", "memref")):
            yield "\n".join(lines) + "\n"


def modules():
    known = registered()
    pieces = []
    for file in sorted((ROOT / "test").rglob("*")):
        if file.suffix in (".mlir", ".test") and "findings" not in file.parts:
            text = file.read_text()
            pipelines = pipelines_of(text, known) or ["costatec"]
            pieces += [(piece, pipelines[i % len(pipelines)]) for i, piece in enumerate(pieces_of(text))]
    for file in sorted((ROOT / "docs").rglob("*.md")):
        pieces += [(piece, "costatec") for fence in FENCE.findall(file.read_text()) for piece in pieces_of(fence)]
    pieces = [(piece, "costate-level1-to-2" if pipeline == "costatec" and len(piece) > LONGEST_COMPILED else pipeline)
              for piece, pipeline in dict(pieces).items() if len(piece) <= LONGEST]
    # Each pass by itself, too, on what is there.
    pieces += [(pieces[i * 13 % len(pieces)][0], anchored(name, "", anchor)) for i, (name, anchor) in enumerate(known.items())]
    for piece, pipeline in pieces:
        content = f"// passes: {pipeline}\n{piece}".encode()
        yield "either-" + hashlib.sha1(content).hexdigest()[:12], content
