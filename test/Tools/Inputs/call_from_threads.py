#===- call_from_threads.py - Calls a library many times, from one thread and from several -----------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------===#
"""The library has gradient(x, n) of a loop of n iterations, whose tape is 64 n bytes. The same numbers come from every thread,
and once the tape is there, calls of one thread touch no new memory."""
import array
import ctypes
import resource
import sys
import threading


def main():
    gradient = ctypes.CDLL(sys.argv[1]).gradient
    gradient.restype = None

    def call(n):
        x, result = array.array("d", [0.1 * i for i in range(8)]), array.array("d", bytes(64))
        gradient(*(ctypes.c_void_p(a.buffer_info()[0]) for a in (x,)), ctypes.c_int64(n),
                 ctypes.c_void_p(result.buffer_info()[0]))
        return result

    # 64 MB, 16000 pages: more than the C library keeps of itself.
    large = 1000000
    expected = {n: call(n) for n in (3, 2000, 5000, large)}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(10):
        call(large)
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    wrong = []

    def work(sizes):
        for n in sizes:
            if call(n) != expected[n]:
                wrong.append(n)

    sizes = [2000, 3, 5000, 5000, 2000] * 40
    threads = [threading.Thread(target=work, args=(sizes[i:] + sizes[:i],)) for i in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("wrong:", wrong)
    print("touches new memory:", "no" if faults < 16000 else f"{faults} pages")


main()
