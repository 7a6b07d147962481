#===- damage-checkpoint.py - A checkpoint that is wrong in one way --------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Writes damaged variants of a checkpoint into the current folder."""
import json
import struct
import sys

data = open(sys.argv[1], "rb").read()
length = struct.unpack("<Q", data[:8])[0]
header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
assert length % 8 == 0 and sum(t["data_offsets"][1] - t["data_offsets"][0] for n, t in header.items() if n[0] != "_") == len(body)


def write(name, content):
    open(name + ".safetensors", "wb").write(content)


def variant(name, change):
    new = json.loads(json.dumps(header))
    change(new)
    text = json.dumps(new).encode()
    write(name, struct.pack("<Q", len(text)) + text + body)


write("tiny", data[:5])
write("long", struct.pack("<Q", 1 << 50) + data[8:])
write("cut-header", data[:40])
write("cut-data", data[:-8])
write("extra", data + bytes(8))
write("json", data[:8] + b"x" + data[9:])
variant("type", lambda h: h["line.weight"].update(dtype="F65"))
variant("shape", lambda h: h["line.weight"].update(shape=[2, 1]))
variant("negative", lambda h: h["line.weight"].update(shape=[-1, 2]))
variant("offsets", lambda h: h["line.weight"].update(data_offsets=[0, 8]))
variant("gap", lambda h: (h.pop("state/sgd.velocity"), h["line.bias"].update(data_offsets=[24, 32])))
variant("missing", lambda h: h.update({"line.other": h.pop("line.bias")}))
variant("step", lambda h: h["__metadata__"].pop("step"))
write("list", struct.pack("<Q", 2) + b"[]")
