#===- count-results.py - One line from lit's results ---------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------------===#
"""Prints `N passed, N failed[, N skipped]` from the JSON that `lit --output` wrote; exits 1 unless all is well.

A test that is expected to fail, unsupported here or excluded proves nothing and counts as skipped. A test that
passes although it is expected to fail counts as failed. No result at all is a failure.
"""
import json
import sys

PASSED = {"PASS", "FLAKYPASS"}
SKIPPED = {"XFAIL", "UNSUPPORTED", "SKIPPED", "EXCLUDED"}


def main(path):
    try:
        with open(path) as file:
            codes = [test["code"] for test in json.load(file)["tests"]]
    except (OSError, ValueError, KeyError) as error:
        print(f"count-results: {path} holds no results of lit: {error}")
        codes = []
    passed = sum(code in PASSED for code in codes)
    skipped = sum(code in SKIPPED for code in codes)
    failed = len(codes) - passed - skipped
    if passed == 0:
        failed = max(failed, 1)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
