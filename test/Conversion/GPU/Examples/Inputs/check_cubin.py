#===- check_cubin.py - Machine code is whole --------------------------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""check_cubin.py A.cubin B.cubin KERNELS.ptx: both hold every kernel of the PTX, and no undefined symbol."""
import re
import struct
import sys


def symbols(path):
    """Name and section of every symbol of a 64-bit little-endian ELF file for CUDA."""
    data = open(path, "rb").read()
    assert data[:6] == b"\x7fELF\x02\x01", f"{path} is no ELF file"
    assert struct.unpack_from("<H", data, 18)[0] == 190, f"{path} is not for a CUDA device"
    table, = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + i * size) for i in range(count)]
    for section in sections:
        if section[1] != 2:  # SHT_SYMTAB
            continue
        strings = sections[section[6]][4]
        for at in range(section[4] + 24, section[4] + section[5], 24):
            name, _, _, where = struct.unpack_from("<IBBH", data, at)
            yield data[strings + name:data.index(b"\0", strings + name)].decode(), where


text = open(sys.argv[3]).read()
kernels = re.findall(r"\.entry (\w+)\(", text)
assert kernels, "the PTX has no kernel"
assert not re.search(r"\.extern|__nv_", text), "the PTX leaves a function open"
for cubin in sys.argv[1:3]:
    found = dict(symbols(cubin))
    for kernel in kernels:
        assert found.get(kernel), f"{cubin} lacks {kernel}"
    # Names that begin with .nv. are the driver's own.
    undefined = [name for name, section in found.items() if section == 0 and name and not name.startswith(".nv.")]
    assert not undefined, f"{cubin} leaves open: {', '.join(undefined)}"
