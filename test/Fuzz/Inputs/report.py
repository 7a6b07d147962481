#===- report.py - What libFuzzer and the sanitizers say about an input -----------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Reads the report of a process that found something."""
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FRAME = re.compile(r"^\s+#\d+ 0x[0-9a-f]+ in (.+?)(?: (/\S+))?$", re.MULTILINE)
VIOLATED = re.compile(r"^violated: (.*)$", re.MULTILINE)
KINDS = (re.compile(r"(Assertion `.*' failed)"), re.compile(r"(\S+: runtime error: .*)$", re.MULTILINE),
         re.compile(r"(LLVM ERROR: .*)$", re.MULTILINE), re.compile(r"^SUMMARY: (.*)$", re.MULTILINE),
         re.compile(r"ERROR: (.*)$", re.MULTILINE))
# Passes of upstream leave invalid IR by themselves.
INVALID = re.compile(r"violated: valid IR after (?!costate)")


@dataclass
class Finding:
    kind: str
    frames: list
    ours: bool

    @property
    def signature(self):
        return re.sub(r"0x[0-9a-f]+|\d+|<.*?>", "", self.kind[:160]) + (" in " + self.frames[0] if self.frames else "")

    def __str__(self):
        return "\n  ".join([self.kind, *self.frames[:8]])


# Upstream's parsers of ops fail at their own syntax, in whatever op of ours they stand.
PARSER = re.compile(r"mlir::(?!costate)\w+::\w+::parse\(")


def is_ours(place):
    return place.startswith(str(ROOT)) and "/test/Fuzz/" not in place


def read(text):
    violated = VIOLATED.search(text)
    kind = violated.group(1) if violated else next((match.group(1) for match in (pattern.search(text) for pattern in KINDS)
                                                    if match), text[-300:])
    frames = [(name, place or "") for name, place in FRAME.findall(text)]
    inner = next((place for name, place in frames if is_ours(place) or PARSER.match(name)), "")
    own = [f"{name} {place}" for name, place in frames if is_ours(place)] if is_ours(inner) else []
    # What the target itself says is broken concerns us, as does what ends without a stack.
    ours = bool(own) or not frames or (bool(violated) and not INVALID.search(text))
    return Finding(kind, own or [f"{name} {place}" for name, place in frames][:8], ours)
