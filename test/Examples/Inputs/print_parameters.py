#!/usr/bin/env python3
#===- print_parameters.py - A parameter of the last checkpoint of a run -----------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""usage: print_parameters.py RUN_DIR NAME"""
import json
import struct
import sys
from pathlib import Path

data = max(Path(sys.argv[1], "checkpoints").glob("*.safetensors")).read_bytes()
length = struct.unpack("<Q", data[:8])[0]
entry = json.loads(data[8:8 + length])[sys.argv[2]]
begin, end = entry["data_offsets"]
kind = {"F32": "f", "F64": "d"}[entry["dtype"]]
values = struct.unpack(f"<{(end - begin) // struct.calcsize(kind)}{kind}", data[8 + length + begin:8 + length + end])
print(*(f"{value:.3f}" for value in values))
