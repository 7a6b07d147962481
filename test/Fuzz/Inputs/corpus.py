#===- corpus.py - What fuzzing starts from ---------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Writes small inputs for a fuzz target into a folder: corpus.py TARGET FOLDER. They are valid unless named
`refused-...`, or `either-...`."""
import argparse
import io
import json
import struct
import zipfile
import zlib
from pathlib import Path

import modules


def npy(dtype, shape, data, fortran=False, version=1):
    header = repr({"descr": dtype, "fortran_order": fortran, "shape": shape}).encode()
    prefix = 10 if version == 1 else 12
    header += b" " * (-(prefix + len(header) + 1) % 64) + b"\n"
    return (b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header)) + header + data)


def arrays():
    yield "f8", npy("<f8", (2, 3), struct.pack("<6d", *range(6)))
    yield "f4", npy("<f4", (4,), struct.pack("<4f", 1, -2, 0.5, 1e30))
    yield "i4", npy("<i4", (2, 2), struct.pack("<4i", 1, -2, 3, 2**31 - 1))
    yield "i8", npy("<i8", (1,), struct.pack("<q", -2**63))
    yield "fortran", npy("<f8", (2, 2), struct.pack("<4d", 1, 2, 3, 4), fortran=True)
    yield "empty", npy("<f8", (0, 3), b"")
    yield "scalar", npy("<f8", (), struct.pack("<d", 3.5))
    yield "v2", npy("<f8", (1,), struct.pack("<d", 3.5), version=2)
    yield "bool", npy("|b1", (3,), b"\0\1\1")


def archives():
    for name, method in (("stored", zipfile.ZIP_STORED), ("deflated", zipfile.ZIP_DEFLATED)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for key, content in arrays():
                archive.writestr(key + ".npy", content)
        yield name, file.getvalue()
    file = io.BytesIO()
    zipfile.ZipFile(file, "w").close()
    yield "empty", file.getvalue()


def tables():
    yield "plain", b"x,y\n1,2\n3,4.5e-3\n"
    yield "components", b"p[0],p[1],u\n0,1,2\n-1,inf,nan\n"
    yield "refused-semicolons", b"x;y\r\n1,5;2\r\n"
    yield "quoted", b'"x","y"\n"1",2\n'
    yield "mark", b"\xef\xbb\xbfx\ty\n1\t+2\n"
    yield "header", b"x\n"


def checkpoints():
    def file(header, data):
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        return struct.pack("<Q", len(text)) + text + data
    yield "two", file({"theta": {"dtype": "F64", "shape": [2], "data_offsets": [0, 16]},
                       "m": {"dtype": "F32", "shape": [2, 1], "data_offsets": [16, 24]},
                       "__metadata__": {"step": "3", "seed": "1"}}, bytes(24))
    summed = file({"m": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "__metadata__": {"crc32": "00000000"}}, bytes(4))
    summed = summed.replace(b'"crc32": "', b'"crc32":"').replace(b'00000000"}}', b'00000000"}} ')
    yield "checksum", summed.replace(b'"00000000"', b'"%08x"' % zlib.crc32(summed))
    yield "none", file({}, b"")
    yield "bytes", file({"b": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}}, b"abc")


def descriptors():
    yield "small", json.dumps({
        "schema": 1, "name": "p", "precision": "f64", "parameter_count": 2, "training": {"steps": 10, "seed": 1},
        "parameters": [{"name": "w", "shape": [2], "offset": 0, "init": {"kind": "zeros"}}],
        "states": [{"name": "m", "shape": [2], "init": 0}],
        "hypers": [{"name": "optimizer.lr", "default": 0.1, "schedule": {"kind": "step", "every": 10, "factor": 0.5}}],
        "sets": [{"name": "a", "kind": "data", "columns": [{"name": "x", "shape": [2]}]},
                 {"name": "s", "kind": "sample", "region": {"kind": "box", "lower": [0], "upper": [1]},
                  "sampler": "sobol", "count": 4, "columns": [{"name": "x", "shape": [1]}]}],
        "metrics": [{"name": "m", "kind": "objective", "set": "a"}],
        "entries": [{"name": "step", "args": [{"role": "theta"}, {"role": "column", "set": "a", "column": "x", "shape": [2]},
                                              {"role": "metrics"}]}]}).encode()


def configurations():
    yield "tables", b"[training]\nsteps = 20\nseed = \"18446744073709551615\"\n[optimizer]\nlr = 1e-3\n"
    yield "dotted", b"training.steps = 5 # a comment\noptimizer.lr = 0.5\n"
    yield "every", ("[optimizer.lr.schedule]\nsteps = 3\nthen.steps = 4\nthen.final = 0.30000000000000004\n"
                    "[optimizer.dt]\nschedule = { every = 2, factor = 1e-30 }\n"
                    "[\"a \\\"b\\\" é\"]\n\"\\t.schedule.rate\" = 1.0000001\n"
                    "[training]\nbatch = 0\nepochs = 9\nsteps = 0\nfeasibility = 1e-17\n"
                    "[points]\ncount = 1000000000000000\nresample_every = 3\n[grid]\ncount = 25\n").encode()
    yield "quoted", b"\"optimizer\" = 0.1\n\"optimizer.dt\" = -1e-30\n"
    yield "refused-types", b"a = [1, 2]\nb = {c = 'd'}\ne = 1979-05-27T07:32:00Z\n[[f]]\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("target")
    arguments.add_argument("folder")
    arguments = arguments.parse_args()
    makers = {"npy": arrays, "npz": archives, "csv": tables, "safetensors": checkpoints, "descriptor": descriptors,
              "config": configurations, "compiler": modules.modules}
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in makers[arguments.target]():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
