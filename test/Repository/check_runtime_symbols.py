#===- check_runtime_symbols.py - The runtime's archive needs nothing of LLVM ----------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Reads the symbols of libcostate_rt.a: none may belong to LLVM or MLIR."""
import argparse
import subprocess

import tree

FORBIDDEN = ("4llvm", "4mlir", "LLVM", "mlirContext", "_mlir_")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nm", required=True)
    parser.add_argument("archive")
    arguments = parser.parse_args()
    run = subprocess.run([arguments.nm, "--format=posix", arguments.archive], check=True, capture_output=True, text=True)
    symbols = [line.split()[0] for line in run.stdout.splitlines() if line and not line.endswith(":")]
    findings = [f"{symbol}: a symbol of LLVM or MLIR" for symbol in sorted(set(symbols))
                if any(part in symbol for part in FORBIDDEN)]
    tree.finish(findings, len(symbols))


if __name__ == "__main__":
    main()
