#===- damage-checkpoint.py - A checkpoint that is wrong in one way --------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Writes damaged variants of a checkpoint into the current folder."""
import json
import os
import re
import struct
import sys
import zlib

data = open(sys.argv[1], "rb").read()
length = struct.unpack("<Q", data[:8])[0]
header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
assert length % 8 == 0 and sum(t["data_offsets"][1] - t["data_offsets"][0] for n, t in header.items() if n[0] != "_") == len(body)


def write(name, content):
    open(name + ".safetensors", "wb").write(content)


def sealed(content):
    """The content with its checksum: of everything, with zeros in its own place."""
    found = re.search(rb'"crc32":"(?=[0-9a-f]{8}")', content)
    if not found:
        return content
    start = found.end()
    crc = zlib.crc32(content[:start] + b"00000000" + content[start + 8 :])
    return content[:start] + b"%08x" % crc + content[start + 8 :]


def variant(name, change, body=body):
    new = json.loads(json.dumps(header))
    change(new)
    text = json.dumps(new, separators=(",", ":")).encode()
    write(name, sealed(struct.pack("<Q", len(text)) + text + body))


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
variant("no-checksum", lambda h: h["__metadata__"].pop("crc32"))
variant("foreign", lambda h: h.update(__metadata__={"step": "7"}))
variant("odd-checksum", lambda h: h["__metadata__"].update(crc32="1234"))
variant("infinite", lambda h: None, body[:8] + struct.pack("<d", float("inf")) + body[16:])
assert sealed(data) == data, "the checksum is not that of zlib"
# Of every bit, one file.
os.makedirs("flips", exist_ok=True)
for bit in range(0, 8 * len(data), 7):
    flipped = bytearray(data)
    flipped[bit // 8] ^= 1 << bit % 8
    write("flips/step-%08d" % bit, flipped)
