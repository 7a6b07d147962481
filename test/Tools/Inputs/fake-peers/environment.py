#===- environment.py - An environment without packages ----------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
"""An environment that is the Python at hand; one whose folder is named `broken` cannot be made."""
import os
import sys

folder = sys.argv[1]
print("making", os.path.basename(folder), flush=True)
if folder.endswith("broken"):
    sys.exit("no network")
os.makedirs(os.path.join(folder, "bin"))
os.symlink(sys.executable, os.path.join(folder, "bin", "python"))
