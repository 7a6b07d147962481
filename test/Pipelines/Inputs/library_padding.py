#===- library_padding.py - Padding by any amounts, in a library --------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===-------------------------------------------------------------------------------------------------------===#
"""tensor.pad by amounts from -4 to 4: constant, as arguments between static shapes, and as arguments of a tensor whose
size is unknown; padded by an argument, or by what is computed from the place. Writes them, or checks a library."""
import ctypes
import sys

N = 4
AMOUNTS = [(low, high) for low in range(-4, 5) for high in range(-4, 5)]
BODY = """ {
  ^bb0(%i: index):
    %k = arith.index_cast %i : index to i64
    %s = arith.sitofp %k : i64 to f64
    %p = arith.mulf %s, %v : f64
    tensor.yield %p : f64
  }"""
PLAIN = " {\n  ^bb0(%i: index):\n    tensor.yield %v : f64\n  }"


def cases():
    """Amounts that leave a result; each static, and as arguments."""
    return [(low, high) for low, high in AMOUNTS if N + low + high > 0]


def sign(value):
    return f"m{-value}" if value < 0 else f"p{value}"


def write():
    for low, high in cases():
        size = N + low + high
        for kind, body in (("value", PLAIN), ("place", BODY)):
            print(f"func.func @{kind}_{sign(low)}_{sign(high)}(%x: tensor<{N}xf64>, %v: f64) -> tensor<{size}xf64> {{\n"
                  f"  %y = tensor.pad %x low[{low}] high[{high}]{body} : tensor<{N}xf64> to tensor<{size}xf64>\n"
                  f"  return %y : tensor<{size}xf64>\n}}")
    for size in sorted({N + low + high for low, high in cases()}):
        print(f"func.func @into_{size}(%x: tensor<{N}xf64>, %v: f64, %l: index, %h: index) -> tensor<{size}xf64> {{\n"
              f"  %y = tensor.pad %x low[%l] high[%h]{BODY} : tensor<{N}xf64> to tensor<{size}xf64>\n"
              f"  return %y : tensor<{size}xf64>\n}}")
    print(f"""func.func @dynamic(%x: tensor<{N}xf64>, %v: f64, %l: index, %h: index) -> tensor<{3 * N}xf64> {{
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %none = arith.constant dense<-1.0> : tensor<{3 * N}xf64>
  %y = tensor.pad %x low[%l] high[%h]{PLAIN} : tensor<{N}xf64> to tensor<?xf64>
  %n = tensor.dim %y, %c0 : tensor<?xf64>
  %r = scf.for %j = %c0 to %n step %c1 iter_args(%t = %none) -> tensor<{3 * N}xf64> {{
    %e = tensor.extract %y[%j] : tensor<?xf64>
    %w = tensor.insert %e into %t[%j] : tensor<{3 * N}xf64>
    scf.yield %w : tensor<{3 * N}xf64>
  }}
  return %r : tensor<{3 * N}xf64>
}}""")


def pad(x, low, high, value):
    """From what is endless on both sides."""
    return [x[i] if 0 <= i < len(x) else value(i + low) for i in range(-low, len(x) + high)]


def check(path):
    library = ctypes.CDLL(path)
    x, v = [1.5, 2.5, 3.5, 4.5], 10.0
    wrong = []

    def call(name, size, *amounts):
        source = (ctypes.c_double * N)(*x)
        result = (ctypes.c_double * (size + 2))(*[-7.0] * (size + 2))
        place = ctypes.cast(ctypes.byref(result, 8), ctypes.POINTER(ctypes.c_double))
        getattr(library, name)(source, ctypes.c_double(v), *(ctypes.c_int64(a) for a in amounts), place)
        if result[0] != -7.0 or result[size + 1] != -7.0:
            wrong.append(f"{name} writes beside its result")
        return list(result)[1:size + 1]

    for low, high in cases():
        size = N + low + high
        constant, place = pad(x, low, high, lambda i: v), pad(x, low, high, lambda i: i * v)
        for name, found, expected in (
            ("value", call(f"value_{sign(low)}_{sign(high)}", size), constant),
            ("place", call(f"place_{sign(low)}_{sign(high)}", size), place),
            ("into", call(f"into_{size}", size, low, high), place),
            ("dynamic", call("dynamic", 3 * N, low, high)[:size], constant)):
            if found != expected:
                wrong.append(f"{name} by {low}, {high}: {found}, expected {expected}")
    print(f"{len(cases())} paddings, wrong: {'; '.join(wrong) or 'none'}")


if __name__ == "__main__":
    write() if sys.argv[1] == "write" else check(sys.argv[2])
