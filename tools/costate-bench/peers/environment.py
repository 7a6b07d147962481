#===- environment.py - The virtual environment with the peers ---------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""environment.py FOLDER: made from pip. Of what PyTorch asks for, the gigabytes for GPUs are left out as far as it can be
imported without; the libraries that the loader misses are fetched one by one."""
import os
import re
import subprocess
import sys
import venv

PLAIN = ["numpy", "jax", "folx", "setuptools", "filelock", "typing_extensions", "sympy", "networkx", "jinja2", "fsspec"]
LIBRARIES = ["cufile", "cusparselt", "nvshmem", "nccl"]  # what a machine with a CUDA toolkit still lacks
REQUIRED = "import importlib.metadata as m; print('\\n'.join(r.split(';')[0] for r in m.requires('torch')))"


def main():
    # Only scripts, which nobody calls, know the folder's name: an environment that is there is complete.
    folder = sys.argv[1]
    partial = folder + ".partial"
    print(f"making the environment with the peers in {folder}", flush=True)
    venv.create(partial, with_pip=True, clear=True)
    python = os.path.join(partial, "bin", "python")
    pip = lambda *words: subprocess.run([python, "-m", "pip", "install", "--quiet", *words]).returncode == 0
    def imported():
        done = subprocess.run([python, "-c", "import torch"], capture_output=True, text=True)
        return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1].lower()

    if not pip(*PLAIN) or not pip("--no-deps", "torch"):
        return 1
    required = subprocess.run([python, "-c", REQUIRED], capture_output=True, text=True).stdout
    while error := imported():
        # libNAME.so that is not found, or a symbol nameDoes that is not in the machine's own.
        name = next((library for library in LIBRARIES if library in error), None)
        if not name:
            break
        LIBRARIES.remove(name)
        exact = re.search(rf"^nvidia-{name}\S*", required, re.MULTILINE)
        if not pip("--no-deps", exact.group() if exact else "nvidia-" + name):
            break
    if imported():
        print("torch needs more: installing all that it asks for", flush=True)
        if not pip("torch"):
            return 1
    os.rename(partial, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
