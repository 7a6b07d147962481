#===- check_labels.py - Every constraint of the language has a test, and every test a constraint ---------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Labels (`dense_c3`) of the tables of docs/Language.md and names of the tests in test/Dialect/*-invalid.mlir must be
the same: a test is named by the label, or by the label and more words (`@dense_c5_bias`)."""
import argparse
import re
import sys
from pathlib import Path

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--root", required=True)
root = Path(parser.parse_args().root)

documented = set()
for line in (root / "docs/Language.md").read_text().split("\n"):
    if line.startswith("|"):
        documented.update(re.findall(r"`([a-z_]+_c\d+)`", line))
tested = set()
for path in sorted((root / "test/Dialect").glob("*-invalid.mlir")):
    tested.update(re.findall(r"(?:@|\")([a-z_]+_c\d+)(?:_[a-z_]+)?\b", path.read_text()))
for label in sorted(documented - tested):
    print(f"{label}: in docs/Language.md, but no test has its name")
for label in sorted(tested - documented):
    print(f"{label}: names a test, but is not in docs/Language.md")
print(f"{len(documented)} constraints, {len(tested)} tested")
sys.exit(documented != tested)
