#===- worker.py - Contestants that only answer ------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""Answers as contestants would, without computing: Costate takes 10 ms, PyTorch's forms 50 and 40 ms with one thread; one
form of PyTorch's is wrong, one is refused; JAX is not installed. A program of kind minibatch does not run."""
import json
import os
import sys

mode, family, benchmark, *rest = sys.argv[1:]
answer = lambda **values: print(json.dumps(values), flush=True)
if benchmark == "minibatch":
    sys.exit("Segmentation fault")
if mode == "check":
    if family == "jax":
        import jax_that_is_not_there
    if family == "costate":
        answer(form="compiled", version="Costate", error=0.0)
    else:
        answer(form="autograd", version="PyTorch 0", error=1e-15)
        answer(form="functional", version="PyTorch 0", error=1e-3)
        answer(form="compiled twice", version="PyTorch 0", refused="RuntimeError: no double backward")
        answer(form="jets by hand", version="PyTorch 0", error=2e-15)
        answer(form="jets by hand, which dies", version="PyTorch 0", error=2e-15)
else:
    form = rest[0]
    if form.endswith("dies"):
        sys.exit(1)
    threads = int(os.environ["OMP_NUM_THREADS"])
    seconds = {"compiled": 0.01, "autograd": 0.05, "jets by hand": 0.04}[form] / threads
    answer(first=1.5)
    for line in sys.stdin:
        answer(**({"seconds": seconds} if line.startswith("time") else {"bytes": 2e6 if form == "compiled" else 5e7}))
