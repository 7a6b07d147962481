#===- adapter.py - GradBench's protocol -------------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""A tool of GradBench (github.com/gradbench/gradbench): reads a message a line from standard input and answers each.
Compilation happens before the runs that are timed, and is reported as "prepare"."""
import argparse
import json
import sys
import time
import traceback

import evals
from library import Compiler


def evaluate(compiler, message):
    """Runs a function as often and as long as the input asks for, and times each run."""
    given = message["input"]
    runs = given if isinstance(given, dict) else {}  # hello gives a number
    runs, seconds = runs.get("min_runs", 1), runs.get("min_seconds", 0)
    start = time.perf_counter_ns()
    call, finish = evals.EVALS[message["module"]](compiler, message["function"], given)
    timings = [{"name": "prepare", "nanoseconds": time.perf_counter_ns() - start}]
    elapsed = 0
    while len(timings) <= runs or elapsed < seconds * 1e9:
        start = time.perf_counter_ns()
        call()
        spent = time.perf_counter_ns() - start
        elapsed += spent
        timings.append({"name": "evaluate", "nanoseconds": spent})
    return {"success": True, "output": finish(*call.results), "timings": timings}


def answer(compiler, message):
    kind = message["kind"]
    if kind == "start":
        return {"tool": "costate"}
    if kind == "define":
        known = message["module"] in evals.EVALS
        return {"success": known} | ({} if known else {"error": f"no eval {message['module']}"})
    if kind == "evaluate":
        try:
            return evaluate(compiler, message)
        except Exception:
            return {"success": False, "error": traceback.format_exc()}
    return {}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--costatec", default="costatec", help="the compiler")
    parser.add_argument("--cache", help="a folder that keeps what is compiled")
    arguments = parser.parse_args()
    compiler = Compiler(arguments.costatec, arguments.cache)
    for line in sys.stdin:
        message = json.loads(line)
        print(json.dumps({"id": message["id"]} | answer(compiler, message)), flush=True)


if __name__ == "__main__":
    main()
