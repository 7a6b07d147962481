#===- tensorboard-steps.py - The steps in TensorBoard's files --------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""tensorboard-steps.py FOLDER: the steps of all events with figures, in the order of the files' names."""
import glob
import struct
import sys


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def fields(data):
    """(number, value) of a protocol buffer's fields."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            length, at = varint(data, at) if key & 7 == 2 else ({1: 8, 5: 4}[key & 7], at)
            value, at = data[at : at + length], at + length
        yield key >> 3, value


def steps(path):
    data = open(path, "rb").read()
    at = 0
    while at < len(data):
        (length,) = struct.unpack("<Q", data[at : at + 8])
        assert at + 16 + length <= len(data), "a record is cut short"
        event = dict(fields(data[at + 12 : at + 12 + length]))
        at += 16 + length
        if 5 in event:
            yield event[2]


def read(folder):
    return [step for path in sorted(glob.glob(folder + "/events.out.tfevents.*")) for step in steps(path)]


if __name__ == "__main__":
    print(*read(sys.argv[1]))
