#===- fuzz.py - Runs one fuzz target for a while ---------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Replays what was found before (Inputs/findings/TARGET), then searches for --seconds from the corpus. What is found is left
in the folder --out, and its file is named."""
import argparse
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target")
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--jobs", type=int, default=0, help="processes that go on after a finding")
    arguments = arguments.parse_args()
    out = Path(arguments.out)
    corpus = out / "corpus"
    (out / "found").mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, str(HERE / "corpus.py"), arguments.target, str(corpus)], check=True)
    limits = ["-timeout=60", "-rss_limit_mb=4096", f"-artifact_prefix={out}/found/"]
    program = f"fuzz-{arguments.target}"

    known = sorted(file for file in (HERE / "findings" / arguments.target).glob("*") if file.is_file())
    if known:
        replay = subprocess.run([program, *limits, *map(str, known)], capture_output=True, text=True, errors="replace")
        if replay.returncode:
            print(replay.stderr[-4000:])
            sys.exit(f"{program}: an earlier finding is back")
    search = [program, *limits, f"-max_total_time={arguments.seconds}", "-print_final_stats=1", "-max_len=8192", "-verbosity=1"]
    if arguments.jobs:
        search += [f"-fork={arguments.jobs}", "-ignore_crashes=1", "-ignore_timeouts=1", "-ignore_ooms=1"]
    log = out / "log"
    with open(log, "wb") as file:
        code = subprocess.run([*search, str(corpus)], stdout=file, stderr=file).returncode
    text = log.read_text(errors="replace")
    found = sorted((out / "found").iterdir())
    runs = [int(number) for number in re.findall(r"number_of_executed_units: (\d+)|^#(\d+)", text, re.MULTILINE)
            for number in number if number]
    print(f"{program}: {len(known)} known inputs, {max(runs, default=0)} runs, {len(found)} findings")
    if found or code:
        print(text[-6000:])
        print(*found, sep="\n")
        sys.exit(1)
    if not runs or "no interesting inputs" in text:
        sys.exit(f"{program}: nothing guided the search")


if __name__ == "__main__":
    main()
