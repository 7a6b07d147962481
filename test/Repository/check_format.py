#===- check_format.py - Every C++ file is as clang-format leaves it -------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Runs clang-format over every header and source; writes nothing."""
import os
import subprocess

import tree


def main():
    parser = tree.parser(__doc__)
    parser.add_argument("--clang-format", required=True)
    arguments = parser.parse_args()
    names = tree.files(arguments.root, (".h", ".cpp", ".c"))
    findings = []
    if names:
        run = subprocess.run([arguments.clang_format, "--dry-run", "-Werror", "--style=file", *names],
                             cwd=os.path.abspath(arguments.root), capture_output=True, text=True)
        findings = [line for line in run.stderr.splitlines() if "error:" in line]
        if run.returncode and not findings:
            findings = [run.stderr.strip()]
    tree.finish(findings, len(names))


if __name__ == "__main__":
    main()
