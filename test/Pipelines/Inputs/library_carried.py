#===- library_carried.py - The functions of library-carried.mlir, computed again --------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""Functions are written on complex numbers, so that f(x + ih) gives a derivative without cancellation."""
import ctypes
import sys
from cmath import cos, sin

from library import call, differ


def each(f, *tensors):
    return [f(*e) for e in zip(*tensors)]


def add(x, y):
    return each(lambda a, b: a + b, x, y)


def times(x, y):
    return each(lambda a, b: a * b, x, y)


def both_read(p, q, n):
    for _ in range(n):
        p, q = each(sin, q), add(p, q)
    return p, q


def swapped(p, q, n):
    return (p, q) if n % 2 == 0 else (q, p)


def newest(p, u, n):
    for _ in range(n):
        p, u = u, each(lambda e, o: 1.9 * sin(e) - o, u, p)
    return u, p


def turned(a, b, n):
    p, q, s, t, u, v = a, b, add(a, b), a, b, add(a, b)
    for _ in range(n):
        w = each(sin, add(add(times(t, p), v), u))
        p, q, s, t, u, v = q, s, w, w, a, [0.5, 0.25]
    return add(p, u), add(times(q, v), times(s, t))


def nested(p, q, n):
    for _ in range(n):
        u, v = q, p
        for _ in range(n):
            u, v = v, add(each(sin, v), p)
        p, q = u, v
    return p, q


def branches(p, q, n):
    for _ in range(n):
        if p[0].real > 0.5:
            p, q = q, add(p, q)
        else:
            p, q = each(cos, p), add([q[0], p[0]], q)
    return p, q


def while_computed(x, limit):
    while x[0].real < limit:
        m = add(x, x)
        x = add(each(sin, m), m)
    return (add(x, x),)


def while_others(x, y, n):
    for i in range(n + 1):
        z, u = [y[0], x[1]], each(cos, x)
        if i == n:
            return y, z, u
        x, y = z, [y[0] + u[1]]


def while_swapped(x, y, n):
    for _ in range(n):
        x, y = y, add(each(sin, y), x)
    return y, x


def crossed(a, b, n):
    s = add(a, b)
    u = each(sin, s)
    return (u, s) if n < 2 else (times(u, b), u)


def crossed_carried(p, q, n):
    for i in range(n):
        u = each(cos, p)
        v = each(sin, u)
        s = (q, u, p) if i < 2 else (u, v, q)
        p, q = add(add(s[2], p), s[1]), s[0]
    return q, p


def growing(a, b, n):
    for _ in range(n):
        a = a + each(sin, a)
    middle = len(a) // 2
    return a[middle - 1:middle + 1], add(a[-2:], b)


def grown(a, n):
    for _ in range(n):
        a = a + each(sin, a)
    return ([sum(a)],)


def while_shrinking(x, y, n):
    b = y
    for i in range(n + 1):
        part = x[:i % 2 + 1]
        if i == n:
            return part + b[len(part):], add(y, x)
        x, y = each(sin, part) + y[len(part):], x


def at_once(a, b, n):
    return (add(a[::-1], each(sin, b)), a[::-1]) if n else (a, b)


def turned_at_once(a, b, n):
    return each(sin, a[::-1]), times(b, b)


def affine_loop(p, q, n):
    for _ in range(n):
        p, q = q, add(p, q)
    return p, q


def reduced_at_once(a, b, n):
    p, q = a, b
    for _ in range(n):
        p, q = add(p, b), times(q, a)
    return p, q


def affine_condition(a, b, n):
    return (b, a) if n >= 2 else (each(sin, a), b)


def backwards(function, a, b, n, da, db):
    """The cotangent of each element of the arguments, by one complex step in it."""
    step, point, result = 1e-150, a + b, []
    for i in range(len(point)):
        moved = [x + step * 1j * (k == i) for k, x in enumerate(point)]
        ends = function(moved[:2], moved[2:], n)
        result.append(sum(d * e.imag for d, e in zip(da + db, ends[0] + ends[1])) / step)
    return result[:2], result[2:]


A, B, DA, DB = [0.5, -0.75], [0.625, 0.375], [1.5, -0.5], [0.25, 2.0]
EXPECTED = {"both_read": both_read, "swapped": swapped, "newest_first": newest, "newest_last": newest, "turned": turned,
            "nested": nested, "branches": branches, "while_swapped": while_swapped, "crossed": crossed,
            "crossed_carried": crossed_carried, "growing": growing, "while_shrinking": while_shrinking,
            "at_once": at_once,
            "turned_at_once": turned_at_once, "affine_loop": affine_loop, "reduced_at_once": reduced_at_once, "affine_condition": affine_condition}


def main():
    library = ctypes.CDLL(sys.argv[1])
    names, wrong = set(), set()

    def check(name, arguments, expected):
        names.add(name)
        expected = [[x.real for x in e] for e in expected]
        if differ(call(getattr(library, name), arguments, [len(e) for e in expected]), expected, 1e-13):
            wrong.add(name)

    for n in (0, 1, 2, 3, 6):
        for name, function in EXPECTED.items():
            check(name, [A, B, n], function(A, B, n))
        check("while_others", [A, [0.25], n], while_others(A, [0.25], n))
        check("grown", [A, n], grown(A, n))
        check("grown_forward", [A, n, DA], [[e.imag / 1e-150 for e in grown([a + 1e-150j * d for a, d in zip(A, DA)], n)[0]]])
        for name, function in ("newest_first", newest), ("turned", turned), ("turned_at_once", turned_at_once):
            check(name + "_backwards", [A, B, n, DA, DB], backwards(function, A, B, n, DA, DB))
    for limit in (0.0, 1.0, 50.0):
        check("while_computed", [A, limit], while_computed(A, limit))
    print(f"{len(names)} functions, wrong: {', '.join(sorted(wrong)) or 'none'}")


main()
