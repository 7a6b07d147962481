#===- mutate.py - Which changes of the code the tests notice ---------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""A mutation run. All mutants of the chosen libraries are compiled into one program and chosen by the environment;
each test runs once to see which of them it reaches; then each mutant of a sample runs the tests that reach it, the
cheapest first, until one fails. The sources are rewritten in place: give a clone of its own, built by Ninja.

  mutate.py --root CLONE build     write the mutants into the sources, and compile those that do
  mutate.py --root CLONE reach     run the tests once, and note what they reach
  mutate.py --root CLONE run       run a sample; what is in the record already is not run again
  mutate.py --root CLONE report    count, and list the survivors
"""
import argparse
import collections
import json
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

from sites import instrument, sites

BINARIES = ["costate-opt", "costatec", "costate-run"]
OLD_TIMES = ".lit_test_times.txt"


class Mutation:
    def __init__(self, arguments):
        self.arguments = arguments
        self.root = Path(arguments.root).resolve()
        self.folder = self.root / "build" / "mutants"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.sources = {}
        self.all = {}
        listing = self.git("ls-files", *(f"lib/{name}/*.cpp" for name in arguments.libraries)).split()
        for name in listing:
            self.sources[name] = self.git("show", f"HEAD:{name}")
            for site in sites(self.sources[name]):
                self.all[len(self.all) + 1] = (name, site)

    def git(self, *command):
        return subprocess.run(["git", "-C", str(self.root), *command], check=True, capture_output=True, text=True).stdout

    def line(self, number):
        name, site = self.all[number]
        return self.sources[name].count("\n", 0, site.start) + 1

    def place(self, number):
        name, site = self.all[number]
        return {"mutant": number, "file": name, "line": self.line(number), "kind": site.kind,
                "text": " ".join(self.sources[name][site.start:site.end].split())[:100]}

    def read(self, name, default):
        path = self.folder / name
        return json.loads(path.read_text()) if path.exists() else default

    def write(self, name, value):
        (self.folder / name).write_text(json.dumps(value))

    # Compiling: what does not compile is left out by its line, first the kinds that are delicate.

    def build(self):
        dropped = set(self.read("dropped", []))
        header = '#include "' + str(Path(__file__).resolve().parent / "mutants.h") + '" '
        for _ in range(12):
            kept = collections.defaultdict(list)
            for number, (name, site) in self.all.items():
                if number not in dropped:
                    kept[name].append((number, site))
            for name, source in self.sources.items():
                # On the first line, which is a comment, so that the numbers of the lines stay.
                text = header + instrument(source, kept[name])
                if (self.root / name).read_text() != text:
                    (self.root / name).write_text(text)
            objects = [self.object(name) for name in self.sources]
            built = subprocess.run(["ninja", "-C", "build", "-k", "0", *objects], cwd=self.root, capture_output=True,
                                   text=True, env=dict(os.environ, CCACHE_DISABLE="1"))
            (self.folder / "build.log").write_text(built.stdout)
            if built.returncode == 0:
                break
            wrong = set()
            for name, line in re.findall(r"^(?:.*/)?(lib/[\w/]+\.cpp):(\d+):\d+: (?:error|note)", built.stdout, re.M):
                near = [n for n, _ in kept[name] if self.line(n) == int(line)]
                delicate = [n for n in near if re.match("operator|constant", self.all[n][1].kind)]
                wrong |= set(delicate or near)
            if not wrong:
                sys.exit(built.stdout[-6000:])
            dropped |= wrong
            self.write("dropped", sorted(dropped))
            print(len(dropped), "do not compile", flush=True)
        subprocess.run(["ninja", "-C", "build", *BINARIES], cwd=self.root, check=True)
        print(len(self.all), "mutants,", len(self.all) - len(dropped), "compiled")

    def object(self, name):
        library = Path(name).parent.name
        return f"lib/{library}/CMakeFiles/Costate{library}.dir/{Path(name).name}.o"

    # Running.

    def lit(self, tests, seconds, **environment):
        """Whether the tests pass; with a bound on time and memory."""
        def limits():
            os.setsid()
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        command = [self.arguments.lit, "-q", "--max-failures=1", "-j", str(self.arguments.jobs),
                   *(f"build/test/{test}" for test in tests)]
        process = subprocess.Popen(command, cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   preexec_fn=limits, env=dict(os.environ, **environment))
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return "timeout"
        failed = re.search(r"^\s+Costate :: (\S+)", output, re.M)
        return None if process.returncode == 0 else failed[1] if failed else "failed"

    def tests(self):
        times = {}
        for line in (self.root / "build/test" / OLD_TIMES).read_text().splitlines():
            seconds, name = line.split(" ", 1)
            if name.split("/")[0] in self.arguments.folders and (self.root / "test" / name).exists():
                times[name] = float(seconds)
        return {name: times[name] for name in sorted(times, key=times.get) if times[name] <= self.arguments.seconds}

    def reach(self):
        reached = self.read("reached", {})
        log = self.folder / "log"
        for name in self.tests():
            if name in reached:
                continue
            log.unlink(missing_ok=True)
            start = time.time()
            failed = self.lit([name], 900, MUTANTS_REACHED=str(log))
            data = log.read_bytes() if log.exists() else b""
            numbers = sorted({int.from_bytes(data[i:i + 4], sys.byteorder) for i in range(0, len(data), 4)})
            reached[name] = {"seconds": round(time.time() - start, 1), "passes": not failed, "mutants": numbers}
            if failed:
                print("fails without a mutant:", name, flush=True)
            self.write("reached", reached)
        print(len(reached), "tests reach", len({n for test in reached.values() for n in test["mutants"]}), "mutants")

    def results(self):
        path = self.folder / "results.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def sample(self):
        dropped = set(self.read("dropped", []))
        numbers = [number for number in self.all if number not in dropped]
        random.Random(self.arguments.seed).shuffle(numbers)
        return numbers[:self.arguments.count]

    def run(self):
        reached = {name: test for name, test in self.read("reached", {}).items() if test["passes"]}
        tried = collections.defaultdict(set)
        killed = set()
        for result in self.results():
            tried[result["mutant"]] |= set(result["tests"])
            killed |= {result["mutant"]} if result["killed"] else set()
        chosen = self.arguments.only or self.sample()
        for number in chosen:
            tests = [name for name, test in reached.items() if number in test["mutants"] and
                     name not in tried[number] and test["seconds"] <= self.arguments.seconds]
            tests.sort(key=lambda name: reached[name]["seconds"])
            if number in killed or (number in tried and not tests):
                continue
            failed, done, budget = None, [], self.arguments.budget
            while len(done) < len(tests) and not failed and budget > 0:
                batch = tests[len(done):len(done) + (4 if not done else 12)]
                cost = sum(reached[name]["seconds"] for name in batch)
                start = time.time()
                failed = self.lit(batch, 60 + 10 * cost, MUTANT=str(number))
                budget -= time.time() - start
                done += batch
            result = self.place(number) | {"killed": failed, "tests": done, "left": len(tests) - len(done)}
            with open(self.folder / "results.jsonl", "a") as file:
                file.write(json.dumps(result) + "\n")
            print(number, result["file"], result["line"], result["kind"], failed or "SURVIVES", len(done), flush=True)

    def report(self):
        results = {}
        for result in self.results():
            old = results.get(result["mutant"], {"tests": []})
            results[result["mutant"]] = result | {"tests": old["tests"] + result["tests"]}
        survivors = [result for result in results.values() if not result["killed"]]
        dropped = len(self.read("dropped", []))
        print(f"{len(self.all)} mutants, {len(self.all) - dropped} compiled, {len(results)} run, "
              f"{len(results) - len(survivors)} killed, {len(survivors)} survive, "
              f"{sum(not result['tests'] for result in survivors)} of them reached by no test")
        for result in sorted(survivors, key=lambda result: (result["file"], result["line"])):
            print(f"{result['mutant']} {result['file']}:{result['line']}: {result['kind']}: {result['text']} "
                  f"({len(result['tests'])} tests, {result['left']} left)")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=["build", "reach", "run", "report"])
    arguments.add_argument("--root", required=True)
    arguments.add_argument("--libraries", nargs="+", default=["Constraints", "Differentiation", "Batching"])
    arguments.add_argument("--folders", nargs="+",
                           default=["Batching", "Constraints", "Differentiation", "Dialect", "Pipelines", "Tools"])
    arguments.add_argument("--seconds", type=float, default=20, help="leave tests out that take longer")
    arguments.add_argument("--budget", type=float, default=300, help="seconds of tests for one mutant")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--count", type=int, default=100)
    arguments.add_argument("--only", type=int, nargs="+", help="these mutants, not the sample")
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--lit", default="/usr/lib/llvm-22/bin/lit")
    arguments = arguments.parse_args()
    getattr(Mutation(arguments), arguments.what)()


if __name__ == "__main__":
    main()
