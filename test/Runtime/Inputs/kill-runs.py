#===- kill-runs.py - Runs that are killed, resumed and compared -----------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""kill-runs.py COUNT SEED COMMAND...: runs `COMMAND train FLAGS --run-dir DIR` COUNT times, kills each with SIGKILL at an
instant drawn from the seed (now and then the resumed run as well), resumes it, and compares what it leaves with what a run
leaves that was let alone: the last checkpoint bit for bit, every row of the logs but for the time, each step once."""
import collections
import importlib
import json
import os
import random
import shutil
import subprocess
import sys
import time

board = importlib.import_module("tensorboard-steps")
count, seed, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
frequency = ["--log-every", "3", "--checkpoint-every", "20", "--quiet"]


def start(folder):
    resumable = os.path.exists(folder + "/manifest.json")
    arguments = [command[0], "train", "--resume", folder] if resumable else command + ["--run-dir", folder]
    return subprocess.Popen(arguments + frequency, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def rows(folder):
    """The figures of every log, without the time, which never goes back."""
    with open(folder + "/metrics.csv") as file:
        table = [line.rstrip("\n").split(",") for line in file]
    times = [float(cells.pop(2)) for cells in table[1:]]
    assert times == sorted(times), times
    table[0].pop(2)
    with open(folder + "/metrics.jsonl") as file:
        objects = [json.loads(line) for line in file]
    for row in objects:
        del row["seconds"]
    return table, objects, board.read(folder + "/tensorboard")


def result(folder):
    checkpoints = sorted(os.listdir(folder + "/checkpoints"))
    with open(folder + "/checkpoints/" + checkpoints[-1], "rb") as file:
        return checkpoints, file.read(), rows(folder)


def stage(folder):
    """How far the killed run had come."""
    if not os.path.exists(folder + "/manifest.json"):
        return "before it was a run"
    with open(folder + "/manifest.json") as file:
        if json.load(file)["status"] == "done":
            return "after its end"
    checkpoints = [name for name in os.listdir(folder + "/checkpoints") if name.endswith(".safetensors")]
    return "while it ran" if checkpoints else "before its first checkpoint"


def main():
    instants = random.Random(seed)
    durations = []
    for _ in range(2):
        shutil.rmtree("whole", ignore_errors=True)
        begun = time.monotonic()
        run = start("whole")
        output, _ = run.communicate()
        assert run.returncode == 0, output
        durations.append(time.monotonic() - begun)
    expected = result("whole")
    stages = collections.Counter()
    for number in range(count):
        folder = "killed"
        shutil.rmtree(folder, ignore_errors=True)
        for _ in range(instants.choice([1, 1, 2])):
            run = start(folder)
            instant = instants.uniform(0, 1.1 * min(durations))
            time.sleep(instant)
            run.kill()
            run.communicate()
            stages[stage(folder)] += 1
        run = start(folder)
        output, _ = run.communicate()
        for finding in filter(None, [
                run.returncode != 0 and f"exit code {run.returncode}", "warning: checkpoint" in output and "a checkpoint is damaged",
                result(folder) != expected and "another result",
                [name for _, _, names in os.walk(folder) for name in names if name.endswith(".tmp")]]):
            sys.exit(f"kill {number} (seed {seed}, after {instant:.4f} s): {finding}\n{output}")
    print(f"{count} runs, {sum(stages.values())} kills:", ", ".join(f"{n} {name}" for name, n in sorted(stages.items())))
    print("each resumed run equals the one that was let alone")


main()
