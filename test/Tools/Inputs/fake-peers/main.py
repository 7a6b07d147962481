#===- main.py - A script that says what it was given ------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===--------------------------------------------------------------------------------------------------------===#
import os
import sys

names = {word: os.path.basename(value) for word, value in zip(sys.argv[1::2], sys.argv[2::2])}
print("costatec:", names["--costatec"], "runtime:", names["--runtime"], "problems:", names["--problems"])
print("own:", sys.argv[-4:])
