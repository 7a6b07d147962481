#!/usr/bin/env python3
#===- other_compiler.py - Compilers with a fault, for the test of the test -----------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Stands for costatec: what is to go wrong is the name of the file that this is called by."""
import os
import signal
import subprocess
import sys
from pathlib import Path

fault, source = Path(sys.argv[0]).name, Path(sys.argv[2])
if fault == "subtracts":
    source.write_text(source.read_text().replace("arith.addf", "arith.subf"))
elif fault == "dies":
    os.kill(os.getpid(), signal.SIGABRT)
elif fault == "says-nothing":
    sys.exit(1)
elif fault == "not-loaded":
    Path(sys.argv[4]).write_text("")
    sys.exit(0)
sys.exit(subprocess.run(["costatec", *sys.argv[1:]], check=False).returncode)
