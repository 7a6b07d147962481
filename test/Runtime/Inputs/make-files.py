#===- make-files.py - The files that the tests of the runtime read --------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-----------------------------------------------------------------------------------------------------===#
"""Writes data files, good and damaged, into the current folder, without NumPy."""
import struct
import zipfile


def npy(shape, values, descr="<f8", fortran=False, code="d", version=1, order="<"):
    text = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }" % (descr, fortran, shape)
    length = 2 if version == 1 else 4
    text += " " * (63 - (8 + length + len(text)) % 64) + "\n"
    head = b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text))
    return head + text.encode() + struct.pack("%s%d%s" % (order, len(values), code), *values)


def npz(path, compression=zipfile.ZIP_STORED, **arrays):
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in arrays.items():
            # As NumPy does, members are written as if they might exceed 4 GiB.
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                member.write(data)


def damaged(source, path, offset, value=0xAA):
    data = bytearray(open(source, "rb").read())
    data[offset] ^= value
    open(path, "wb").write(data)


n = 20
x = [((7 * i) % n) / n + j * 0.25 for i in range(n) for j in range(2)]
y = [2 * x[2 * i] - 3 * x[2 * i + 1] + 0.5 for i in range(n)]
X, Y = npy((n, 2), x), npy((n, 1), y)
npz("good.npz", x=X, y=Y)
npz("deflated.npz", zipfile.ZIP_DEFLATED, x=X, y=Y)
columns = [x[2 * i + j] for j in range(2) for i in range(n)]
npz("fortran.npz", x=npy((n, 2), columns, fortran=True), y=npy((n,), y, version=2))
open("x.npy", "wb").write(X)
open("y.npy", "wb").write(Y)
npz("f32.npz", x=npy((n, 2), x, "<f4", code="f"), y=npy((n,), [int(v) for v in y], "<i8", code="q"))

npz("missing.npz", x=X)
npz("shape.npz", x=npy((n, 3), x + x[:n]), y=Y)
npz("rows.npz", x=X, y=npy((n - 1,), y[:-1]))
npz("type.npz", x=npy((n, 2), x + x, "<c16"), y=Y)
npz("big-endian.npz", x=npy((n, 2), x, ">f8", code="d", order=">"), y=npy((n,), y, ">f8", order=">"))
words = npy((n,), [ord("a")] * 3 * n, "<U3", code="I")
open("words.npy", "wb").write(words)
records = npy((1,), [1, 2], "(list)", code="q").replace(b"'(list)'", b"[('a', '<i8'), ('b', '<i8')]")
npz("more.npz", x=X, y=Y, words=words, records=records, complex=npy((n,), y + y, "<c16"))
with zipfile.ZipFile("more.npz", "a") as archive:
    archive.writestr("readme.txt", "hello")
    archive.writestr("folder/", "")
    archive.writestr("folder/z.npy", Y)
npz("huge.npz", x=X, y=npy((n,), y[:3] + [1e300] + y[4:]))
npz("short.npz", x=npy((n, 2), x[:-1]), y=Y)
npz("nan.npz", x=X, y=npy((n,), y[:3] + [float("nan")] + y[4:]))
npz("empty.npz", x=npy((0, 2), []), y=npy((0,), []))
npz("header.npz", x=X.replace(b"'shape'", b"'shade'"), y=Y)
npz("not-npy.npz", x=b"hello, this is no array", y=Y)
with zipfile.ZipFile("text.npz", "w") as archive:
    archive.writestr("readme.txt", "hello")
data = open("good.npz", "rb").read()
open("truncated.npz", "wb").write(data[: len(data) // 2])
open("nothing.npz", "wb").write(b"")
damaged("good.npz", "flipped.npz", 300)
damaged("deflated.npz", "flipped-deflated.npz", 120)
open("data.txt", "w").write("1 2 3\n")
open("cells.csv", "w").write("x[0],x[1],y\n1,2,3\n1,2\n")
open("word.csv", "w").write("x[0],x[1],y\n1,2,three\n")
open("gap.csv", "w").write("x[0],x[2],y\n1,2,3\n")
open("plain-twice.csv", "w").write("y,y\n1,2\n")
open("both-twice.csv", "w").write("y,y[0]\n1,2\n")
open("twice.csv", "w").write("x[0],x[0],y\n1,2,3\n")
open("no-header.csv", "w").write("# nothing\n")
open("name.csv", "w").write("x[0],x[1,y\n1,2,3\n")
open("capitals.csv", "w").write("X[0],X[1],y\n1,2,3\n")
open("nameless.csv", "w").write("x[0],,y\n1,2,3\n")
npz("missing-y.npz", a=Y, b=Y)
