#===- gradbench.py - GradBench's evals beside the suite's other tools -------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Times the evals of GradBench (a checkout of github.com/gradbench/gradbench) as compiled by Costate beside the suite's
hand-written C++ derivatives, ADOL-C, JAX and PyTorch: on the inputs that the suite generates, which it validates, on one
processor, by turns. Each time is the median of all runs; a ratio is Costate's time divided by the other's."""
import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ADAPTER = os.path.join(HERE, "..", "..", "test", "GradBench", "adapter.py")
# Up to middle sizes: what the eval is asked for.
SIZES = {
    "ba": ["--max", "4"], "det": ["-l", "5", "7", "9"], "gmm": ["-d", "2", "10", "32", "-k", "5", "25"], "hello": [],
    "ht": ["--max", "5", "--model", "small"], "kmeans": ["-k", "10", "100", "-n", "1000", "10000"],
    "llsq": ["-n", "16", "256", "4096"], "lse": ["-n", "2500", "40000", "640000"],
    "lstm": ["-l", "2", "4", "-c", "1024", "4096"], "ode": ["-n", "1000", "10000", "-s", "1", "10", "100"],
    "particle": [], "saddle": [],
}
PEERS = ["manual", "adol-c", "jax", "pytorch"]
# JAX computes in the background; the suite's wrapper does not wait for it, this one does.
JAX = """
import runpy, sys, jax
from gradbench import wrap
runs = wrap.multiple_runs
wrap.multiple_runs = lambda **options: lambda function: runs(**options)(lambda x: jax.block_until_ready(function(x)))
sys.argv = [sys.argv[1]]
sys.path.insert(0, sys.argv[0].rsplit("/", 1)[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""
NEEDED = ["numpy", "scipy", "pydantic", "dataclasses_json"]


class Tool:
    """A process that speaks the protocol, with the messages of one eval."""

    def __init__(self, name, command, suite, environment):
        self.name, self.problem = name, None
        self.process = subprocess.Popen(command, cwd=suite, env=environment, text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE if name != "costate" else None)

    def ask(self, message):
        """The answer, or none if the process has ended."""
        try:
            self.process.stdin.write(json.dumps(message) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if line:
            return json.loads(line)
        self.problem = (self.process.stderr.read() if self.process.stderr else "").strip().split("\n")[-1] or "ended"
        return None

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def times(answer):
    return [timing["nanoseconds"] for timing in answer["timings"] if timing["name"] == "evaluate"]


def last_line(text):
    """What an error comes down to; make says at last that it leaves a folder."""
    lines = [line for line in text.strip().split("\n") if not line.startswith("make: Leaving")]
    return lines[-1].removeprefix("make: ")[:100] if lines else ""


def duration(nanoseconds):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.0f} ns"


def run(name, arguments, environment):
    """One eval: prints its rows; whether every output of Costate was valid."""
    suite = os.path.abspath(arguments.suite)
    cpp = lambda tool: [arguments.python, "python/gradbench/gradbench/cpp.py", tool]
    script = lambda tool: f"python/gradbench/gradbench/tools/{tool}/run.py"
    commands = {"costate": [arguments.python, ADAPTER, "--costatec", arguments.costatec], "manual": cpp("manual"),
                "adol-c": cpp("adol-c"), "jax": [arguments.python, "-c", JAX, script("jax")],
                "pytorch": [arguments.python, script("pytorch")]}
    tools, valid = [], True
    evaluation = subprocess.Popen(
        [arguments.python, f"python/gradbench/gradbench/evals/{name}/run.py", *(arguments.sizes or SIZES[name])],
        cwd=suite, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for line in evaluation.stdout:
        message = json.loads(line)
        answer = {"id": message["id"]}
        if message["kind"] == "define":
            # cpp.py makes the program of an eval here; the golden one is that of `manual`.
            for peer in ["costate"] + arguments.peers:
                tool = Tool(peer, commands[peer], suite, environment)
                tool.ask({"id": 0, "kind": "start", "eval": name})
                defined = tool.ask(message)
                if defined and defined["success"]:
                    tools.append(tool)
                else:
                    why = tool.problem or last_line(defined.get("error", "not supported"))
                    print(f"{name}: no {peer}: {why}", flush=True)
                    tool.close()
            answer["success"] = bool(tools) and tools[0].name == "costate"
        elif message["kind"] == "evaluate":
            answer = compare(name, message, tools, arguments)
        elif message["kind"] == "analysis" and not message["valid"]:
            valid = False
            print(f"{name}: not valid: {message.get('error', '')}", flush=True)
        evaluation.stdin.write(json.dumps(answer) + "\n")
        evaluation.stdin.flush()
    for tool in tools:
        tool.close()
    return evaluation.wait() == 0 and valid


def compare(name, message, tools, arguments):
    """Asks all tools by turns, prints a row, and returns Costate's last answer."""
    if isinstance(message["input"], dict):
        message["input"] |= {"min_runs": 1, "min_seconds": arguments.seconds}
    spent, first = {}, None
    for _ in range(arguments.rounds):
        for tool in [tool for tool in tools if not tool.problem]:
            answer = tool.ask(message)
            if answer and answer["success"]:
                spent.setdefault(tool.name, []).extend(times(answer))
                if tool.name == "costate":
                    first = answer
            elif tool.name == "costate":
                return answer
            else:
                error = tool.problem or last_line(answer.get("error", ""))
                print(f"{name} {message['function']}: {tool.name} failed: {error}")
                spent[tool.name] = []
                if answer:
                    tool.problem = "failed"
    for tool in tools:
        tool.problem = None if tool.problem == "failed" else tool.problem
    medians = {tool: statistics.median(values) for tool, values in spent.items() if values}
    mine = medians["costate"]
    row = f"{name:8} {message['function']:9} {message.get('description', ''):24} {duration(mine):>9}"
    for peer in arguments.peers:
        cell = f"{duration(medians[peer])} {mine / medians[peer]:.2f}" if peer in medians else "-"
        row += f"  {cell:>14}"
    others = [medians[peer] for peer in arguments.peers if peer in medians and peer != "manual"]
    if message["function"] not in ("primal", "objective", "cost", "square"):
        if "manual" in medians:
            row += f"  manual {'met' if mine <= 1.2 * medians['manual'] else 'MISSED'}"
        if others:
            row += f"  others {'met' if mine <= 0.5 * min(others) else 'MISSED'}"
    print(row, flush=True)
    return first


def main():
    parser = argparse.ArgumentParser(prog="costate-bench gradbench", description=__doc__)
    parser.add_argument("--suite", required=True, help="a checkout of GradBench")
    parser.add_argument("--eval", action="append", choices=sorted(SIZES), help="only this one (may be given again)")
    parser.add_argument("--sizes", nargs=argparse.REMAINDER,
                        help="last: what the eval is asked for, in the words of its run.py, instead of middle sizes")
    parser.add_argument("--peers", nargs="*", default=PEERS, choices=PEERS)
    parser.add_argument("--rounds", type=int, default=3, help="how often each tool has its turn (3)")
    parser.add_argument("--seconds", type=float, default=0.1, help="how long a turn is at least (0.1)")
    parser.add_argument("--python", default=sys.executable,
                        help="the Python that has what the suite needs, and JAX and PyTorch where they are to be compared")
    parser.add_argument("--processor", type=int, default=0, help="the processor that all run on (0)")
    parser.add_argument("--costatec", default="costatec")
    arguments = parser.parse_args()
    if not os.path.isdir(os.path.join(arguments.suite, "python", "gradbench")):
        parser.error(f"--suite {arguments.suite}: no checkout of GradBench")
    if arguments.sizes and len(arguments.eval or []) != 1:
        parser.error("--sizes needs one --eval")
    missing = [module for module in NEEDED if subprocess.run(
        [arguments.python, "-c", f"import {module}"], stderr=subprocess.DEVNULL).returncode]
    if missing:
        parser.error(f"{arguments.python} lacks what the suite's evals need: pip install {' '.join(missing)}")
    os.sched_setaffinity(0, {arguments.processor})
    environment = os.environ | {
        "PYTHONPATH": os.path.join(os.path.abspath(arguments.suite), "python", "gradbench"), "OMP_NUM_THREADS": "1",
        "JAX_PLATFORMS": "cpu", "CUDA_VISIBLE_DEVICES": "", "PYTHONDONTWRITEBYTECODE": "1",
        "CPLUS_INCLUDE_PATH": os.pathsep.join(["/usr/include/nlohmann", os.environ.get("CPLUS_INCLUDE_PATH", "")])}
    print(f"{'eval':8} {'function':9} {'input':24} {'costate':>9}" + "".join(f"  {peer:>14}" for peer in arguments.peers))
    results = [run(name, arguments, environment) for name in arguments.eval or sorted(SIZES) if name != "hello" or arguments.eval]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
