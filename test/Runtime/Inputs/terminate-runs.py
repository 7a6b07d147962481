#===- terminate-runs.py - Runs that are asked to stop at random instants -------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""terminate-runs.py COUNT SEED COMMAND...: a run that SIGTERM meets before it has a folder leaves none; later it stops with exit
code 130 and a checkpoint, or is finished, and its manifest says which."""
import json
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

count, seed, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
folder, generator, found = Path("terminated"), random.Random(seed), Counter()
arguments = [*command, "--quiet", "--run-dir", str(folder)]
began = time.monotonic()
subprocess.run(arguments, check=True, capture_output=True)
lasts = time.monotonic() - began
for i in range(count):
    shutil.rmtree(folder)
    run = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # Early, late and in between.
    if i % 3 == 0:
        while run.poll() is None and not folder.exists():
            pass
    elif i % 3 == 1:
        while run.poll() is None and not (folder / "pred.npz").exists():
            pass
    else:
        time.sleep(generator.uniform(0, lasts))
    run.terminate()
    _, said = run.communicate()
    code = run.returncode
    if code == -15 and not folder.exists():
        found["before there was a folder"] += 1
        folder.mkdir()
        continue
    manifest = json.loads((folder / "manifest.json").read_text())
    checkpoints = len(list((folder / "checkpoints").iterdir()))
    wanted = {130: "interrupted", 0: "done"}.get(code)
    if manifest["status"] != wanted or not checkpoints or list(folder.rglob("*.tmp")):
        print(f"run {i}: exit code {code}, status {manifest['status']}, {checkpoints} checkpoints, {sorted(folder.iterdir())}\n{said}")
        found["wrong"] += 1
        continue
    if code == 0 and not (folder / "report.html").exists():
        found["wrong"] += 1
    found[wanted] += 1
print(", ".join(f"{number} {what}" for what, number in sorted(found.items())))
print(f"wrong: {found['wrong']}")
