#===- tree.py - The files of a repository, for the checks beside it -------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""What every check shares: which files there are, and how findings are told."""
import argparse
import os
import subprocess
import sys
from pathlib import Path

# Checked-in trees that are wrong on purpose would be named like this; lit leaves them alone, too.
SAMPLES = "Inputs"


def files(root, suffixes=None, under=("",)):
    """Paths relative to root, sorted: what git tracks or would add, or all there is where root is no work tree."""
    root = Path(root)
    if (root / ".git").exists():
        listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"], check=True, capture_output=True)
        names = listing.stdout.decode().split("\0")
    else:
        names = [os.path.relpath(os.path.join(folder, name), root)
                 for folder, _, entries in os.walk(root) for name in entries]
    found = []
    for name in sorted(set(filter(None, names))):
        if suffixes and not name.endswith(tuple(suffixes)):
            continue
        if not any(name.startswith(prefix) for prefix in under):
            continue
        if (root / name).is_file():
            found.append(name)
    return found


def read(root, name):
    return (Path(root) / name).read_text(encoding="utf-8", errors="replace")


def parser(description):
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--root", required=True, help="the repository")
    return arguments


def finish(findings, checked):
    """Tells the findings and exits: 0 if there is none. Nothing looked at is a finding, too."""
    if not checked:
        findings = ["nothing was found to check"]
    for finding in findings:
        print(finding)
    print(f"{checked} checked, {len(findings)} findings")
    sys.exit(1 if findings else 0)
