#===- fuzz.py - Runs one fuzz target for a while ---------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Reads what was found before (findings/TARGET) and what the search begins with, then searches for --seconds. A finding is said
on stderr, with the input in base64, and is left in the folder --out. What happens in no function of ours is counted as the
library's and does not fail the run."""
import argparse
import base64
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import report

HERE = Path(__file__).parent
SECONDS_OF_AN_INPUT, MEGABYTES = 120, 4096


class Search:
    def __init__(self, arguments):
        self.program = f"fuzz-{arguments.target}"
        self.out = Path(arguments.out)
        self.corpus, self.found = self.out / "corpus", self.out / "found"
        self.found.mkdir(parents=True, exist_ok=True)
        self.limits = [f"-timeout={SECONDS_OF_AN_INPUT}", f"-rss_limit_mb={MEGABYTES}", f"-artifact_prefix={self.found}/",
                       "-max_len=8192", "-print_final_stats=1", "-close_fd_mask=1"]
        self.environment = {**os.environ, "COSTATE_FUZZ_CORPUS": str(self.out / "seeds")}
        self.runs, self.guided = 0, False
        self.ours, self.theirs = {}, {}

    def run(self, options, files, environment={}):
        """The output of one process, and whether it found something."""
        command = [self.program, *self.limits, *options, *map(str, files)]
        result = subprocess.run(command, capture_output=True, env={**self.environment, **environment})
        return result.stderr.decode(errors="replace"), result.returncode != 0

    def take(self, text, content):
        """Notes a finding; says it the first time."""
        finding = report.read(text)
        side = self.ours if finding.ours else self.theirs
        side.setdefault(finding.signature, finding)
        if side[finding.signature] is finding:
            print(f"{self.program}: {'found' if finding.ours else 'found in the library'}: {finding}\n"
                  f"input in base64: {base64.b64encode(content).decode()}", file=sys.stderr, flush=True)
            (self.found / ("ours" if finding.ours else "theirs")).mkdir(exist_ok=True)
            name = re.sub(r"\W+", "-", finding.signature)[:80].strip("-")
            (self.found / ("ours" if finding.ours else "theirs") / name).write_bytes(content)

    def replay(self, files, environment={}):
        """Reads files; those that are found something with leave the corpus."""
        files = list(files)
        while files:
            text, failed = self.run([], files, environment)
            if not failed:
                return
            running = re.findall(r"^Running: (.*)$", text, re.MULTILINE)
            last = Path(running[-1]) if running else files[0]
            self.take(text, last.read_bytes())
            (self.corpus / last.name).unlink(missing_ok=True)
            files = files[files.index(last) + 1:]

    def search(self, seconds, seed, jobs):
        """Goes on after each finding, with another seed."""
        end = time.monotonic() + seconds
        while (left := int(end - time.monotonic())) > 0:
            options = [f"-seed={seed}", f"-max_total_time={left}"]
            if jobs:
                options += [f"-fork={jobs}", "-ignore_crashes=1", "-ignore_timeouts=1", "-ignore_ooms=1"]
            before = set(self.found.iterdir())
            text, failed = self.run(options, [self.corpus])
            (self.out / "log").write_text(text)
            counts = re.findall(r"^stat::number_of_executed_units: (\d+)|^#(\d+)\D", text, re.MULTILINE)
            self.runs += max((int(number) for pair in counts for number in pair if number), default=0)
            self.guided |= bool(counts) and "no interesting inputs" not in text
            artifacts = sorted(path for path in set(self.found.iterdir()) - before if path.is_file())
            if jobs:
                for artifact in artifacts:
                    self.replay([artifact])
            elif failed:
                self.take(text, artifacts[0].read_bytes() if artifacts else b"")
            if self.ours and not jobs:
                break
            seed += 1


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target")
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--seed", type=int, default=1, help="0: from the clock")
    arguments.add_argument("--jobs", type=int, default=0, help="processes that go on after a finding of ours, too")
    arguments = arguments.parse_args()
    search = Search(arguments)
    subprocess.run([sys.executable, str(HERE / "corpus.py"), arguments.target, str(search.out / "seeds")], check=True)
    search.corpus.mkdir(exist_ok=True)
    for seed in (search.out / "seeds").iterdir():
        (search.corpus / seed.name).write_bytes(seed.read_bytes())

    known = sorted(file for file in (HERE / "findings" / arguments.target).glob("*") if file.is_file())
    if known:
        search.replay(known)
    # What the search begins with is valid: a reader that refused all of it would be searched in vain.
    search.replay(sorted(seed for seed in (search.out / "seeds").iterdir() if not seed.name.startswith(("refused-", "either-"))),
                  {"COSTATE_FUZZ_VALID": "1"})
    if not search.ours or arguments.jobs:
        search.search(arguments.seconds, arguments.seed or int(time.time()), arguments.jobs)
    print(f"{search.program}: {len(known)} known inputs, {search.runs} runs, {len(search.ours)} findings, "
          f"{len(search.theirs)} in the library")
    if search.ours:
        sys.exit(1)
    if not search.guided:
        sys.exit(f"{search.program}: nothing guided the search")


if __name__ == "__main__":
    main()
